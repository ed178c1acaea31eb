"""The dashboard's words: greeting, streak, what the last weeks show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from config.dashboard import dashboard_of, greeting
from tests import NOW
from tests.practice.factories import make_session
from tracking.services.logs import add_log
from tracking.services.skills import create_skill


@pytest.mark.parametrize(
    ("hour", "words"),
    [(4, "evening"), (5, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")],
)
def test_it_greets_by_the_time_of_day(hour: int, words: str) -> None:
    assert greeting(hour) == f"Good {words}"


def test_the_hour_is_the_learners_own(owner: User) -> None:
    owner.timezone = "Asia/Tokyo"
    at_night_in_utc = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert dashboard_of(owner, now=at_night_in_utc).greeting == "Good morning"


def practice(owner: User, *days_ago: int) -> None:
    skill = create_skill(user=owner, name="Design", now=NOW)
    for days in days_ago:
        add_log(
            skill=skill,
            user=owner,
            date_practiced=(NOW - timedelta(days=days)).date(),
            duration_minutes=45,
            description="Practiced with notes",
            now=NOW,
        )


def test_a_new_learner_is_invited(owner: User, client: Client) -> None:
    dashboard = dashboard_of(owner, now=NOW)
    assert dashboard.lead == "Practice today and a streak begins."
    assert dashboard.weeks_in_words == "No practice in the last 12 weeks."
    client.force_login(owner)
    assert "Your first feedback is one answer away" in client.get("/dashboard").content.decode()


def test_practice_that_is_not_logged_is_not_called_none(owner: User, client: Client) -> None:
    make_session(owner, now=NOW)
    dashboard = dashboard_of(owner, now=NOW)
    assert dashboard.lead == "Log what you practice, and a streak begins."
    assert dashboard.weeks_in_words == "Nothing is logged in the last 12 weeks."
    client.force_login(owner)
    explained = "count what is logged under a skill"
    assert explained in client.get("/dashboard").content.decode()

    practice(owner, 0)

    assert dashboard_of(owner, now=NOW).weeks_in_words.startswith("45 min")
    assert explained not in client.get("/dashboard").content.decode()


def test_practice_is_said_in_words(owner: User) -> None:
    practice(owner, 0, 1, 60)
    dashboard = dashboard_of(owner, now=NOW)
    assert dashboard.lead == "You practiced on 2 of the last 7 days."
    assert dashboard.weeks_in_words == "2 h 15 min on 3 days of the last 12 weeks."


def test_a_streak_that_ends_tonight_asks_for_today(owner: User) -> None:
    practice(owner, 1, 2)
    assert dashboard_of(owner, now=NOW).lead.endswith("Practice today to keep it going.")


def test_a_streak_of_one_day_is_a_day(owner: User) -> None:
    practice(owner, 0)
    assert dashboard_of(owner, now=NOW).weeks_in_words == "45 min on 1 day of the last 12 weeks."
