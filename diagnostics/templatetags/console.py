"""Tags of the console's templates: severities with their word, trends, the start page."""

from __future__ import annotations

import uuid
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import clock
from diagnostics.models import RepairAction, Severity
from diagnostics.selectors.attention import Attention, last_full_run, needs_attention
from diagnostics.selectors.key_metrics import key_metrics
from diagnostics.selectors.start_pages import StartPage, start_pages
from diagnostics.selectors.trends import Trend, trends

register = template.Library()

SHARES = {
    "etude_session_creation_success_rate",
    "etude_limit_accuracy",
    "etude_cache_hit_ratio",
}


@register.filter
def severity(value: str) -> SafeString:
    """Red, orange, yellow or green, and always the word."""
    word = Severity(value).label if value in Severity.values else "OK"
    return format_html('<span class="severity severity-{}">{}</span>', value, word)


@register.simple_tag
def attention() -> list[Attention]:
    return needs_attention(now=clock.now())


@register.simple_tag(takes_context=True)
def own_work(context: Any) -> list[StartPage]:
    return start_pages(context["user"], now=clock.now())


@register.simple_tag
def last_run() -> Any:
    return last_full_run()


@register.simple_tag
def metrics() -> list[dict[str, Any]]:
    """Tiles: the label, the formatted value, and the length of its bar (0–100 or None)."""
    tiles = []
    for name, words, value in key_metrics(now=clock.now()).named():
        share = value is not None and name in SHARES
        tiles.append(
            {
                "words": words,
                "value": "–" if value is None else f"{value:.1%}" if share else f"{value:g}",
                "bar": round(value * 100) if share and value is not None else None,
                "bad": value is not None
                and (value < 0.99 if share else value > 0)
                and name != "etude_cache_hit_ratio",
            }
        )
    return tiles


@register.simple_tag
def new_key() -> uuid.UUID:
    """For a form that may be sent twice and counts once."""
    return uuid.uuid4()


@register.filter
def state_label(value: str) -> str:
    """A repair's state in words: “Skipped: changed since the plan”."""
    return str(RepairAction.State(value).label)


@register.simple_tag
def all_trends() -> list[Trend]:
    return trends()
