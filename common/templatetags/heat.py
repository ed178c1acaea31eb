"""The calendar heat map as server-rendered SVG: `{% load heat %}{% heat_map weeks label %}`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()

CELL, GAP, LEFT, TOP = 13, 3, 30, 18
STEP = CELL + GAP
WEEKDAYS = ((0, "Mon"), (2, "Wed"), (4, "Fri"))


@register.inclusion_tag("components/heat_map.html")
def heat_map(weeks: Sequence[Any], label: str) -> dict[str, Any]:
    """`weeks` have `monday` and seven `days` with `day`, `minutes`, `level` 0–4 and `ahead`;
    `label` is the sentence that says what the map shows."""
    cells = [
        {"item": item, "x": LEFT + column * STEP, "y": TOP + row * STEP}
        for column, week in enumerate(weeks)
        for row, item in enumerate(week.days)
        if not item.ahead
    ]
    return {
        "label": label,
        "cells": cells,
        "size": CELL,
        "months": _months(weeks),
        "weekdays": [{"name": name, "y": TOP + row * STEP + 10} for row, name in WEEKDAYS],
        "width": LEFT + len(weeks) * STEP,
        "height": TOP + 7 * STEP,
        "practised": [cell["item"] for cell in cells if cell["item"].minutes],
    }


def _months(weeks: Sequence[Any]) -> list[dict[str, Any]]:
    """A name where a month begins, unless the one before it stands too near."""
    names: list[dict[str, Any]] = []
    for column, week in enumerate(weeks):
        is_new = column == 0 or week.monday.month != weeks[column - 1].monday.month
        x = LEFT + column * STEP
        if is_new and (not names or x - names[-1]["x"] >= 2 * STEP):
            names.append({"name": f"{week.monday:%b}", "x": x})
    return names
