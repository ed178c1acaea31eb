"""Every pair of states is walked, for the clock and candidates and for staff."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from common import clock
from common.errors import Invalid
from sessions_app.proctoring.errors import MoveRefused
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.rules import DEADLINE_GRACE
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.staff import (
    end_session,
    extend_session,
    reopen_session,
    revoke_tokens,
    void_session,
)
from sessions_app.proctoring.services.status import Cause, activate_session, close_session
from sessions_app.proctoring.states import Method, Status
from sessions_app.proctoring.transitions import MOVES, STAFF_MOVES
from tests.assessments.clients import bearer
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory

TRAITS = {"active": {}, "completed": {"completed": True}, "abandoned": {"left": True}}
PAIRS = list(product(Status.values, Status.values))


def walk(session, target, *, who):
    cause, now = Cause(who, "walked"), clock.now()
    session, beat = lock_session(session.pk)
    if target == Status.ACTIVE:
        activate_session(session, now=now, cause=cause)
    else:
        method = Method.MANUAL if target == Status.COMPLETED else Method.TAB_CLOSE
        close_session(session, beat, to=Status(target), method=method, at=now, cause=cause)


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize(("who", "table"), [("candidate", MOVES), ("staff:1", STAFF_MOVES)])
def test_every_pair_of_states(db, source, target, who, table):
    session = SessionFactory(**TRAITS[source])
    allowed = target in table[Status(source)]
    if allowed:
        walk(session, target, who=who)
    else:
        with pytest.raises(MoveRefused):
            walk(session, target, who=who)

    session.refresh_from_db()
    assert session.status == (target if allowed else source)
    events = list(session.events.values_list("from_status", "to_status", "who"))
    assert events == ([(source, target, who)] if allowed else [])
    assert SessionBeat.objects.exists() == (session.status == Status.ACTIVE)
    assert (session.next_check_at is not None) == (session.status == Status.ACTIVE)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "completed"},
        {"status": "completed", "completion_method": "manual"},
        {"status": "abandoned"},
        {"completion_method": "manual"},
        {"status": "paused", "completion_method": "manual"},
    ],
)
def test_the_database_refuses_half_an_end(db, fields):
    session = SessionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProctoredSession.objects.filter(pk=session.pk).update(**fields)


STAFF = {"staff_id": 7, "reason": "The fire alarm rang"}


def test_staff_reopen_a_completed_test_with_time_from_now(db):
    start = clock.now() - timedelta(minutes=90)
    session = SessionFactory(completed=True, test_start_time=start)
    now = clock.now()
    reopen_session(candidate_id=session.pk, minutes=20, now=now, **STAFF)

    session.refresh_from_db()
    assert (session.status, session.completed_at) == ("active", None)
    assert session.deadline == now + timedelta(minutes=20)
    assert session.beat.deadline == session.deadline
    assert session.next_check_at == session.deadline + DEADLINE_GRACE
    event = session.events.get()
    assert (event.type, event.who, event.why) == ("reopened", "staff:7", "The fire alarm rang")
    with pytest.raises(MoveRefused):
        reopen_session(candidate_id=session.pk, minutes=20, now=now, **STAFF)


def test_staff_extend_a_running_test_and_its_beats_know(db):
    session = SessionFactory()
    before = session.deadline
    extend_session(candidate_id=session.pk, minutes=15, now=clock.now(), **STAFF)

    client = bearer(token_for(session.candidate))
    reply = client.put(f"/api/test-session/{session.pk}/heartbeat")
    assert reply.json()["deadline"] == clock.iso(before + timedelta(minutes=15))
    assert session.events.get().detail == {"minutes": 15}


def test_staff_end_a_test_as_auto(db):
    session = SessionFactory(left=True, pending_answers={"q": "x"})
    end_session(candidate_id=session.pk, now=clock.now(), **STAFF)
    session.refresh_from_db()
    assert (session.status, session.completion_method) == ("completed", "auto")
    assert session.pending_answers == {"q": "x"}


def test_a_void_test_takes_nothing_and_can_be_reopened(db):
    session = SessionFactory()
    client = bearer(token_for(session.candidate))
    void_session(candidate_id=session.pk, now=clock.now(), **STAFF)

    for call in (
        client.put(f"/api/test-session/{session.pk}/heartbeat"),
        client.put(f"/api/test-session/{session.pk}/complete"),
        client.post("/api/test-session", {"candidate_id": str(session.pk)}),
    ):
        assert (call.status_code, call.json()["code"]) == (409, "session_voided")
    assert client.get(f"/api/test-session/{session.pk}").json()["session"]["voided_at"]

    reopen_session(candidate_id=session.pk, minutes=5, now=clock.now(), **STAFF)
    assert client.put(f"/api/test-session/{session.pk}/heartbeat").status_code == 200


def test_staff_revoke_every_token(db):
    session = SessionFactory()
    client = bearer(token_for(session.candidate))
    revoke_tokens(candidate_id=session.pk, now=clock.now(), **STAFF)
    assert client.put(f"/api/test-session/{session.pk}/heartbeat").status_code == 401
    # One act is one entry of the audit, beside the event in the log of the test.
    entry = AuditEntry.objects.get(subject_id=str(session.pk))
    assert (entry.action, entry.reason) == ("candidate.links_withdrawn", STAFF["reason"])
    assert session.events.get(type="tokens_revoked").who == f"staff:{STAFF['staff_id']}"


def test_every_staff_action_needs_a_reason_and_sensible_minutes(db):
    session = SessionFactory()
    now = clock.now()
    with pytest.raises(Invalid):
        end_session(candidate_id=session.pk, staff_id=7, reason="  ", now=now)
    for minutes in (0, -5, 481):
        with pytest.raises(Invalid):
            extend_session(candidate_id=session.pk, minutes=minutes, now=now, **STAFF)
