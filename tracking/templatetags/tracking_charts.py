"""Charts of practice as server-rendered SVG: geometry here, markup in templates/tracking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import pi
from typing import Any

from django import template
from django.utils.safestring import mark_safe

from common.markdown import render_markdown
from common.templatetags.etude import minutes_in_words
from tracking.progress import SkillProgress
from tracking.selectors.heat import HeatWeek

register = template.Library()

CELL, GAP, TOP, LEFT = 12, 3, 18, 30
MONTH_NAME = 28  # the last column may have one above it, which is wider than a square
BAR, BAR_GAP, HEIGHT = 30, 12, 120
RING_LENGTH = 2 * pi * 24
TREND = {
    "improving": ("trending-up", "Improving"),
    "maintaining": ("arrow-right", "Holding steady"),
    "declining": ("trending-down", "Fading"),
}


@register.inclusion_tag("tracking/_heat.html")
def heat_map(weeks: Sequence[HeatWeek], caption: str, pauses: Iterable[Any] = ()) -> dict[str, Any]:
    """A column a week, a square a day; months named above the week in which they begin.

    Squares and rows are written here, not in the template: they hold nothing but dates and
    numbers of ours, and a year of them in template tags cost half of the page.
    """
    step = CELL + GAP
    spans = [pause.span for pause in pauses]
    squares, rows = [], []
    for column, week in enumerate(weeks):
        for row, item in enumerate(week.days):
            if item.ahead:
                continue
            day = f"{item.day:%a} {item.day.day} {item.day:%b %Y}"
            words = minutes_in_words(item.minutes) if item.minutes else "no practice"
            paused = any(s.start <= item.day and (not s.end or item.day <= s.end) for s in spans)
            squares.append(
                f'<rect class="heat-day" x="{LEFT + column * step}" y="{TOP + row * step}"'
                f' width="{CELL}" height="{CELL}" data-heat="{item.level}"'
                f"{' data-paused' if paused else ''}>"
                f"<title>{day}: {words}{', paused' if paused else ''}</title></rect>"
            )
            if item.minutes:
                rows.append(
                    f'<tr><th scope="row">{day}</th><td class="numeric">{words}</td>'
                    f'<td class="numeric">{item.sessions}</td></tr>'
                )
    return {
        "squares": mark_safe("".join(squares)),
        "rows": mark_safe("".join(reversed(rows))),
        "months": _month_names(weeks, step),
        "weekdays": [{"y": TOP + row * step + 10, "name": name} for row, name in _WEEKDAY_NAMES],
        "width": LEFT + len(weeks) * step + MONTH_NAME - step,
        "height": TOP + 7 * step,
        "caption": caption,
    }


_WEEKDAY_NAMES = ((0, "Mon"), (2, "Wed"), (4, "Fri"))


def _month_names(weeks: Sequence[HeatWeek], step: int) -> list[dict[str, Any]]:
    names: list[dict[str, Any]] = []
    for column, week in enumerate(weeks):
        first = next((d.day for d in week.days if d.day.day == 1 and not d.ahead), None)
        if first is not None or column == 0:
            x = LEFT + column * step
            if names and x - names[-1]["x"] < 30:
                names.pop()
            names.append({"x": x, "name": f"{first or week.monday:%b}"})
    return names


@register.inclusion_tag("tracking/_columns.html")
def column_chart(totals: Sequence[Any], caption: str, unit: str, goal: int = 0) -> dict[str, Any]:
    """Minutes as columns with their value above; `goal` draws a line. `totals` have `minutes`,
    `sessions` and a `label` or `name`."""
    highest = max([total.minutes for total in totals] + [goal, 1])
    step = BAR + BAR_GAP
    bars = []
    for number, total in enumerate(totals):
        height = round(HEIGHT * total.minutes / highest, 1)
        label = getattr(total, "label", "") or total.name[:3]
        bars.append(
            {
                "x": number * step + BAR_GAP,
                "middle": number * step + BAR_GAP + BAR / 2,
                "y": TOP + HEIGHT - height,
                "value_y": TOP + HEIGHT - height - 5,
                "height": height,
                "label": label,
                "total": total,
                "value": _short(total.minutes),
                "words": minutes_in_words(total.minutes),
            }
        )
    return {
        "bars": bars,
        "width": len(totals) * step + BAR_GAP,
        "height": TOP + HEIGHT + 20,
        "base": TOP + HEIGHT,
        "label_y": TOP + HEIGHT + 14,
        "bar": BAR,
        "goal_y": TOP + HEIGHT - HEIGHT * goal / highest if goal else None,
        "goal": goal,
        "caption": caption,
        "unit": unit,
    }


def _short(minutes: int) -> str:
    if not minutes:
        return ""
    return f"{minutes}m" if minutes < 100 else f"{minutes / 60:.1f}h".replace(".0h", "h")


@register.inclusion_tag("tracking/_ring.html")
def ring(percentage: int) -> dict[str, Any]:
    filled = RING_LENGTH * min(percentage, 100) / 100
    return {"percentage": percentage, "dashes": f"{filled:.1f} {RING_LENGTH:.1f}"}


@register.inclusion_tag("tracking/_trend.html")
def trend(standing: SkillProgress) -> dict[str, Any]:
    icon, words = TREND[standing.trend]
    sign = "+" if standing.change > 0 else "−"
    change = f" ({sign}{abs(standing.change)} in two weeks)" if standing.change else ""
    return {"icon": icon, "words": words, "change": change, "trend": standing.trend}


@register.filter
def of_hundred(part: Any) -> float:
    """A part's points as a share of what it can give, 0-100, for a bar of width 100."""
    return round(100 * part.points / part.of, 1)


@register.filter
def markdown(text: str) -> str:
    return render_markdown(text)


@register.filter
def counted(number: int, noun: str) -> str:
    """3 and "practice log" → "3 practice logs"; "piece of evidence" → "pieces of evidence"."""
    head, _, rest = noun.partition(" of ")
    plural = f"{head}s of {rest}" if rest else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


@register.filter
def capped(number: float | None, most: float = 100) -> float:
    return min(number or 0, most)
