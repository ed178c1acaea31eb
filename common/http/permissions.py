"""Permissions of every endpoint for signed-in people, and of staff endpoints."""

from __future__ import annotations

import re
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from common.errors import Forbidden, Invalid
from common.rights import has_right


class AsksForOwn(BasePermission):
    """`user_id` in a query: another person's is 403, what is no id is 400.

    Ignoring it would show one's own rows as if they were the other person's.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        asked = request.query_params.get("user_id")
        if asked is None:
            return True
        if not re.fullmatch(r"[1-9][0-9]*", asked):
            raise Invalid(fields={"user_id": ["Must be a user's number."]})
        if asked != str(request.user.pk):
            raise Forbidden("You can only ask for what is yours.")
        return True


class HasRight(BasePermission):
    """Staff with the Django permission that the view names in `right`; others 403, nobody 401."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return has_right(request.user, view.right)
