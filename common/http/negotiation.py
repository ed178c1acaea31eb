from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class IgnoreAccept(DefaultContentNegotiation):
    """The view's first renderer, whatever the Accept header says (CONTRACT, Everywhere)."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
