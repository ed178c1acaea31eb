"""The hot path gives the reference's answers: its tests run again through it, and its own traps."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from common import clock
from sessions_app.assessments.api.authentication import COOKIE
from sessions_app.proctoring.hot import batcher
from sessions_app.proctoring.hot.batcher import Slot
from sessions_app.proctoring.hot.statements import Beat, Save, Saver, Stamper
from sessions_app.proctoring.hot.wsgi import HotPath
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory
from tests.proctoring.roads import client_of, hot_only, leave_to_django
from tests.threads import run_together

pytestmark = hot_only


@pytest.fixture
def candidate(transactional_db):
    from tests.assessments.factories import CandidateFactory

    return CandidateFactory()


@pytest.fixture(name="session")
def running_session(candidate):
    return SessionFactory(candidate=candidate)


@pytest.fixture
def api(hot, candidate):
    return client_of(hot, token_for(candidate))


def beat_path(session: Any, verb: str = "heartbeat") -> str:
    return f"/api/test-session/{session.pk}/{verb}"


@pytest.mark.parametrize("verb", ["heartbeat", "activity"])
def test_both_paths_answer_alike(hot, api, session, verb):
    body = {"tab_id": "a", "sequence": 1}
    quick = api.put(beat_path(session, verb), body)
    assert hot.answered == 1
    slow = APIClient().put(
        beat_path(session, verb),
        body,
        headers={"Authorization": f"Bearer {token_for(session.candidate)}"},
    )

    assert quick.status_code == slow.status_code == 200
    assert quick.json().keys() == slow.json().keys()
    same = {"success", "status", "deadline", "other_tab"}
    assert {k: v for k, v in quick.json().items() if k in same} == {
        k: v for k, v in slow.json().items() if k in same
    }
    assert quick["Content-Type"] == slow["Content-Type"]


def test_what_it_is_not_sure_of_it_leaves_to_django(hot, session):
    other = SessionFactory()
    good = token_for(session.candidate)
    assert client_of(hot, good).put(beat_path(other)).status_code == 404
    assert client_of(hot, good + "x").put(beat_path(session)).status_code == 401
    assert client_of(hot).put(beat_path(session)).status_code == 401
    assert client_of(hot, "some-api-token").put(beat_path(session)).status_code == 401
    assert client_of(hot, good).put(beat_path(session), {"sequence": "x"}).status_code == 400
    assert client_of(hot, good).put(beat_path(session), {"tab_id": "x" * 101}).status_code == 400
    assert client_of(hot, good).get(beat_path(session)).status_code == 405
    assert hot.answered == 0


def test_another_page_that_may_ask_is_answered_by_django(hot, session, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
    page = client_of(hot, token_for(session.candidate), HTTP_ORIGIN="https://partner.example")
    assert page.put(f"/api/test-session/{session.pk}/heartbeat").status_code == 200
    assert hot.answered == 0


def test_a_cookie_needs_the_same_origin_here_too(hot, session):
    for headers, status, answered in (
        ({}, 403, 0),
        ({"HTTP_ORIGIN": "https://elsewhere.example"}, 403, 0),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403, 0),
        ({"HTTP_ORIGIN": "http://testserver"}, 200, 1),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 200, 2),
    ):
        client = client_of(hot, **headers)
        client.cookies[COOKIE] = token_for(session.candidate)
        assert client.put(beat_path(session)).status_code == status, headers
        assert hot.answered == answered


def test_a_foreign_host_is_left_to_django(hot, session):
    client = client_of(hot, token_for(session.candidate), HTTP_HOST="elsewhere.example")
    assert client.put(beat_path(session)).status_code == 400
    assert hot.answered == 0


def test_a_withdrawn_token_is_refused_after_at_most_a_minute(hot, session, monkeypatch):
    client = client_of(hot, token_for(session.candidate))
    assert client.put(beat_path(session)).status_code == 200
    session.candidate.token_version += 1
    session.candidate.save()

    from sessions_app.proctoring.hot import tokens

    real = tokens.time.monotonic
    monkeypatch.setattr(tokens.time, "monotonic", lambda: real() + 61)
    assert client.put(beat_path(session)).status_code == 401


def test_a_beat_never_revives_what_the_sweep_has_closed(hot):
    silent = SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=6))
    sweep_sessions(now=clock.now())
    reply = client_of(hot, token_for(silent.candidate)).put(beat_path(silent))
    assert (reply.status_code, hot.answered) == (409, 0)


def test_a_terminated_backend_costs_nobody_a_beat(hot, session):
    client = client_of(hot, token_for(session.candidate))
    assert client.put(beat_path(session)).status_code == 200
    pid = hot.stamper._connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert client.put(beat_path(session)).status_code == 200
    assert hot.answered == 2


def test_a_database_that_cannot_be_reached_is_left_to_django(hot, session, monkeypatch):
    def refuse(**kwargs):
        raise psycopg.OperationalError("no route")

    monkeypatch.setattr("sessions_app.proctoring.hot.batcher.psycopg.connect", refuse)
    client = client_of(hot, token_for(session.candidate))
    assert client.put(beat_path(session)).status_code == 200  # Django's own connection is good
    assert hot.answered == 0


def test_many_beats_at_once_share_statements_and_none_is_lost():
    sessions = [
        SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=1)) for _ in range(40)
    ]
    writer = Stamper()
    statements = []
    real = writer.parameters
    writer.parameters = lambda sent: statements.append(len(sent)) or real(sent)
    now = clock.now()
    results = run_together(
        [partial(writer.write, Beat(s.pk, now, tab="a", sequence=1)) for s in sessions]
    )
    writer.close()

    assert all(result.deadline == s.deadline for result, s in zip(results, sessions, strict=True))
    assert sum(statements) == 40 and len(statements) < 40
    assert set(SessionBeat.objects.values_list("last_heartbeat", "tab", "sequence")) == {
        (now, "a", 1)
    }


def test_two_stamps_of_one_candidate_in_one_statement_are_both_kept(session):
    writer, now = Stamper(), clock.now()
    gate = threading.Event()
    real = writer._connected
    writer._connected = lambda: gate.wait(5) and real()
    calls = [
        partial(writer.write, Beat(session.pk, now, tab="a", sequence=1)),
        partial(writer.write, Beat(session.pk, now, now, False)),
        partial(writer.write, Beat(session.pk, now + timedelta(seconds=1), tab="b", sequence=2)),
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
    writers = [Stamper(), Stamper()]
    now = clock.now()
    calls = [
        partial(writer.write, Beat(s.pk, now))
        for writer, ordered in zip(writers, (sessions, sessions[::-1]), strict=True)
        for s in ordered
    ]
    results = run_together(calls)
    for writer in writers:
        writer.close()
    assert all(result is not None and not isinstance(result, BaseException) for result in results)


def save_through(hot, session, answers, *, tab="a", sequence=1, **body):
    body |= {"pending_answers": answers, "tab_id": tab, "sequence": sequence}
    return client_of(hot, token_for(session.candidate)).put(beat_path(session, "progress"), body)


def test_a_tab_that_writes_on_in_order_is_saved_in_one_statement(hot, session):
    save_through(hot, session, {"q": "one", "r": {"code": "x", "language": "java"}})
    reply = save_through(hot, session, {"q": "two"}, sequence=2)

    assert hot.answered == 2
    body = reply.json()
    assert body["pending_answers"] == {"q": "two", "r": {"code": "x", "language": "java"}}
    assert (body["success"], body["status"], body["sections_completed"]) == (True, "active", [])
    session.refresh_from_db()
    assert session.writers == {"q": ["a", 2, 2], "r": ["a", 1, 1]}
    assert session.beat.last_activity == session.beat.last_heartbeat == session.updated_at
    assert not session.revisions.exists()


STRANGE = 'quote " back\\slash {brace, comma} NULL \n\t’ünï🎈'


def test_any_characters_arrive_as_they_were_sent(hot, session):
    tab = "".join(letter for letter in STRANGE if " " <= letter <= "~")  # what a tab id may have
    reply = save_through(hot, session, {STRANGE: {"code": STRANGE}, "NULL": STRANGE}, tab=tab)
    beat = client_of(hot, token_for(session.candidate)).put(beat_path(session), {"tab_id": tab})

    assert hot.answered == 2 and beat.status_code == 200
    session.refresh_from_db()
    assert session.pending_answers == reply.json()["pending_answers"]
    assert session.pending_answers == {STRANGE: {"code": STRANGE}, "NULL": STRANGE}
    assert session.writers == {STRANGE: [tab, 1, 1], "NULL": [tab, 1, 1]}
    assert session.beat.tab == tab


def test_what_must_leave_a_revision_is_left_to_django(hot, session):
    save_through(hot, session, {"q": "one"}, sequence=5)
    save_through(hot, session, {"q": "from b"}, tab="b")
    save_through(hot, session, {"q": "late"}, tab="b", sequence=0)
    save_through(hot, session, {"q": None}, tab="b", sequence=9)
    assert hot.answered == 1
    kept = list(session.revisions.values_list("value", "reason"))
    assert kept == [("one", "other_tab"), ("from b", "out_of_sequence"), ("late", "removed")]


def test_what_is_not_plain_is_left_to_django(hot, session):
    save_through(hot, session, {"q": "x"}, sections_completed=["s"])
    save_through(hot, session, {"q": "y"}, tab="")
    save_through(hot, session, {"q": "z"}, sequence=None)
    assert save_through(hot, session, {"q": 5}).status_code == 400
    assert save_through(hot, session, {"k" * 101: "x"}).status_code == 400
    assert save_through(hot, session, {"q": "nul \x00"}).status_code == 400
    assert save_through(hot, session, {"q": "x" * 66_000}).status_code == 413
    assert hot.answered == 0


def test_the_limit_of_all_answers_holds_in_front_too(hot, session):
    replies = [save_through(hot, session, {f"q{n}": "x" * 59_000}, sequence=n) for n in range(1, 7)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 200, 413, 413]
    assert hot.answered == 4


def test_one_odd_save_in_a_batch_is_left_to_django_alone():
    sessions = [SessionFactory() for _ in range(50)]
    saver, now = Saver(), clock.now()
    sent = [Save(s.pk, now, '{"q": "text"}', "a", 1) for s in sessions]
    # No request gets this far: PostgreSQL itself refuses it, and with it the whole statement.
    sent[20] = sent[20]._replace(answers='{"q": "\\u0000"}')
    slots = [Slot(one) for one in sent]
    saver.fill(slots)
    saver.close()

    assert [slot.row is None for slot in slots] == [n == 20 for n in range(50)]
    saved = ProctoredSession.objects.filter(pending_answers={"q": "text"})
    assert set(saved) == {*sessions[:20], *sessions[21:]}


def test_an_answer_that_is_nested_too_deep_is_refused_alone(hot):
    """300 levels: orjson and PostgreSQL read them, and nobody could write them out again."""
    sessions = [SessionFactory() for _ in range(50)]
    deep: Any = {"code": "x"}
    for _ in range(300):
        deep = {"deeper": deep}
    answers = [deep if n == 20 else {"code": "x"} for n in range(50)]
    replies = run_together(
        [partial(save_through, hot, s, {"q": a}) for s, a in zip(sessions, answers, strict=True)]
    )
    assert [reply.status_code for reply in replies] == [200] * 20 + [400] + [200] * 29
    assert ProctoredSession.objects.filter(pending_answers={"q": {"code": "x"}}).count() == 49


def test_a_batch_that_waited_in_vain_is_not_tried_again_piece_by_piece(monkeypatch):
    """Each of the pieces could wait as long: those who wait go to Django instead."""
    sessions = [SessionFactory() for _ in range(4)]
    stamper, statements = Stamper(), []
    monkeypatch.setattr(batcher, "SETTINGS", {**batcher.SETTINGS, "statement_timeout": 200})
    real = stamper.parameters
    stamper.parameters = lambda sent: statements.append(len(sent)) or real(sent)
    with transaction.atomic():
        SessionBeat.objects.select_for_update().get(pk=sessions[0].pk)
        slots = [Slot(Beat(s.pk, clock.now())) for s in sessions]
        stamper.fill(slots)
    stamper.close()
    assert (statements, [slot.row for slot in slots]) == ([4], [None] * 4)


def test_an_ended_test_takes_no_save_and_keeps_it_for_staff(hot, candidate):
    done = SessionFactory(candidate=candidate, completed=True)
    reply = save_through(hot, done, {"q": "too late"})
    assert (reply.status_code, hot.answered) == (409, 0)
    assert done.revisions.get().reason == "late"


def test_twenty_saves_at_once_through_both_paths_lose_nothing(hot, session):
    def call(n):
        path = hot if n % 2 else HotPath(leave_to_django)
        save_through(path, session, {f"q{n}": f"text {n}", "shared": f"text {n}"}, tab=f"t{n}")
        path.close()

    run_together([partial(call, n) for n in range(20)])
    session.refresh_from_db()
    assert {f"q{n}": f"text {n}" for n in range(20)}.items() <= session.pending_answers.items()
    texts = {session.pending_answers["shared"], *session.revisions.values_list("value", flat=True)}
    assert texts == {f"text {n}" for n in range(20)}


def test_saves_of_one_tab_at_once_end_with_the_last_and_lose_none_of_the_keys(hot, session):
    calls = [
        partial(save_through, hot, session, {f"q{n}": f"text {n}"}, sequence=n) for n in range(20)
    ]
    replies = run_together(calls)
    assert {reply.status_code for reply in replies} == {200}
    session.refresh_from_db()
    assert session.pending_answers == {f"q{n}": f"text {n}" for n in range(20)}
