"""The drawing of agreement over time, as numbers for an SVG, and its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import template

from evaluation.selectors.agreement import Agreement, JudgeOverTime

register = template.Library()

Months = Sequence[tuple[date, Agreement]]

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 220, 40, 16, 12, 28
SERIES: list[tuple[str, str, Callable[[Agreement], float | None]]] = [
    ("words", "same word", lambda one: one.share_of_words),
    ("points", "same level of a key point", lambda one: one.share_of_points),
    ("r", "correlation r of the scores", lambda one: one.r),
]
"""(name, words, value 0–1; an r below 0 is drawn at 0)"""


@register.simple_tag
def agreement_chart(over_time: JudgeOverTime) -> dict[str, Any]:
    """Lines of one judge by month, a gap where there is nothing to compare."""
    months = over_time.months
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "words": _sentence(over_time),
        "grid": [(share, _y(share / 100), _y(share / 100) + 4) for share in (0, 50, 100)],
        "months": [(f"{month:%b %Y}", _x(month, months)) for month in _labelled(months)],
        "foot": HEIGHT - 8,
        "series": [
            {"name": name, "words": words, **_line(months, value)} for name, words, value in SERIES
        ],
    }


def _line(months: Months, value: Callable[[Agreement], float | None]) -> dict[str, Any]:
    dots = [
        {
            "x": _x(month, months),
            "y": _y(found),
            "said": f"{month:%B %Y}: {found:.2f}, marks: {agreement.marks}",
        }
        for month, agreement in months
        if (found := value(agreement)) is not None
    ]
    return {"dots": dots, "points": " ".join(f"{dot['x']},{dot['y']}" for dot in dots)}


def _labelled(months: Months) -> list[date]:
    """At most seven months get their name, the last one always."""
    every = -(-len(months) // 7)
    return [month for month, _ in months[::-1][:: max(every, 1)]][::-1]


def _sentence(over_time: JudgeOverTime) -> str:
    one = over_time.agreement
    said = [f"The word is the marker's in {one.words_exact} of {one.words} answers"]
    if one.points:
        said.append(f"the level in {one.points_exact} of {one.points} key points")
    if one.r is not None:
        said.append(f"r of the scores is {one.r:.2f}")
    return f"{'; '.join(said)}."


def _x(month: date, months: Months) -> float:
    """By the calendar: months without a mark keep their place."""
    first, last, this = (12 * one.year + one.month for one in (months[0][0], months[-1][0], month))
    room = WIDTH - LEFT - RIGHT - 24
    share = (this - first) / (last - first) if last > first else 0.5
    return round(LEFT + 12 + room * share, 1)


def _y(value: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(max(value, 0.0), 1.0)), 1)
