"""A reload in front of Django: the reference's answers, and what it leaves to the reference."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from common import clock
from sessions_app.assessments.api.authentication import COOKIE
from sessions_app.proctoring.fast.resumes import FastResumes, with_fast_resumes
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from tests.assessments.clients import bearer
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory

# The same tests, through the other door: this module's `api` and its real transactions.
from tests.proctoring.test_document_checklist import (  # noqa: F401
    test_a_second_start_returns_the_session_with_its_clock_unchanged,
    test_the_length_is_an_integer_from_1_to_480,
)
from tests.proctoring.test_fast_beats import _not_answered, candidate, client_of  # noqa: F401
from tests.proctoring.test_leave_and_return import (  # noqa: F401
    test_a_reload_resumes_until_the_deadline_with_the_clock_unchanged,
    test_a_timed_out_test_resumes_only_by_a_reload,
    test_after_the_hand_in_nothing_is_taken_and_stamps_stay,
)
from tests.proctoring.test_starting import (  # noqa: F401
    start,
    test_a_key_gives_the_first_answer_again,
    test_a_reload_after_six_silent_minutes_is_a_time_out_and_a_return,
    test_a_reload_gives_a_lost_beat_row_back,
    test_a_reload_past_the_deadline_closes_the_test_and_is_refused,
    test_a_reload_takes_the_beat_over_and_keeps_activity_and_answers,
    test_a_start_tells_what_is_stored,
    test_a_void_test_is_refused_whatever_its_rows_say,
)
from tests.threads import run_together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="the fast path is for PostgreSQL only"
    ),
]


@pytest.fixture
def counted():
    return []


@pytest.fixture
def fast(counted):
    path = FastResumes(_not_answered, on_resumed=counted.append)
    yield path
    path.close()


@pytest.fixture
def api(fast, candidate):  # noqa: F811
    return client_of(fast, token_for(candidate))


@pytest.fixture
def session(candidate):  # noqa: F811
    return SessionFactory(candidate=candidate)


def test_both_doors_answer_alike(fast, api, candidate, session):  # noqa: F811
    ProctoredSession.objects.update(
        pending_answers={"q": {"code": 'a "b" \\ ü', "language": "java"}},
        sections_completed=["one", "two"],
        test_duration_minutes=480,
    )
    SessionBeat.objects.update(last_activity=clock.now())
    quick = start(api, candidate, tab_id="a", sequence=1)
    slow = start(bearer(token_for(candidate)), candidate, tab_id="a", sequence=2)

    assert (fast.answered, quick.status_code, slow.status_code) == (1, 200, 200)
    quick_body, slow_body = quick.json(), slow.json()
    for body in (quick_body, slow_body):
        assert body["session"].pop("last_heartbeat") == body.pop("server_time")
    assert list(quick_body["session"]) == list(slow_body["session"])
    assert quick_body == slow_body
    for header in ("Content-Type", "Cache-Control", "X-Content-Type-Options", "X-Frame-Options"):
        assert quick[header] == slow[header]


def test_a_plain_resume_is_answered_here_and_counted(fast, api, candidate, session, counted):  # noqa: F811
    assert start(api, candidate, test_duration_minutes=60).status_code == 200
    assert start(api, candidate, test_duration_minutes=None).status_code == 200
    assert (fast.answered, sum(counted)) == (2, 2)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"test_duration_minutes": 481}, 400),
        ({"test_duration_minutes": True}, 400),
        ({"test_duration_minutes": "60"}, 400),
        ({"tab_id": None}, 400),
        ({"tab_id": "x" * 101}, 400),
        ({"sequence": -1}, 400),
        ({"candidate_id": 7}, 400),
        ({"candidate_id": "00000000-0000-4000-8000-000000000000"}, 400),
    ],
)
def test_what_it_is_not_sure_of_it_leaves_to_django(fast, api, candidate, session, body, status):  # noqa: F811, PLR0913
    reply = api.post("/api/test-session", {"candidate_id": str(candidate.pk), **body})
    assert (reply.status_code, fast.answered) == (status, 0)


def test_a_first_start_and_an_ended_test_are_left_to_django(fast, api, candidate, counted):  # noqa: F811
    assert start(api, candidate).status_code == 201
    ProctoredSession.objects.update(
        status="completed", completion_method="manual", completed_at=clock.now()
    )
    SessionBeat.objects.all().delete()
    assert start(api, candidate).status_code == 409
    assert (fast.answered, counted) == (0, [])


def test_a_form_and_another_page_are_left_to_django(fast, candidate, session, settings):  # noqa: F811
    settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
    body = {"candidate_id": str(candidate.pk)}
    form = client_of(fast, token_for(candidate)).post("/api/test-session", body, format="multipart")
    page = client_of(fast, token_for(candidate), HTTP_ORIGIN="https://partner.example")
    assert (form.status_code, fast.answered) == (415, 0)
    assert (start(page, candidate).status_code, fast.answered) == (200, 0)


def test_a_cookie_needs_the_same_origin_here_too(fast, candidate, session):  # noqa: F811
    for headers, status, answered in (
        ({}, 403, 0),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403, 0),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 200, 1),
    ):
        client = client_of(fast, **headers)
        client.cookies[COOKIE] = token_for(candidate)
        assert start(client, candidate).status_code == status, headers
        assert fast.answered == answered


def test_many_reloads_at_once_share_statements_and_each_gets_its_own(fast, counted):
    sessions = [SessionFactory(pending_answers={"mine": str(n)}) for n in range(12)]

    def reload(session, tab):
        return start(client_of(fast, token_for(session.candidate)), session.candidate, tab_id=tab)

    replies = run_together([partial(reload, s, tab) for s in sessions for tab in "ab"])

    assert {reply.status_code for reply in replies} == {200} and fast.answered == 24
    answers = [reply.json()["session"]["pending_answers"]["mine"] for reply in replies]
    assert answers == [str(n) for n in range(12) for _ in "ab"]
    assert sum(counted) == 24 and len(counted) < 24


def test_a_reload_against_a_beacon_leaves_one_story(fast):
    for _ in range(5):
        session = SessionFactory(beat={"tab": "a", "sequence": 3})
        path = f"/api/test-session/{session.pk}/abandon"
        beacon = {"tab_id": "a", "sequence": 4}
        reload = client_of(fast, token_for(session.candidate))
        leave = bearer(token_for(session.candidate))
        replies = run_together(
            [
                partial(start, reload, session.candidate, tab_id="b", sequence=0),
                partial(leave.put, path, beacon),
            ]
        )
        assert [reply.status_code for reply in replies] == [200, 200]
        session.refresh_from_db()
        story = [event.type for event in session.events.all()]
        # Left and taken back, or taken over by the new page before the beacon came.
        assert story in (["left", "resumed"], ["left"], [])
        is_live = SessionBeat.objects.filter(pk=session.pk).exists()
        assert (session.status == "active") is is_live is (story != ["left"])


def test_it_stands_in_front_only_where_it_may(settings):
    settings.FAST_BEATS = False
    assert with_fast_resumes(_not_answered, on_resumed=print) is _not_answered
    settings.FAST_BEATS = True
    assert isinstance(with_fast_resumes(_not_answered, on_resumed=print), FastResumes)


def test_a_silent_test_waits_for_django_however_new_its_tab(fast, candidate):  # noqa: F811
    SessionFactory(candidate=candidate, last_heartbeat=clock.now() - timedelta(minutes=6))
    start(client_of(fast, token_for(candidate)), candidate, tab_id="new")
    assert fast.answered == 0
