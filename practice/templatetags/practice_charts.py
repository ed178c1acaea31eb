"""Small server-rendered pictures: sparklines of a set's trend, bars of a session's scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from practice.selectors.history import TrendPoint
from practice.selectors.review import QuestionReview

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 88, 24, 3
BAR_HEIGHT, BAR_GAP, BAR_WIDTH = 18, 10, 320


@register.simple_tag
def sparkline(trend: Sequence[TrendPoint]) -> dict[str, Any]:
    """Points of a 0–10 line, its last dot, and the sentence that says the same."""
    if not trend:
        return {}
    inner = SPARK_WIDTH - 2 * SPARK_EDGE
    step = inner / (len(trend) - 1) if len(trend) > 1 else 0
    points = [
        (round(SPARK_EDGE + i * step, 1), round(SPARK_HEIGHT - 2 - point.average * 2, 1))
        for i, point in enumerate(trend)
    ]
    words = ", then ".join(f"{point.average:.1f}" for point in trend)
    return {
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
        "points": " ".join(f"{x},{y}" for x, y in points),
        "last": points[-1],
        "words": f"Average scores of this set, oldest first: {words}",
        "count": len(trend),
        "change": trend[-1].average - trend[0].average if len(trend) > 1 else None,
    }


@register.simple_tag
def score_bars(questions: Sequence[QuestionReview]) -> dict[str, Any]:
    """One row a question: a bar for its best score, nothing where there is none."""
    rows = [
        {
            "order": question.practice.order,
            "title": question.practice.title,
            "score": question.score,
            "y": index * (BAR_HEIGHT + BAR_GAP),
            "text_y": index * (BAR_HEIGHT + BAR_GAP) + BAR_HEIGHT - 5,
            "length": round((question.score or 0) / 10 * BAR_WIDTH, 1),
        }
        for index, question in enumerate(questions)
    ]
    scored = [row["score"] for row in rows if row["score"] is not None]
    return {
        "rows": rows,
        "height": len(rows) * (BAR_HEIGHT + BAR_GAP),
        "best": max(rows, key=lambda r: r["score"] or -1) if scored else None,
        "scored": len(scored),
    }
