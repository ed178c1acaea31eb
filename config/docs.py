"""The API's documentation at /api/docs, and how its schema is arranged for people."""

from __future__ import annotations

import re
import threading
from typing import Any, ClassVar

from csp.decorators import csp_update
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from common.http.negotiation import FormatBeforeAccept, IgnoreAccept

# The first matching prefix names the group; groups appear in this order.
GROUPS = (
    ("/api/auth/", "Signing in"),
    ("/api/v1/question", "Question bank"),
    ("/api/v1/practice-main", "Practice"),
    ("/api/v1/practice-history", "Practice"),
    ("/api/v1/evaluations", "Evaluations"),
    ("/api/sessions", "Interviews"),
    ("/api/v1/skills", "Skills"),
    ("/api/v1/practice-logs", "Practice logs"),
    ("/api/v1/evidence", "Evidence"),
    ("/api/v1/analytics", "Analytics"),
    ("/api/test-session", "Proctored tests"),
    ("/api/candidates", "Staff"),
    ("/api/admin/", "Staff"),
)
# References to specifications are for readers of the code: "(practice-sessions.md §5.1)", "(§5.3)".
SOURCE = re.compile(r"\s*\((?:[a-z-]+\.md )?§[^)]*\)")


class ApiSchema(SpectacularAPIView):
    """Made once a process and format: it takes a second, and anybody may ask for it."""

    content_negotiation_class = FormatBeforeAccept
    written: ClassVar[dict[str, bytes | str]] = {}
    making = threading.Lock()

    def _get_schema_response(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        with self.making:
            if renderer.media_type not in self.written:
                schema = self.generator_class().get_schema(request=None, public=True)
                self.written[renderer.media_type] = renderer.render(schema)
        response = HttpResponse(self.written[renderer.media_type])
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        response["Content-Type"] = renderer.media_type + charset
        response["Content-Disposition"] = f'inline; filename="etude.{renderer.format}"'
        return response


# The docs page sets styles from its script; nothing else on it is loosened.
@method_decorator(csp_update({"style-src": ["'self'", "'unsafe-inline'"]}), name="dispatch")
class ApiDocs(SpectacularSwaggerSplitView):
    content_negotiation_class = IgnoreAccept
    template_name = "api_docs.html"


def arrange(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing: group the operations by what they are about, and let the
    first sentence of each description stand beside its path."""
    for path, methods in result["paths"].items():
        for operation in methods.values():
            operation["tags"] = [group_of(path)]
            first, dot, _rest = operation.get("description", "").partition(". ")
            if first:
                words = SOURCE.sub("", f"{first}{dot}").replace("`", "")
                operation["summary"] = " ".join(words.split()).rstrip(".")
    result["tags"] = [{"name": name} for name in dict.fromkeys(name for _, name in GROUPS)]
    return result


def group_of(path: str) -> str:
    return next((name for prefix, name in GROUPS if path.startswith(prefix)), "Other")
