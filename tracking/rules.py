"""The limits of practice-tracking.md §7, each once, for API, pages and import.

Every function returns the sentence that says what is wrong, or None.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from common.text import is_blank
from tracking.names import LONGEST_KEY, LONGEST_NAME, name_key

LEAST_MINUTES, MOST_MINUTES = 1, 24 * 60
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 10, 500
LEAST_RATING, MOST_RATING = 1, 5
LONGEST_NOTE = 2000
LONGEST_URL = 2000
FIRST_DATE = date(1900, 1, 1)

_is_url = URLValidator(schemes=["http", "https"])


def wrong_name(name: str) -> str | None:
    key = name_key(name)
    if is_blank(key):
        return "A skill needs a name."
    if len(name) > LONGEST_NAME or len(key) > LONGEST_KEY:
        return f"A name has at most {LONGEST_NAME} characters."
    return None


def wrong_minutes(minutes: int) -> str | None:
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return f"Must be from {LEAST_MINUTES} to {MOST_MINUTES} minutes (24 hours)."
    return None


def wrong_description(trimmed: str) -> str | None:
    length = 0 if is_blank(trimmed) else len(trimmed)
    if not SHORTEST_DESCRIPTION <= length <= LONGEST_DESCRIPTION:
        return (
            f"Must have {SHORTEST_DESCRIPTION} to {LONGEST_DESCRIPTION} characters, not {length}."
        )
    return None


def wrong_rating(rating: int | None) -> str | None:
    if rating is not None and not LEAST_RATING <= rating <= MOST_RATING:
        return f"Must be from {LEAST_RATING} to {MOST_RATING}, or empty."
    return None


def wrong_date(day: date, *, today: date) -> str | None:
    """`today` is the calendar date in the learner's zone, whatever the day start hour."""
    if day > today:
        return "Cannot be in the future."
    if day < FIRST_DATE:
        return f"Must be {FIRST_DATE.isoformat()} or later."
    return None


def wrong_note(text: str) -> str | None:
    return f"Must have at most {LONGEST_NOTE} characters." if len(text) > LONGEST_NOTE else None


def wrong_url(url: str) -> str | None:
    """Shape only: where a link leads is the learner's own affair (§10)."""
    if len(url) > LONGEST_URL:
        return f"A link has at most {LONGEST_URL} characters."
    try:
        _is_url(url)
        return None if urlsplit(url).hostname else "Must be a link that starts with https://."
    except (ValidationError, ValueError):
        return "Must be a link that starts with http:// or https://."
