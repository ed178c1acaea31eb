"""JSON in and out of the API by orjson, with one check for text that no database stores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from common.errors import Invalid, TooLarge
from common.text import TOO_DEEP, find_unstorable


class NestedTooDeep(Invalid):
    """400 for JSON in more than `common.text.MAX_JSON_LEVELS` levels."""


def _fallback(value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)  # members of TextChoices, safe strings
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (set, frozenset, tuple)) or hasattr(value, "__iter__"):
        return list(value)
    return str(value)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    options = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_fallback, option=self.options)


class JSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        body = _read(stream, request)
        return parse_json(body)


def _read(stream: Any, request: Any) -> bytes:
    try:
        return request.body if request is not None else stream.read()
    except RequestDataTooBig as error:
        raise TooLarge(
            f"A request may hold at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."
        ) from error


def parse_json(body: bytes) -> Any:
    """Parse a JSON body; malformed JSON is ParseError, what cannot be stored is Invalid, of these
    JSON in too many levels NestedTooDeep."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "depth limit" in error.msg:  # of orjson itself
            raise NestedTooDeep(fields={"non_field_errors": [TOO_DEEP]}) from error
        raise ParseError("The body is not valid JSON.") from error
    found = find_unstorable(value)
    if found is not None:
        refusal = NestedTooDeep if found.why == TOO_DEEP else Invalid
        raise refusal(fields={found.where.split(".")[0] or "non_field_errors": [found.why]})
    return value
