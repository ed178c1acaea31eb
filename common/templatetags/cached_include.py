"""Parts of pages that are the same for many, rendered once: `{% load cached_include %}`.

    {% cached_include "practice/_library_card.html" card=card %}

The template sees its arguments and nothing else: no request, no person, no messages. So the text is
a function of the arguments, which are the key, and can never be stale or somebody else's. What it
must not do is show the time (`ago`, dates in the reader's zone). Only the CSRF token is filled in
anew for each page. Worth it where a part costs half a millisecond; elsewhere `include … only`.

Arguments are strings, numbers, and tuples and frozen dataclasses of them as the database gives
them. A list or a model instance is refused with TypeError, for it could change under its key.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()

MAX_TEXTS = 1024  # in each process; the least recently used go first
# Marks the place of the CSRF token in a cached text; random, so that no content can contain it.
CSRF_PLACEHOLDER = secrets.token_hex(24)


class CachedInclude(template.Node):
    def __init__(self, name: str, arguments: dict[str, FilterExpression]) -> None:
        self.name = name
        self.arguments = arguments

    def render(self, context: Context) -> SafeString:
        arguments = {name: e.resolve(context) for name, e in self.arguments.items()}
        if "csrf_token" in context:
            arguments["csrf_token"] = CSRF_PLACEHOLDER
        texts = texts_of(self.name, tuple(arguments), *arguments.values())
        if len(texts) == 1:
            return texts[0]
        return SafeString(str(context["csrf_token"]).join(texts))


@register.tag
def cached_include(parser: Parser, token: Token) -> CachedInclude:
    """`{% cached_include "template.html" name=value … %}`"""
    bits = token.split_contents()[1:]
    arguments = token_kwargs(bits[1:], parser)
    if not bits or len(arguments) != len(bits) - 1:
        raise template.TemplateSyntaxError("cached_include takes a template, then name=value …")
    return CachedInclude(parser.compile_filter(bits[0]).resolve(Context()), arguments)


def texts_of(name: str, names: tuple[str, ...], *values: Any) -> tuple[SafeString, ...]:
    """The text, cut where the CSRF token belongs. Templates may change while DEBUG is on."""
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return render(name, names, *values)


# typed: text that is marked as safe is never taken for equal text that is not.
@lru_cache(maxsize=MAX_TEXTS, typed=True)
def _rendered(name: str, names: tuple[str, ...], *values: Any) -> tuple[SafeString, ...]:
    if any(isinstance(value, Model) for value in values):
        raise TypeError(f"{name}: a model instance can change under its key.")
    arguments = dict(zip(names, values, strict=True))
    text = get_template(name).template.render(Context(arguments))  # type: ignore[attr-defined]
    return tuple(SafeString(part) for part in text.split(CSRF_PLACEHOLDER))
