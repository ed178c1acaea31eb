from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.forms import ConsoleLoginForm
from accounts.models import ApiToken, DailyUsage, LimitGrant, Subscription, UsageReservation, User
from accounts.policies import may_manage
from accounts.services import own_data
from common.admin import ReadOnly

admin.site.login_form = ConsoleLoginForm
# The package offers its action to whoever may look; who confirms an address may change it.
EmailAddressAdmin.make_verified.allowed_permissions = ("change",)  # type: ignore[attr-defined]
admin.site.unregister([EmailAddress, Group])
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
        """The right to change people is not the right to give rights."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_below(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_below(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """A person's rows go with them, whatever the rights on each table: `own_data` removes them
        in the right order."""
        rows, counts, _missing, _protected = super().get_deleted_objects(objs, request)
        above = set() if all(_is_below(request, person) for person in objs) else {"member of staff"}
        return rows, counts, above, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        own_data.erase_everything(user=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            own_data.erase_everything(user=user)


class OpensAnAccount(admin.ModelAdmin):
    """Rows by which somebody gets into an account. Those of staff are a superuser's alone; nobody
    else adds one, or moves one to another person."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("user")
        above = Q(user__is_staff=True) | Q(user__is_superuser=True)
        return rows if request.user.is_superuser else rows.exclude(above)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str | Any]:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.is_superuser


@admin.register(EmailAddress)
class AddressAdmin(OpensAnAccount, EmailAddressAdmin):
    """A confirmed address is the way to a new password."""


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Only superusers change groups: who may change their own group could take every right."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


def _is_below(request: HttpRequest, person: User | None) -> bool:
    return person is None or may_manage(request.user, person)


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
class ApiTokenAdmin(ReadOnly, OpensAnAccount):
    list_display = ["user", "name", "token_key", "created", "expiry"]
    search_fields = ["user__username"]
    list_select_related = ["user"]

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return request.user.has_perm("accounts.delete_apitoken")
