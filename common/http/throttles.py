from __future__ import annotations

from typing import Any

from rest_framework.throttling import ScopedRateThrottle

from common.http.address import client_address


class ScopedThrottle(ScopedRateThrottle):
    """DRF's, with the house's address of somebody who is not signed in."""

    def get_ident(self, request: Any) -> str:
        return client_address(request)
