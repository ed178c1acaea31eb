"""A row that is made once, with what belongs to it: all of it or nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection

from common import clock
from common.inserts import insert_all_if_absent
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent
from tests.assessments.factories import CandidateFactory
from tests.threads import run_together


def rows_of(candidate, *, minutes=60, who="candidate"):
    now = clock.now()
    session = ProctoredSession(
        candidate=candidate, test_start_time=now, deadline=now + timedelta(minutes=minutes)
    )
    beat = SessionBeat(session=session, last_heartbeat=now, deadline=session.deadline)
    event = SessionEvent(session=session, kind="move", type="started", who=who, at=now)
    return session, beat, event


def counts():
    return [model.objects.count() for model in (ProctoredSession, SessionBeat, SessionEvent)]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_second_insert_changes_nothing():
    candidate = CandidateFactory()
    session, *others = rows_of(candidate)

    assert insert_all_if_absent(session, *others) is True
    assert insert_all_if_absent(*rows_of(candidate, minutes=480)) is False
    assert counts() == [1, 1, 1]
    stored = ProctoredSession.objects.get()
    assert (stored.deadline, stored.created_at) == (session.deadline, session.created_at)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_when_one_row_cannot_be_kept_none_is():
    candidate = CandidateFactory()
    with pytest.raises(IntegrityError):
        insert_all_if_absent(*rows_of(candidate, who=None))
    assert counts() == [0, 0, 0]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_inserts():
    candidate = CandidateFactory()
    calls = [partial(insert_all_if_absent, *rows_of(candidate, minutes=n + 1)) for n in range(12)]

    assert sorted(run_together(calls)) == [False] * 11 + [True]
    assert counts() == [1, 1, 1]
