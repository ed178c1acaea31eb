from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import mails
from accounts.forms import AddPersonForm, ChangePersonForm, SubscriptionForm
from accounts.models import (
    ApiToken,
    AuditEntry,
    DailyUsage,
    LimitGrant,
    StorageUse,
    StoredKind,
    Subscription,
    UsageReservation,
    User,
)
from accounts.policies import may_give_to, may_manage
from accounts.services import audit, own_data, people, tokens
from common import clock
from common.admin import ReadOnly
from common.sheets import csv_response, xlsx_response

# One sign-in for everybody: with the second factor, and under the same limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _to_the_sites_own_page(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return redirect("account_change_password")


# One's own password too: there wrong ones are counted, and the new one is recorded and mailed.
admin.site.password_change = _to_the_sites_own_page  # type: ignore[method-assign]
admin.site.password_change_done = _to_the_sites_own_page  # type: ignore[method-assign]
# The package offers its action to whoever may look; who confirms an address may change it.
EmailAddressAdmin.make_verified.allowed_permissions = ("change",)  # type: ignore[attr-defined]
# Providers are configured by the environment, and their tokens are not kept.
admin.site.unregister(
    [EmailAddress, Group, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession]
)
SETTINGS = (
    *("timezone", "theme", "day_start_hour"),
    *("weekly_goal_minutes", "reminder_after_days", "weekly_summary"),
)
FLAGS = ("is_staff", "is_superuser", "is_active")
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class SubscriptionInline(admin.StackedInline):
    model = Subscription
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_add_permission(request, obj) and may_give_to(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_give_to(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_give_to(request.user, obj)


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "email", "plan", "timezone", "is_staff", "is_active", "date_joined"]
    list_filter = ["subscription__plan", "is_staff", "is_active", "groups"]
    list_select_related = ["subscription"]
    inlines = [SubscriptionInline]
    form = ChangePersonForm
    add_form = AddPersonForm
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
        """The right to change people is not the right to give rights; nobody gives them to
        themselves."""
        fields = super().get_readonly_fields(request, obj)
        may_give = request.user.is_superuser and may_give_to(request.user, obj)
        return fields if may_give else [*fields, *RIGHTS]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        # A name or address that is given anew is under the rule of unique keys.
        keys = {"username": "name_key", "email": "email_key"}
        for field in keys.keys() & set(form.changed_data):
            setattr(obj, keys[field], None)
        super().save_model(request, obj, form, change)
        old = form.initial.get("email", "")
        if change and "email" in form.changed_data and old.lower() != obj.email.lower():
            people.main_address_changed(user=obj, old=old, now=clock.now())
            mails.tell_of_changed_address(request, obj, old=old, new=obj.email)
        now = {name: form.cleaned_data.get(name) for name in FLAGS if name in form.changed_data}
        if now:
            audit.record("rights.changed", subject=obj, **now)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_formset(request, form, formset, change)
        for row in [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]:
            if isinstance(row, Subscription):
                _record_plan(row)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_related(request, form, formsets, change)
        if not change:
            people.welcome(user=form.instance, now=clock.now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002 - Django's name
        before = self.get_object(request, unquote(id))
        response = super().user_change_password(request, id, form_url)
        person = self.get_object(request, unquote(id))
        if before is not None and person is not None and person.password != before.password:
            audit.record("password.changed_by_staff", subject=person)
            mails.tell_of_changed_password(request, person)
        return response

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


class AccountAccessAdmin(admin.ModelAdmin):
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

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Rows are filtered by what the list shows: by any other column, a key that is shown
        nowhere could be guessed letter by letter."""
        shown = {*self.list_display, *self.list_filter}
        return lookup.partition("__")[0] in shown and super().lookup_allowed(lookup, value, request)


@admin.register(EmailAddress)
class AddressAdmin(AccountAccessAdmin, EmailAddressAdmin):
    """A confirmed address is the way to a new password: its owner is told of each change."""

    def save_model(self, request: HttpRequest, obj: EmailAddress, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_model(request, obj, form, change)
        if not change:
            audit.record("email.added", subject=obj.user, email=obj.email)
            mails.tell_owner(request, obj.user, "address_added", new_address=obj.email)
        elif "email" in form.changed_data:
            old = form.initial["email"]
            people.address_changed(address=obj, old=old, now=clock.now())
            mails.tell_of_changed_address(request, obj.user, old=old, new=obj.email)

    def delete_model(self, request: HttpRequest, obj: EmailAddress) -> None:
        people.remove_address(address=obj, now=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EmailAddress]) -> None:
        for address in queryset:
            people.remove_address(address=address, now=clock.now())


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


class NoSelfGrantAdmin(admin.ModelAdmin):
    """Rows by which a person gets more than others: nobody makes, changes or removes their own."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_others(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_others(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """Of several at once, too."""
        rows, counts, missing, protected = super().get_deleted_objects(objs, request)
        own = {"your own"} if any(not self._is_others(request, row) for row in objs) else set()
        return rows, counts, missing | own, protected

    def _is_others(self, request: HttpRequest, row: Any) -> bool:
        return row is None or may_give_to(request.user, row.user)


@admin.register(Subscription)
class SubscriptionAdmin(NoSelfGrantAdmin):
    form = SubscriptionForm
    list_display = ["user", "plan", "status", "valid_until", "updated_at"]
    list_filter = ["plan", "status"]
    search_fields = ["user__username", "user__email"]
    autocomplete_fields = ["user"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_model(request, obj, form, change)
        _record_plan(obj)


def _record_plan(row: Subscription) -> None:
    until = clock.iso(row.valid_until)
    audit.record("plan.changed", subject=row.user, plan=row.plan, status=row.status, until=until)


@admin.register(LimitGrant)
class LimitGrantAdmin(NoSelfGrantAdmin):
    list_display = ["user", "kind", "extra", "until", "reason", "granted_by"]
    list_filter = ["kind"]
    autocomplete_fields = ["user"]
    exclude = ["granted_by"]

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        obj.granted_by = obj.granted_by or request.user
        super().save_model(request, obj, form, change)
        granted = {"kind": obj.kind, "extra": obj.extra, "until": obj.until.isoformat()}
        audit.record("limit.granted", subject=obj.user, reason=obj.reason, **granted)


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


@admin.register(StorageUse)
class StorageUseAdmin(ReadOnlyAdmin):
    list_display = ["user", *StoredKind.values, "total"]
    search_fields = ["user__username", "user__email"]
    list_select_related = ["user"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly, AccountAccessAdmin):
    list_display = ["user", "name", "token_key", "created", "expiry"]
    search_fields = ["user__username"]
    list_select_related = ["user"]

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return request.user.has_perm("accounts.delete_apitoken")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        tokens.revoke_token(token=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for token in queryset:
            tokens.revoke_token(token=token)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what to whom. Looking needs *view audit entry*; nothing can be changed here."""

    list_display = ["at", "action", "actor", "subject", "reason", "address"]
    list_filter = ["actor_kind", ("action", admin.AllValuesFieldListFilter)]
    search_fields = [
        *("=actor_id", "actor_name", "=subject_id", "subject_name"),
        *("=action", "reason", "=address", "=request_id"),
    ]
    search_help_text = "Name or id of who did it or whom it was done to, reason, address, reference"
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    actions = ["export_as_csv", "export_as_xlsx"]

    @admin.display(ordering="actor_name")
    def actor(self, entry: AuditEntry) -> str:
        return entry.actor_name or entry.actor_id or entry.get_actor_kind_display()

    @admin.display(ordering="subject_name")
    def subject(self, entry: AuditEntry) -> str:
        return entry.subject_name or entry.detail.get("name") or "–"

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_as_csv(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> Any:
        names, rows = self._exported(queryset)
        return csv_response("etude-audit.csv", names, rows)

    @admin.action(description="Export for Excel", permissions=["view"])
    def export_as_xlsx(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> Any:
        names, rows = self._exported(queryset)
        return xlsx_response("etude-audit.xlsx", names, rows)

    def _exported(self, queryset: QuerySet[AuditEntry]) -> tuple[list[str], Iterator[list[Any]]]:
        names = [field.name for field in AuditEntry._meta.concrete_fields]
        audit.record("audit.exported", rows=queryset.count())
        return names, ([getattr(entry, name) for name in names] for entry in queryset.iterator())


@admin.register(Authenticator)
class SecondFactorAdmin(ReadOnly, AccountAccessAdmin):
    """What a person signs in with besides the password; its secrets are shown to nobody."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__username"]
    list_select_related = ["user"]
    exclude = ["data"]

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        """Who lost the device and the recovery codes: a superuser removes the factor."""
        return bool(request.user.is_superuser and request.user.has_perm("mfa.delete_authenticator"))


@admin.register(UserSession)
class SignedInDeviceAdmin(ReadOnly, AccountAccessAdmin):
    list_display = ["user", "created_at", "ip", "user_agent"]
    search_fields = ["user__username", "ip"]
    list_select_related = ["user"]
    exclude = ["data"]


@admin.register(SocialAccount)
class ProviderAccountAdmin(ReadOnly, AccountAccessAdmin):
    list_display = ["user", "provider", "uid", "last_login"]
    search_fields = ["user__username", "uid"]
    list_select_related = ["user"]
    exclude = ["extra_data"]
