"""Words and numbers of the interview pages."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString

from common.markdown import render_markdown
from sessions_app.interviews import labels

register = template.Library()
SPACE_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")


@register.filter
def category(value: str | None) -> str:
    """`product_design` → "Product design"; None → "All categories"."""
    return labels.category_label(value)


@register.filter
def markdown(text: str) -> SafeString:
    """As everywhere, and a percent sign never starts a line."""
    return render_markdown(SPACE_BEFORE_PERCENT.sub("\u00a0", text))


@register.filter
def score(value: float | None) -> str:
    """One decimal, a dash where nothing was scored."""
    return "–" if value is None else f"{value:.1f}"


@register.filter
def late(seconds: int) -> str:
    """`45` → "45 s late", `200` → "3 min 20 s late"; "" in time."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} s late"
    return f"{minutes} min {rest} s late" if rest and minutes < 60 else f"{minutes} min late"


@register.filter
def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


@register.filter
def tenth(value: float | None) -> float:
    """A score 0–10 as a place on a line of 100."""
    return (value or 0) * 10
