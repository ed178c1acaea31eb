"""A session as a file to keep: Markdown for people, JSON for programs."""

from __future__ import annotations

import orjson
from django.http import HttpResponse
from django.template.loader import render_to_string

from common.errors import Invalid
from practice.api.review_outputs import ReviewOutput
from practice.selectors.review import Review

FORMATS = ("md", "json")


def export_response(review: Review, wanted: str) -> HttpResponse:
    """The file as a download. Raises Invalid for a format that is neither md nor json."""
    if wanted not in FORMATS:
        raise Invalid(fields={"format": ["Must be md or json."]})
    name = f"{review.question_main.slug}-{review.session.started_at:%Y-%m-%d}.{wanted}"
    if wanted == "json":
        body = orjson.dumps(ReviewOutput.of(review), option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)
        response = HttpResponse(body, content_type="application/json")
    else:
        response = HttpResponse(markdown_of(review), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def markdown_of(review: Review) -> str:
    text = render_to_string("practice/export.md", {"review": review})
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
