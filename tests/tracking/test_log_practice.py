"""Logging a session: what §6 requires, the limits of §7 with both edges, the learner's own date."""

from datetime import timedelta

import pytest

from common import clock
from tests.factories import UserFactory
from tests.tracking.bodies import LOGS, body_for
from tests.tracking.factories import SkillFactory, today
from tracking.models import PracticeLog


def test_a_session_is_logged(api, owner, skill):
    made = api.post(LOGS, body_for(skill, difficulty_rating=3, confidence_rating=4))

    assert made.status_code == 201
    body = made.json()
    assert body["practice_log_id"] == body["id"]
    assert body["skill_id"] == skill.pk
    assert body["user_id"] == owner.pk
    assert body["date_practiced"] == "2026-03-01"
    assert body["duration_minutes"] == 120
    assert body["description"] == "Built a todo app"
    assert (body["difficulty_rating"], body["confidence_rating"]) == (3, 4)
    assert body["created_at"]
    assert api.get(f"{LOGS}/{body['id']}").json() == body


def test_ratings_are_optional(api, skill):
    body = api.post(LOGS, body_for(skill)).json()

    assert (body["difficulty_rating"], body["confidence_rating"]) == (None, None)
    assert api.post(LOGS, body_for(skill, difficulty_rating=None)).status_code == 201


@pytest.mark.parametrize(
    "missing", ["skill_id", "date_practiced", "duration_minutes", "description"]
)
def test_what_the_document_requires_is_required(api, skill, missing):
    body = body_for(skill)
    del body[missing]

    refused = api.post(LOGS, body)
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [missing]


def test_user_and_creation_are_set_by_the_system(api, owner, stranger, skill):
    body = body_for(skill, user_id=stranger.pk, created_at="2001-01-01T00:00:00Z")

    made = api.post(LOGS, body).json()
    assert made["user_id"] == owner.pk
    assert made["created_at"] > "2026"


@pytest.mark.parametrize(
    "minutes, status",
    [
        (0, 400),
        (1, 201),
        (1440, 201),
        (1441, 400),
        (-5, 400),
        (1.5, 400),
        ("60", 400),
        (True, 400),
        (None, 400),
        (10**30, 400),
    ],
)
def test_minutes_are_whole_from_one_to_a_day(api, skill, minutes, status):
    answer = api.post(LOGS, body_for(skill, duration_minutes=minutes))

    assert answer.status_code == status
    if status == 400:
        assert "duration_minutes" in answer.json()["fields"]


@pytest.mark.parametrize(
    "description, status",
    [
        ("x" * 9, 400),
        ("x" * 10, 201),
        ("x" * 500, 201),
        ("x" * 501, 400),
        ("  " + "x" * 9 + "  ", 400),
        ("  " + "x" * 500 + "  ", 201),
        (" " * 20, 400),
        ("", 400),
        (None, 400),
        (1234567890, 400),
        ("😀" * 10, 201),
        ("nul \x00 inside", 400),
    ],
)
def test_a_description_is_trimmed_then_counted(api, skill, description, status):
    answer = api.post(LOGS, body_for(skill, description=description))

    assert answer.status_code == status
    if status == 400:
        assert "description" in answer.json()["fields"]
    else:
        assert answer.json()["description"] == description.strip()


@pytest.mark.parametrize("name", ["difficulty_rating", "confidence_rating"])
@pytest.mark.parametrize(
    "rating, status", [(0, 400), (1, 201), (5, 201), (6, 400), (2.5, 400), ("3", 400), (None, 201)]
)
def test_ratings_are_one_to_five(api, skill, name, rating, status):
    assert api.post(LOGS, body_for(skill, **{name: rating})).status_code == status


@pytest.mark.parametrize(
    "day", ["2026-02-30", "01/03/2026", "yesterday", "", None, 20260301, "0001-01-01"]
)
def test_a_date_that_is_none_is_400(api, skill, day):
    refused = api.post(LOGS, body_for(skill, date_practiced=day))

    assert refused.status_code == 400
    assert "date_practiced" in refused.json()["fields"]


def test_today_is_allowed_and_tomorrow_is_the_future(api, skill):
    tomorrow = today() + timedelta(days=1)

    assert api.post(LOGS, body_for(skill, date_practiced=today().isoformat())).status_code == 201
    refused = api.post(LOGS, body_for(skill, date_practiced=tomorrow.isoformat()))
    assert refused.status_code == 400
    assert refused.json()["fields"] == {"date_practiced": ["Cannot be in the future."]}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu"])
def test_the_future_begins_at_midnight_of_the_learners_own_calendar(api_for, zone):
    learner = UserFactory(timezone=zone, day_start_hour=23)
    skill, client = SkillFactory(user=learner), api_for(learner)
    local = clock.local_date(clock.now(), zone)

    allowed = client.post(LOGS, body_for(skill, date_practiced=local.isoformat()))
    refused = client.post(
        LOGS, body_for(skill, date_practiced=(local + timedelta(days=1)).isoformat())
    )
    assert (allowed.status_code, refused.status_code) == (201, 400)


def test_the_29th_of_february_is_logged_and_read_back(api, skill):
    made = api.post(LOGS, body_for(skill, date_practiced="2024-02-29"))

    assert made.json()["date_practiced"] == "2024-02-29"


def test_the_same_key_logs_once(api, skill):
    answers = [
        api.post(LOGS, body_for(skill), headers={"Idempotency-Key": "once"}) for _ in range(3)
    ]

    assert {a.status_code for a in answers} == {201}
    assert PracticeLog.objects.count() == 1
