"""The fast path gives the reference's answers: its tests run again through it, and its own traps."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.http import HttpResponse
from rest_framework.test import APIClient

from common import clock
from sessions_app.assessments.api.authentication import COOKIE
from sessions_app.proctoring.fast.writer import Sent, Writer
from sessions_app.proctoring.fast.wsgi import FastBeats, with_fast_beats
from sessions_app.proctoring.models import SessionBeat
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory

# The same tests, through the other door: this module's `api` and its real transactions.
from tests.proctoring.test_deadline import (  # noqa: F401
    test_a_silent_test_is_abandoned_by_its_next_beat_and_resumes_by_a_reload,
    test_any_request_closes_a_test_past_its_deadline_at_once,
)
from tests.proctoring.test_document_checklist import (  # noqa: F401
    test_a_heartbeat_needs_neither_body_nor_content_type,
    test_activity_updates_both_stamps,
    test_heartbeat_updates_last_heartbeat,
)
from tests.proctoring.test_leave_and_return import (  # noqa: F401
    test_a_second_tab_is_named,
    test_after_the_hand_in_nothing_is_taken_and_stamps_stay,
    test_after_two_minutes_a_beat_is_409_and_says_where_the_test_stands,
    test_an_action_alone_does_not_take_a_left_test_back,
    test_before_the_start_everything_is_404,
    test_which_beats_take_a_left_test_back,
)
from tests.threads import run_together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="the fast path is for PostgreSQL only"
    ),
]


class NotAnswered(Exception):
    pass


def _not_answered(environ: Any, start_response: Any) -> Any:
    raise NotAnswered


class FastClient(APIClient):
    """Django's test client with the fast path in front, as in config.wsgi."""

    fast: FastBeats

    def request(self, **kwargs: Any) -> Any:
        environ = self._base_environ(**kwargs, **self._credentials)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        head: dict[str, Any] = {}
        try:
            parts = self.fast(
                environ, lambda status, headers: head.update(status=status, headers=headers)
            )
        except NotAnswered:
            kwargs["wsgi.input"] = environ["wsgi.input"]
            environ["wsgi.input"].seek(0)
            return super().request(**kwargs)
        reply = HttpResponse(b"".join(parts), status=int(head["status"].split()[0]))
        for name, value in head["headers"]:
            reply[name] = value
        reply.json = partial(__import__("json").loads, reply.content)
        return reply


@pytest.fixture
def fast():
    path = FastBeats(_not_answered)
    yield path
    path.close()


def client_of(fast: FastBeats, token: str = "", **headers: str) -> FastClient:
    client = FastClient(enforce_csrf_checks=True, **{"HTTP_HOST": "testserver", **headers})
    client.fast = fast
    if token:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def candidate(transactional_db):
    from tests.assessments.factories import CandidateFactory

    return CandidateFactory()


@pytest.fixture(name="session")
def running_session(candidate):
    return SessionFactory(candidate=candidate)


@pytest.fixture
def api(fast, candidate):
    return client_of(fast, token_for(candidate))


def beat_path(session: Any, verb: str = "heartbeat") -> str:
    return f"/api/test-session/{session.pk}/{verb}"


@pytest.mark.parametrize("verb", ["heartbeat", "activity"])
def test_both_doors_answer_alike(fast, api, session, verb):
    body = {"tab_id": "a", "sequence": 1}
    quick = api.put(beat_path(session, verb), body)
    assert fast.answered == 1
    slow = APIClient().put(
        beat_path(session, verb),
        body,
        headers={"Authorization": f"Bearer {token_for(session.candidate)}"},
    )

    assert quick.status_code == slow.status_code == 200
    assert list(quick.json()) == list(slow.json())
    same = {"success", "status", "deadline", "other_tab"}
    assert {k: v for k, v in quick.json().items() if k in same} == {
        k: v for k, v in slow.json().items() if k in same
    }
    assert quick["Content-Type"] == slow["Content-Type"]


def test_what_it_is_not_sure_of_it_leaves_to_django(fast, session):
    other = SessionFactory()
    good = token_for(session.candidate)
    assert client_of(fast, good).put(beat_path(other)).status_code == 404
    assert client_of(fast, good + "x").put(beat_path(session)).status_code == 401
    assert client_of(fast).put(beat_path(session)).status_code == 401
    assert client_of(fast, "some-api-token").put(beat_path(session)).status_code == 401
    assert client_of(fast, good).put(beat_path(session), {"sequence": "x"}).status_code == 400
    assert client_of(fast, good).put(beat_path(session), {"tab_id": "x" * 101}).status_code == 400
    assert client_of(fast, good).get(beat_path(session)).status_code == 405
    assert fast.answered == 0


def test_another_page_that_may_ask_is_answered_by_django(fast, session, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
    page = client_of(fast, token_for(session.candidate), HTTP_ORIGIN="https://partner.example")
    assert page.put(f"/api/test-session/{session.pk}/heartbeat").status_code == 200
    assert fast.answered == 0


def test_a_cookie_needs_the_same_origin_here_too(fast, session):
    for headers, status, answered in (
        ({}, 403, 0),
        ({"HTTP_ORIGIN": "https://elsewhere.example"}, 403, 0),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403, 0),
        ({"HTTP_ORIGIN": "http://testserver"}, 200, 1),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 200, 2),
    ):
        client = client_of(fast, **headers)
        client.cookies[COOKIE] = token_for(session.candidate)
        assert client.put(beat_path(session)).status_code == status, headers
        assert fast.answered == answered


def test_a_foreign_host_is_left_to_django(fast, session):
    client = client_of(fast, token_for(session.candidate), HTTP_HOST="elsewhere.example")
    assert client.put(beat_path(session)).status_code == 400
    assert fast.answered == 0


def test_a_withdrawn_token_is_refused_after_at_most_a_minute(fast, session, monkeypatch):
    client = client_of(fast, token_for(session.candidate))
    assert client.put(beat_path(session)).status_code == 200
    session.candidate.token_version += 1
    session.candidate.save()

    from sessions_app.proctoring.fast import tokens

    real = tokens.time.monotonic
    monkeypatch.setattr(tokens.time, "monotonic", lambda: real() + 61)
    assert client.put(beat_path(session)).status_code == 401


def test_a_beat_never_revives_what_the_sweep_has_closed(fast):
    silent = SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=6))
    sweep_sessions(now=clock.now())
    reply = client_of(fast, token_for(silent.candidate)).put(beat_path(silent))
    assert (reply.status_code, fast.answered) == (409, 0)


def test_a_terminated_backend_costs_nobody_a_beat(fast, session):
    client = client_of(fast, token_for(session.candidate))
    assert client.put(beat_path(session)).status_code == 200
    pid = fast.writer._connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert client.put(beat_path(session)).status_code == 200
    assert fast.answered == 2


def test_a_database_that_cannot_be_reached_is_left_to_django(fast, session, monkeypatch):
    def refuse(**kwargs):
        raise psycopg.OperationalError("no route")

    monkeypatch.setattr("sessions_app.proctoring.fast.queue.psycopg.connect", refuse)
    client = client_of(fast, token_for(session.candidate))
    assert client.put(beat_path(session)).status_code == 200  # Django's own connection is good
    assert fast.answered == 0


def test_many_beats_at_once_share_statements_and_none_is_lost():
    sessions = [
        SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=1)) for _ in range(40)
    ]
    writer = Writer()
    statements = []
    real = writer._stamp
    writer._stamp = lambda sent, active: statements.append(len(sent)) or real(sent, active)
    now = clock.now()
    results = run_together([partial(writer.write, Sent(s.pk, now, True, "a", 1)) for s in sessions])
    writer.close()

    assert all(result.deadline == s.deadline for result, s in zip(results, sessions, strict=True))
    assert sum(statements) == 40 and len(statements) < 40
    assert set(SessionBeat.objects.values_list("last_heartbeat", "tab", "sequence")) == {
        (now, "a", 1)
    }


def test_two_stamps_of_one_candidate_in_one_statement_are_both_kept(session):
    writer, now = Writer(), clock.now()
    gate = threading.Event()
    real = writer._connected
    writer._connected = lambda: gate.wait(5) and real()
    calls = [
        partial(writer.write, Sent(session.pk, now, True, "a", 1)),
        partial(writer.write, Sent(session.pk, now, False)),
        partial(writer.write, Sent(session.pk, now + timedelta(seconds=1), True, "b", 2)),
    ]
    threading.Timer(0.3, gate.set).start()
    results = run_together(calls)
    writer.close()

    assert all(result is not None and not isinstance(result, BaseException) for result in results)
    beat = SessionBeat.objects.get()
    assert beat.last_activity is not None
    assert beat.last_heartbeat == now + timedelta(seconds=1)


def test_two_writers_in_opposite_order_do_not_stop_each_other():
    sessions = [SessionFactory() for _ in range(20)]
    writers = [Writer(), Writer()]
    now = clock.now()
    calls = [
        partial(writer.write, Sent(s.pk, now, True))
        for writer, ordered in zip(writers, (sessions, sessions[::-1]), strict=True)
        for s in ordered
    ]
    results = run_together(calls)
    for writer in writers:
        writer.close()
    assert all(result is not None and not isinstance(result, BaseException) for result in results)


def save_through(fast, session, answers, *, tab="a", sequence=1, **body):
    body |= {"pending_answers": answers, "tab_id": tab, "sequence": sequence}
    return client_of(fast, token_for(session.candidate)).put(beat_path(session, "progress"), body)


def test_a_tab_that_writes_on_in_order_is_saved_in_one_statement(fast, session):
    save_through(fast, session, {"q": "one", "r": {"code": "x", "language": "java"}})
    reply = save_through(fast, session, {"q": "two"}, sequence=2)

    assert fast.answered == 2
    body = reply.json()
    assert body["pending_answers"] == {"q": "two", "r": {"code": "x", "language": "java"}}
    assert (body["success"], body["status"], body["sections_completed"]) == (True, "active", [])
    session.refresh_from_db()
    assert session.writers == {"q": ["a", 2], "r": ["a", 1]}
    assert session.beat.last_activity == session.beat.last_heartbeat == session.updated_at
    assert not session.revisions.exists()


STRANGE = 'quote " back\\slash {brace, comma} NULL \n\t’ünï🎈'


def test_any_characters_arrive_as_they_were_sent(fast, session):
    reply = save_through(fast, session, {STRANGE: {"code": STRANGE}, "NULL": STRANGE}, tab=STRANGE)
    beat = client_of(fast, token_for(session.candidate)).put(
        beat_path(session), {"tab_id": STRANGE}
    )

    assert fast.answered == 2 and beat.status_code == 200
    session.refresh_from_db()
    assert session.pending_answers == reply.json()["pending_answers"]
    assert session.pending_answers == {STRANGE: {"code": STRANGE}, "NULL": STRANGE}
    assert session.writers == {STRANGE: [STRANGE, 1], "NULL": [STRANGE, 1]}
    assert session.beat.tab == STRANGE


def test_what_must_leave_a_revision_is_left_to_django(fast, session):
    save_through(fast, session, {"q": "one"}, sequence=5)
    save_through(fast, session, {"q": "from b"}, tab="b")
    save_through(fast, session, {"q": "late"}, tab="b", sequence=0)
    save_through(fast, session, {"q": None}, tab="b", sequence=9)
    assert fast.answered == 1
    kept = list(session.revisions.values_list("value", "reason"))
    assert kept == [("one", "other_tab"), ("from b", "out_of_sequence"), ("late", "removed")]


def test_what_is_not_plain_is_left_to_django(fast, session):
    save_through(fast, session, {"q": "x"}, sections_completed=["s"])
    save_through(fast, session, {"q": "y"}, tab="")
    save_through(fast, session, {"q": "z"}, sequence=None)
    assert save_through(fast, session, {"q": 5}).status_code == 400
    assert save_through(fast, session, {"k" * 101: "x"}).status_code == 400
    assert save_through(fast, session, {"q": "nul \x00"}).status_code == 400
    assert save_through(fast, session, {"q": "x" * 66_000}).status_code == 413
    assert fast.answered == 0


def test_the_limit_of_all_answers_holds_in_front_too(fast, session):
    replies = [
        save_through(fast, session, {f"q{n}": "x" * 59_000}, sequence=n) for n in range(1, 7)
    ]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 200, 413, 413]
    assert fast.answered == 4


def test_an_ended_test_takes_no_save_and_keeps_it_for_staff(fast, candidate):
    done = SessionFactory(candidate=candidate, completed=True)
    reply = save_through(fast, done, {"q": "too late"})
    assert (reply.status_code, fast.answered) == (409, 0)
    assert done.revisions.get().reason == "late"


def test_twenty_saves_at_once_through_both_doors_lose_nothing(fast, session):
    def call(n):
        door = fast if n % 2 else FastBeats(_not_answered)
        save_through(door, session, {f"q{n}": f"text {n}", "shared": f"text {n}"}, tab=f"t{n}")
        door.close()

    run_together([partial(call, n) for n in range(20)])
    session.refresh_from_db()
    assert {f"q{n}": f"text {n}" for n in range(20)}.items() <= session.pending_answers.items()
    texts = {session.pending_answers["shared"], *session.revisions.values_list("value", flat=True)}
    assert texts == {f"text {n}" for n in range(20)}


def test_saves_of_one_tab_at_once_end_with_the_last_and_lose_none_of_the_keys(fast, session):
    calls = [
        partial(save_through, fast, session, {f"q{n}": f"text {n}"}, sequence=n) for n in range(20)
    ]
    replies = run_together(calls)
    assert {reply.status_code for reply in replies} == {200}
    session.refresh_from_db()
    assert session.pending_answers == {f"q{n}": f"text {n}" for n in range(20)}


def test_it_stands_in_front_only_where_it_may(settings):
    settings.FAST_BEATS = False
    assert with_fast_beats(_not_answered) is _not_answered
    settings.FAST_BEATS = True
    assert isinstance(with_fast_beats(_not_answered), FastBeats)
