"""The sentence above each chart that says what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.templatetags.etude import minutes_in_words

NOTHING = "No practice in this time."


def of_weekdays(totals: Sequence[Any], names: Sequence[str]) -> str:
    """Such as “Most on Saturdays: 13 h 55 min of 71 h.”"""
    fullest = max(totals, key=lambda total: total.minutes)
    if not fullest.minutes:
        return NOTHING
    name = names[list(totals).index(fullest)]
    whole = minutes_in_words(sum(total.minutes for total in totals))
    return f"Most on {name}s: {minutes_in_words(fullest.minutes)} of {whole}."


def of_weeks(totals: Sequence[Any], *, goal: int) -> str:
    """Such as “4 h 10 min a week on average; the goal was reached in 10 of 12 weeks.”"""
    minutes = sum(total.minutes for total in totals)
    if not minutes:
        return NOTHING
    average = f"{minutes_in_words(round(minutes / len(totals)))} a week on average"
    if not goal:
        return f"{average} over the last {len(totals)} weeks."
    reached = sum(total.minutes >= goal for total in totals)
    return f"{average}; the goal was reached in {reached} of {len(totals)} weeks."


def of_months(totals: Sequence[Any], names: Sequence[str]) -> str:
    """Such as “October was the fullest month: 21 h 25 min.”"""
    fullest = max(totals, key=lambda total: total.minutes)
    if not fullest.minutes:
        return NOTHING
    name = names[list(totals).index(fullest)]
    return f"{name} was the fullest month: {minutes_in_words(fullest.minutes)}."


def of_calendar(practiced: int, span: str) -> str:
    """Such as “You practiced on 77 days of the last year, a square a day.”"""
    days = "1 day" if practiced == 1 else f"{practiced} days"
    return f"You practiced on {days} of the last {span}."
