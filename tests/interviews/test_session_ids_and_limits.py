"""Ids that clients choose, keys, and the daily limits."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import DailyUsage, UsageReservation
from accounts.services import usage
from common import clock
from evaluation.models import Evaluation
from sessions_app.interviews.models import Attempt, PracticeSession
from tests.interviews.factories import ANSWER, SessionFactory

pytestmark = pytest.mark.django_db


def test_an_id_may_be_brought_and_is_canonical(api):
    chosen = str(uuid.uuid4())

    first = api.post("/api/sessions", {"id": chosen.upper()})
    again = api.post("/api/sessions", {"id": chosen, "mode": "rapid_fire"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == chosen
    assert again.json()["mode"] == "standard"
    assert PracticeSession.objects.count() == 1


def test_anothers_id_is_409_and_no_uuid_400(api):
    theirs = SessionFactory()

    assert api.post("/api/sessions", {"id": str(theirs.pk)}).status_code == 409
    for bad in ("x", "", 5, None, theirs.pk.hex, f"{{{theirs.pk}}}"):
        reply = api.post("/api/sessions", {"id": bad})
        assert reply.status_code == 400, bad
        assert list(reply.json()["fields"]) == ["id"]


def test_a_free_learner_starts_three_a_day(api):
    ids = [api.post("/api/sessions", {}).json()["id"] for _ in range(3)]

    refused = api.post("/api/sessions", {})

    assert refused.status_code == 429
    assert refused.json()["limit"] == 3
    assert refused.json()["used"] == 3
    assert refused.json()["resets_at"].endswith("T00:00:00Z")
    assert int(refused.headers["Retry-After"]) > 0
    assert PracticeSession.objects.count() == 3
    # What exists is returned before the limit is looked at.
    assert api.post("/api/sessions", {"id": ids[0]}).status_code == 200


def test_a_bad_start_takes_nothing(api):
    for _ in range(5):
        assert api.post("/api/sessions", {"timer_minutes": 61}).status_code == 400
        assert api.post("/api/sessions", {"category_filter": "nothing"}).status_code == 400

    assert not DailyUsage.objects.filter(taken__gt=0).exists()


def test_a_start_without_a_word_lapses_after_two_hours_and_the_first_word_books_it_again(
    api, owner, question
):
    session_id = api.post("/api/sessions", {}).json()["id"]
    usage.release_stale(now=clock.now() + timedelta(hours=3))
    assert UsageReservation.objects.get().state == "released"

    draft = f"/api/sessions/{session_id}/questions/{question.pk}/draft"
    api.put(draft, {"answer_text": "First words", "base_version": 0})

    assert UsageReservation.objects.get().state == "reserved"
    usage.release_stale(now=clock.now() + timedelta(hours=30))
    assert UsageReservation.objects.get().state == "reserved"


def test_ending_with_an_answer_uses_the_start(api, answered):
    session_id = api.post("/api/sessions", {}).json()["id"]
    api.post(f"/api/sessions/{session_id}/attempts", answered)
    api.post(f"/api/sessions/{session_id}/end")

    assert UsageReservation.objects.get(kind="interview_start").state == "used"


def test_a_key_replays_the_start_and_the_attempt(api, answered):
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = api.post("/api/sessions", {}, **key)
    second = api.post("/api/sessions", {}, **key)
    other = api.post("/api/sessions", {"mode": "rapid_fire"}, **key)
    path = f"/api/sessions/{first.json()['id']}/attempts"
    attempts = [api.post(path, answered, **key) for _ in range(3)]

    assert second.status_code == 201
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert {reply.json()["id"] for reply in attempts} == {Attempt.objects.get().pk}


def test_an_answer_over_the_feedback_limit_is_kept_without_feedback(api, settings, answered):
    free = settings.DAILY_LIMITS["free"] | {"evaluation": 1}
    settings.DAILY_LIMITS = settings.DAILY_LIMITS | {"free": free}
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"
    api.post(f"{path}/attempts", answered)

    reply = api.post(f"{path}/attempts", answered | {"answer_text": ANSWER + " More."})

    assert reply.status_code == 201
    assert reply.json()["evaluation"] is None
    assert Attempt.objects.get(pk=reply.json()["id"]).unscored == "limit"
    assert Evaluation.objects.count() == 1
    assert api.get(path).json()["questions_count"] == 2
