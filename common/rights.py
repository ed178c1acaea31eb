"""Rights of staff: being staff opens the console, and each thing in it asks a Django
permission, the same one in console, API and pages (the tables of docs/staff.md)."""

from __future__ import annotations

from typing import Any

from common.errors import Forbidden


def has_right(user: Any, right: str) -> bool:
    """Whether this is staff with the permission `app_label.codename`; a superuser has each."""
    return bool(user.is_active and user.is_staff and user.has_perm(right))


def require_right(user: Any, right: str) -> None:
    """Raises Forbidden (403)."""
    if not has_right(user, right):
        raise Forbidden
