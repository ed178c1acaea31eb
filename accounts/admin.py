from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import ApiToken, DailyUsage, LimitGrant, Subscription, UsageReservation, User


class SubscriptionInline(admin.StackedInline):
    model = Subscription
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "email", "timezone", "is_staff", "is_active", "date_joined"]
    inlines = [SubscriptionInline]
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (
            "Etude",
            {
                "fields": [
                    "timezone",
                    "theme",
                    "day_start_hour",
                    "weekly_goal_minutes",
                    "reminder_after_days",
                    "weekly_summary",
                ]
            },
        ),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "email", "password1", "password2"], "classes": ["wide"]}),
    )


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


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


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
