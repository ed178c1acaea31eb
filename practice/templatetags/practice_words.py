"""Times and numbers of practice in words."""

from __future__ import annotations

from django import template
from django.template import Context

register = template.Library()


@register.filter
def duration(seconds: int | None) -> str:
    """`45` → "under a minute", `2580` → "43 min", `4200` → "1 h 10 min"."""
    minutes = round((seconds or 0) / 60)
    if minutes < 1:
        return "under a minute" if seconds else "no time"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


@register.filter
def words(value: str) -> str:
    """`product_design` → "product design"."""
    return (value or "").replace("_", " ")


@register.filter
def score(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


@register.filter
def signed(value: float | None) -> str:
    """A difference with its sign: "+1.5", "−0.4", "±0"."""
    if value is None:
        return "–"
    if not value:
        return "±0"
    return f"+{value:.1f}" if value > 0 else f"−{abs(value):.1f}"


@register.filter
def dot_label(dot: object, current: int) -> str:
    """The label of a progress dot: "Question 3: Data model, submitted, current"."""
    state = "submitted" if dot.has_submission else "not submitted yet"  # type: ignore[attr-defined]
    here = ", current" if dot.order == current else ""  # type: ignore[attr-defined]
    return f"Question {dot.order}: {dot.title}, {state}{here}"  # type: ignore[attr-defined]


@register.simple_tag(takes_context=True)
def page_address(context: Context, name: str, number: int) -> str:
    """The present address with another page of one list; the other lists keep their page."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
