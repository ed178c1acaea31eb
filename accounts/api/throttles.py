from __future__ import annotations

from typing import Any

from rest_framework.throttling import SimpleRateThrottle


class FailedSignInThrottle(SimpleRateThrottle):
    """Counts failed sign-ins only, by address and name: a right password is never slowed down."""

    scope = "auth"

    def get_cache_key(self, request: Any, view: Any) -> str:
        name = request.data.get("username", "") if isinstance(request.data, dict) else ""
        ident = f"{self.get_ident(request)}:{str(name).lower()[:150]}"
        return self.cache_format % {"scope": self.scope, "ident": ident.replace(" ", "_")}

    def throttle_success(self) -> bool:
        return True

    def record_failure(self) -> None:
        """Called by the view after wrong credentials; `allow_request` has set the history."""
        self.history.insert(0, self.now)
        self.cache.set(self.key, self.history, self.duration)  # type: ignore[attr-defined]
