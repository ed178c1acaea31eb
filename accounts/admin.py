from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.forms import ConsoleLoginForm
from accounts.models import ApiToken, DailyUsage, LimitGrant, Subscription, UsageReservation, User
from accounts.services import own_data
from common.admin import ReadOnly

admin.site.login_form = ConsoleLoginForm
# The package offers its action to whoever may look; who confirms an address may change it.
EmailAddressAdmin.make_verified.allowed_permissions = ("change",)  # type: ignore[attr-defined]
admin.site.unregister(EmailAddress)
SETTINGS = (
    *("timezone", "theme", "day_start_hour"),
    *("weekly_goal_minutes", "reminder_after_days", "weekly_summary"),
)
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class SubscriptionInline(admin.StackedInline):
    model = Subscription
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "email", "plan", "timezone", "is_staff", "is_active", "date_joined"]
    list_filter = ["subscription__plan", "is_staff", "is_active", "groups"]
    list_select_related = ["subscription"]
    inlines = [SubscriptionInline]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Etude", {"fields": SETTINGS}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "email", "password1", "password2"], "classes": ["wide"]}),
    )

    @admin.display(ordering="subscription__plan")
    def plan(self, user: User) -> str:
        subscription = getattr(user, "subscription", None)
        return subscription.get_plan_display() if subscription else "–"

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> Sequence[str | Any]:
        """Whoever may change people may not thereby give rights, to themselves least of all."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_above(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """A person's rows go with them, whatever the rights on each table: `own_data` removes them
        in the right order."""
        rows, counts, _missing, _protected = super().get_deleted_objects(objs, request)
        above = {"superuser"} if any(_is_above(request, person) for person in objs) else set()
        return rows, counts, above, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        own_data.erase_everything(user=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            own_data.erase_everything(user=user)


@admin.register(EmailAddress)
class AddressAdmin(EmailAddressAdmin):
    """A confirmed address is the way to a new password: a superuser's is for superusers only."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmailAddress]:
        rows = super().get_queryset(request).select_related("user")
        return rows if request.user.is_superuser else rows.exclude(user__is_superuser=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str | Any]:
        return [] if request.user.is_superuser else ["user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.is_superuser


def _is_above(request: HttpRequest, person: User | None) -> bool:
    """A superuser's password and rights are for superusers only."""
    return bool(person and person.is_superuser and not request.user.is_superuser)


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    list_display = ["user", "plan", "status", "valid_until", "updated_at"]
    list_filter = ["plan", "status"]
    search_fields = ["user__username", "user__email"]
    autocomplete_fields = ["user"]


@admin.register(LimitGrant)
class LimitGrantAdmin(admin.ModelAdmin):
    list_display = ["user", "kind", "extra", "until", "reason", "granted_by"]
    list_filter = ["kind"]
    autocomplete_fields = ["user"]
    exclude = ["granted_by"]

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        obj.granted_by = obj.granted_by or request.user
        super().save_model(request, obj, form, change)


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Rows that only services write."""


@admin.register(UsageReservation)
class UsageReservationAdmin(ReadOnlyAdmin):
    list_display = ["user", "day", "kind", "subject_kind", "subject_id", "state", "expires_at"]
    list_filter = ["kind", "state", "day"]
    search_fields = ["user__username", "subject_id"]
    list_select_related = ["user"]


@admin.register(DailyUsage)
class DailyUsageAdmin(ReadOnlyAdmin):
    list_display = ["user", "day", "kind", "taken"]
    list_filter = ["kind", "day"]
    search_fields = ["user__username"]
    list_select_related = ["user"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["user", "name", "token_key", "created", "expiry"]
    search_fields = ["user__username"]
    list_select_related = ["user"]

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return request.user.has_perm("accounts.delete_apitoken")
