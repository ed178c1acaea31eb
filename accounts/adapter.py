from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.services.people import ensure_subscription
from accounts.zones import validate_zone


class AccountAdapter(DefaultAccountAdapter):
    """New accounts get their free plan, and the zone their browser tells."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - allauth's signature
        zone = request.POST.get("timezone", "")
        try:
            validate_zone(zone)
            user.timezone = zone
        except ValidationError:
            user.timezone = "UTC"
        user = super().save_user(request, user, form, commit)
        if commit:
            ensure_subscription(user=user)
        return user
