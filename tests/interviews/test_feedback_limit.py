"""Over the day's feedback an answer is kept, the pages say so, and the feedback can be had later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import DailyUsage, UsageReservation
from common import clock
from evaluation.models import Evaluation
from sessions_app.interviews.models import Attempt
from tests.interviews.factories import ANSWER, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session_path(api, settings):
    free = settings.DAILY_LIMITS["free"] | {"evaluation": 1}
    settings.DAILY_LIMITS = settings.DAILY_LIMITS | {"free": free}
    return f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"


@pytest.fixture
def kept(api, answered, session_path):
    """The id of an answer that was kept without feedback."""
    api.post(f"{session_path}/attempts", answered)
    more = answered | {"answer_text": ANSWER + " More.", "self_rating": 3}
    reply = api.post(f"{session_path}/attempts", more)
    assert reply.status_code == 201
    assert (reply.json()["evaluation"], reply.json()["unscored"]) == (None, "limit")
    return reply.json()["id"]


@pytest.fixture
def pages(client, owner):
    client.force_login(owner)
    return lambda path: client.get(path).content.decode()


def a_day_passes():
    DailyUsage.objects.update(day=clock.utc_day(clock.now()) - timedelta(days=1))
    UsageReservation.objects.update(day=clock.utc_day(clock.now()) - timedelta(days=1))


def page_of(session_path):
    return session_path.replace("/api/sessions", "/interviews")


def test_nothing_of_a_refused_evaluation_is_left(kept):
    assert Evaluation.objects.count() == 1
    assert DailyUsage.objects.get(kind="evaluation").taken == 1
    assert Attempt.objects.get(pk=kept).evaluation is None


def test_the_room_says_before_handing_in_that_there_is_none_today(pages, session_path, kept):
    QuestionFactory()

    assert "Today's feedback is used up." in pages(page_of(session_path))


def test_the_answer_and_the_summary_say_when_it_can_be_had(api, pages, session_path, kept):
    answer = pages(f"{page_of(session_path)}/answers/{kept}")
    assert "Kept, without feedback so far" in answer
    assert "from 00:00 your time" in answer
    assert "Get feedback</button>" not in answer

    api.post(f"{session_path}/end")
    summary = pages(f"{page_of(session_path)}/summary")
    assert "1 kept without feedback" in summary
    assert "from 00:00 your time" in summary


def test_the_next_day_a_button_gets_it(api, client, pages, session_path, kept):
    api.post(f"{session_path}/end")
    a_day_passes()
    path = f"{page_of(session_path)}/answers/{kept}"
    for page in (path, f"{page_of(session_path)}/summary"):
        assert f'action="{path}/feedback"' in pages(page)

    replies = [client.post(f"{path}/feedback") for _ in range(2)]

    assert {reply["Location"] for reply in replies} == {path}
    attempt = Attempt.objects.get(pk=kept)
    assert (attempt.evaluation.status, attempt.unscored) == ("queued", "")
    assert attempt.evaluation.answer == ANSWER + " More."
    assert Evaluation.objects.count() == 2
    assert "Kept, without feedback" not in pages(path)


def test_the_api_gets_it_the_next_day_too(api, stranger, api_for, session_path, kept):
    path = f"{session_path}/attempts/{kept}/feedback"
    refused = api.post(path)
    assert refused.status_code == 429
    assert (refused.json()["limit"], refused.json()["used"]) == (1, 1)
    assert int(refused.headers["Retry-After"]) > 0
    a_day_passes()

    asked = api.post(path)

    assert asked.status_code == 202
    assert asked.json()["evaluation"]["status"] == "queued"
    assert asked.json()["unscored"] is None
    assert api.post(path).status_code == 409
    assert api_for(stranger).post(path).status_code == 404
