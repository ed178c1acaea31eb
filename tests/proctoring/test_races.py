"""Real threads on a real database: one right outcome each time, in the event log too."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from common import clock
from sessions_app.proctoring.models import Outage, ProctoredSession, ServerHeartbeat, SessionBeat
from sessions_app.proctoring.services.outages import record_web_heartbeat
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.assessments.clients import bearer
from tests.assessments.factories import CandidateFactory, token_for
from tests.proctoring.factories import SessionFactory
from tests.threads import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
MANY = 20


def call(candidate, method, path, body=None):
    client = bearer(token_for(candidate))
    reply = getattr(client, method)(f"/api/test-session{path}", body or {})
    return reply.status_code, reply.json()


def test_twenty_creates_make_one_test_with_one_clock():
    candidate = CandidateFactory()
    body = {"candidate_id": str(candidate.pk)}
    replies = run_together([partial(call, candidate, "post", "", body)] * MANY)

    assert Counter(status for status, _ in replies) == {201: 1, 200: MANY - 1}
    assert len({reply["session"]["deadline"] for _, reply in replies}) == 1
    session = ProctoredSession.objects.get()
    assert [event.type for event in session.events.all()] == ["started"]


def test_twenty_merges_lose_nothing():
    session = SessionFactory()
    calls = [
        partial(
            call,
            session.candidate,
            "put",
            f"/{session.pk}/progress",
            {
                "pending_answers": {f"q{n}": f"answer {n}", "shared": f"text {n}"},
                "sections_completed": [f"s{n}"],
                "tab_id": f"tab {n}",
                "sequence": 1,
            },
        )
        for n in range(MANY)
    ]
    replies = run_together(calls)

    assert [status for status, _ in replies] == [200] * MANY
    session.refresh_from_db()
    assert {f"q{n}": f"answer {n}" for n in range(MANY)}.items() <= session.pending_answers.items()
    assert set(session.sections_completed) == {f"s{n}" for n in range(MANY)}
    texts = {session.pending_answers["shared"], *session.revisions.values_list("value", flat=True)}
    assert texts == {f"text {n}" for n in range(MANY)}


def test_complete_against_the_sweep_ends_once():
    for _ in range(5):
        session = SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=6))
        now = clock.now()
        run_together(
            [
                partial(call, session.candidate, "put", f"/{session.pk}/complete"),
                *[partial(sweep_sessions, now=now)] * 3,
            ]
        )
        session.refresh_from_db()
        moves = list(session.events.values_list("from_status", "to_status"))
        assert moves == [("active", "abandoned")]
        assert session.status == "abandoned" and not SessionBeat.objects.exists()


def test_complete_and_sweep_within_the_grace_complete_once():
    for _ in range(5):
        start = clock.now() - timedelta(minutes=60, seconds=10)
        session = SessionFactory(test_start_time=start)
        late = clock.now() + timedelta(seconds=25)  # a sweeper whose clock is ahead
        results = run_together(
            [
                partial(call, session.candidate, "put", f"/{session.pk}/complete"),
                partial(sweep_sessions, now=late),
            ]
        )
        assert results[0][0] == 200
        session.refresh_from_db()
        assert (session.status, session.completed_at) == ("completed", session.deadline)
        assert session.events.filter(to_status="completed").count() == 1


def test_a_heartbeat_against_abandon_leaves_one_story():
    for _ in range(5):
        session = SessionFactory()
        path = f"/{session.pk}"
        beats = [
            partial(
                call, session.candidate, "put", f"{path}/heartbeat", {"tab_id": "a", "sequence": n}
            )
            for n in (1, 2, 3)
        ]
        leave = partial(
            call, session.candidate, "put", f"{path}/abandon", {"tab_id": "a", "sequence": 9}
        )
        run_together([*beats, leave])

        session.refresh_from_db()
        # Beats older than the beacon never revive what it closed.
        assert session.status == "abandoned" and not SessionBeat.objects.exists()
        assert [event.type for event in session.events.all()] == ["left"]


def test_newer_beats_against_abandon_end_in_a_live_test():
    session = SessionFactory()
    path = f"/{session.pk}"
    leave = {"tab_id": "a", "sequence": 1}
    beat = {"tab_id": "b", "sequence": 1}
    run_together(
        [
            partial(call, session.candidate, "put", f"{path}/abandon", leave),
            *[partial(call, session.candidate, "put", f"{path}/heartbeat", beat)] * 5,
        ]
    )
    assert call(session.candidate, "put", f"{path}/heartbeat", beat)[0] == 200
    session.refresh_from_db()
    assert session.status == "active" and SessionBeat.objects.count() == 1
    types = [event.type for event in session.events.all()]
    assert types == ["left", "returned"]


def test_four_sweeps_at_once_close_each_test_once():
    for _ in range(30):
        SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=6))
    now = clock.now()
    reports = run_together([partial(sweep_sessions, now=now, batch=7)] * 4)

    sweep_sessions(now=now)
    assert all(not report.failed for report in reports)
    counts = [session.events.count() for session in ProctoredSession.objects.all()]
    assert counts == [1] * 30


def test_two_processes_that_come_back_together_give_back_once():
    now = clock.now()
    ServerHeartbeat.objects.create(pk=ServerHeartbeat.Source.WEB, at=now - timedelta(minutes=10))
    session = SessionFactory()
    run_together([partial(record_web_heartbeat, now=now)] * 6)

    before = session.deadline
    session.refresh_from_db()
    assert session.deadline == before + timedelta(minutes=10)
    assert Outage.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks")
def test_a_sweep_walks_past_a_row_that_somebody_holds():
    held, free = [SessionFactory(last_heartbeat=clock.now() - timedelta(minutes=6)) for _ in "ab"]
    from django.db import transaction

    with transaction.atomic():
        ProctoredSession.objects.select_for_update().get(pk=held.pk)
        (report,) = run_together([partial(sweep_sessions, now=clock.now())])
    assert report.total == 1
    free.refresh_from_db()
    assert free.status == "abandoned"
