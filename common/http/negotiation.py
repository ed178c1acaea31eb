from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

AS_EVER = {"*/*", "application/json"}


class JSONNegotiation(DefaultContentNegotiation):
    """DRF's, which weighs every `Accept`; what nearly every client sends needs no weighing."""

    def select_renderer(  # type: ignore[override]  # DRF hands over a list
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        accepted = request.META.get("HTTP_ACCEPT", "*/*")
        if len(renderers) == 1 and not format_suffix and accepted in AS_EVER:
            only = renderers[0]
            if only.media_type == "application/json":
                return only, only.media_type
        return super().select_renderer(request, renderers, format_suffix)
