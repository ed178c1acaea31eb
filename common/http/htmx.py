from typing import Any

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """HTMX asks for a part of a page: neither a boosted link nor a history restore."""
    details: Any = getattr(request, "htmx", None)
    return bool(details) and not details.boosted and not details.history_restore_request
