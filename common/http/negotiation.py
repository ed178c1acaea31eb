from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation

from common.errors import Invalid


class IgnoreAccept(DefaultContentNegotiation):
    """The view's first renderer, whatever the Accept header says (CONTRACT, Everywhere)."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class FormatBeforeAccept(DefaultContentNegotiation):
    """`?format=` names the view's last renderer of that format; without it the Accept header
    decides. An unknown format is 400."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        wanted = request.query_params.get("format", "")
        if not wanted:
            return super().select_renderer(request, renderers, format_suffix)
        of_format = {renderer.format: renderer for renderer in renderers}
        if wanted not in of_format:
            message = f"Must be {' or '.join(sorted(of_format))}."
            raise Invalid(fields={"format": [message]})
        return of_format[wanted], of_format[wanted].media_type
