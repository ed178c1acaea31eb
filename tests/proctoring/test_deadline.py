"""Time alone: what is due is applied by every touch and by the sweep, in the same way."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection

from common import clock
from common.errors import Conflict
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession, SessionBeat
from sessions_app.proctoring.rules import Due, due_at
from sessions_app.proctoring.rules_sql import is_past_deadline
from sessions_app.proctoring.services import status as statuses
from sessions_app.proctoring.services import sweeping
from sessions_app.proctoring.services.beats import record_activity, record_heartbeat
from sessions_app.proctoring.services.sweeping import plan_sweep, sweep_sessions
from tests import NOW
from tests.proctoring.factories import SessionFactory
from tests.proctoring.roads import on_both_roads

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def due(*, deadline, beat, status="active"):
    return due_at(status=status, deadline=NOW + deadline, last_heartbeat=NOW + beat, now=NOW)


@pytest.mark.parametrize(
    ("deadline", "beat", "expected"),
    [
        (10 * MINUTE, -4 * MINUTE, None),
        (10 * MINUTE, -5 * MINUTE, None),
        (10 * MINUTE, -5 * MINUTE - SECOND, ("abandoned", "heartbeat_timeout", -SECOND)),
        (-30 * SECOND, 0 * SECOND, None),
        (-31 * SECOND, 0 * SECOND, ("completed", "timer_expired", -31 * SECOND)),
        # Both are due: the earlier decides.
        (-2 * MINUTE, -8 * MINUTE, ("abandoned", "heartbeat_timeout", -3 * MINUTE)),
        (-4 * MINUTE, -8 * MINUTE, ("completed", "timer_expired", -4 * MINUTE)),
        # Silent since before the deadline, but not for five minutes until then: the timer's.
        (-10 * SECOND, -5 * MINUTE - SECOND, None),
    ],
)
def test_what_is_due(deadline, beat, expected):
    found = due(deadline=deadline, beat=beat)
    assert found == (expected and Due(expected[0], expected[1], NOW + expected[2]))


def test_nothing_is_due_for_what_has_ended():
    for status in ("completed", "abandoned"):
        assert due(deadline=-MINUTE, beat=-9 * MINUTE, status=status) is None


def test_the_database_finds_due_what_the_rules_find_due(db):
    SessionFactory()
    edges = [minutes * MINUTE + SECOND * s for minutes in (-10, -5, 0, 5) for s in (-31, -30, 0, 1)]
    for deadline, beat in product(edges, edges):
        SessionBeat.objects.update(deadline=NOW + deadline, last_heartbeat=NOW + beat)
        beats, found = SessionBeat.objects, due(deadline=deadline, beat=beat)
        is_silent, is_past = beats.silent_at(NOW).exists(), beats.filter(is_past_deadline(NOW))
        assert is_silent is (found is not None and found.to == "abandoned"), (deadline, beat)
        completes = is_past.exists() and not is_silent
        assert completes is (found is not None and found.to == "completed"), (deadline, beat)
        assert beats.alive_at(NOW).exists() is (found is None), (deadline, beat)


def overdue(candidate=None, *, past=MINUTE, **fields):
    """A running test whose deadline lies `past` back, with a fresh beat."""
    extra = {"candidate": candidate} if candidate else {}
    start = clock.now() - timedelta(minutes=60) - past
    return SessionFactory(test_start_time=start, **extra, **fields)


def silent(candidate=None, *, past=timedelta(minutes=6), **fields):
    extra = {"candidate": candidate} if candidate else {}
    return SessionFactory(last_heartbeat=clock.now() - past, **extra, **fields)


@pytest.mark.parametrize("verb", ["", "heartbeat", "activity", "progress", "complete", "abandon"])
@on_both_roads
def test_any_request_closes_a_test_past_its_deadline_at_once(api, url, candidate, verb):
    session = overdue(candidate, pending_answers={"q": "kept"})
    api.put(url(verb), {}) if verb else api.get(url())

    session.refresh_from_db()
    assert (session.status, session.completion_method) == ("completed", "timer_expired")
    assert session.completed_at == session.deadline
    assert session.pending_answers == {"q": "kept"}
    assert session.last_heartbeat is not None
    assert not SessionBeat.objects.exists()


@on_both_roads
def test_saves_and_the_hand_in_are_taken_within_30_s_of_grace(api, url, candidate):
    session = overdue(candidate, past=20 * SECOND)
    assert api.put(url("progress"), {"pending_answers": {"q": "last"}}).status_code == 200
    reply = api.put(url("complete"))

    assert reply.status_code == 200
    session.refresh_from_db()
    assert session.completed_at == session.deadline
    assert session.pending_answers == {"q": "last"}


@on_both_roads
def test_a_save_after_the_grace_is_refused_but_kept_for_staff(api, url, candidate):
    overdue(candidate, past=40 * SECOND, pending_answers={"q": "in time"})
    for _ in range(2):
        reply = api.put(url("progress"), {"pending_answers": {"q": "too late"}})
        assert (reply.status_code, reply.json()["status"]) == (409, "completed")

    kept = AnswerRevision.objects.get()
    assert (kept.key, kept.value, kept.reason) == ("q", "too late", "late")


@on_both_roads
def test_a_silent_test_is_abandoned_by_its_next_beat_and_resumes_by_a_reload(api, url, candidate):
    session = silent(candidate)
    assert api.put(url("heartbeat")).status_code == 409
    session.refresh_from_db()
    assert (session.status, session.completion_method) == ("abandoned", "heartbeat_timeout")
    assert api.post("/api/test-session", {"candidate_id": str(candidate.pk)}).status_code == 200


def test_the_sweep_closes_what_is_due_and_nothing_else(db):
    fresh, gone, late = SessionFactory(), silent(), overdue()
    report = sweep_sessions(now=clock.now())

    assert report.closed == {"heartbeat_timeout": 1, "timer_expired": 1}
    states = {s.pk: s.status for s in ProctoredSession.objects.all()}
    assert states == {fresh.pk: "active", gone.pk: "abandoned", late.pk: "completed"}
    event = gone.events.get()
    assert (event.who, event.type, event.to_status) == ("clock", "heartbeat_timeout", "abandoned")
    assert event.at < clock.now() - 30 * SECOND  # when the silence became too long
    assert sweep_sessions(now=clock.now()).total == 0


def test_a_sweep_that_comes_late_stamps_the_deadline(db):
    session = overdue(past=timedelta(hours=3), last_heartbeat=clock.now() - timedelta(hours=3))
    sweep_sessions(now=clock.now())

    session.refresh_from_db()
    assert session.completed_at == session.deadline


def test_an_active_test_without_a_beat_row_is_found(db):
    session = silent(beat=False)
    assert sweep_sessions(now=clock.now()).closed == {"heartbeat_timeout": 1}
    session.refresh_from_db()
    assert session.status == "abandoned"


def test_a_batch_is_a_few_statements_however_many_it_closes(db, django_assert_max_num_queries):
    for _ in range(12):
        silent()
    with django_assert_max_num_queries(24):
        assert sweep_sessions(now=clock.now()).total == 12


def test_one_bad_row_never_stops_the_rest(db, monkeypatch):
    bad, *good = [silent() for _ in range(5)]
    real = statuses.event_of

    def event_of(session, *args, **kwargs):
        if session.pk == bad.pk:
            raise ValueError("this row cannot be closed")
        return real(session, *args, **kwargs)

    monkeypatch.setattr(statuses, "event_of", event_of)
    report = sweep_sessions(now=clock.now())

    assert report.total == 4 and report.failed == (bad.pk,)
    bad.refresh_from_db()
    assert bad.status == "active"
    assert set(ProctoredSession.objects.filter(status="abandoned")) == set(good)


def test_a_dry_run_says_what_it_would_do_and_how_far_behind_it_is(db):
    silent(), overdue(), SessionFactory()
    out = StringIO()
    call_command("sweep_test_sessions", "--dry-run", stdout=out)

    assert "Would close 2 test sessions." in out.getvalue()
    assert "heartbeat_timeout" in out.getvalue() and "timer_expired" in out.getvalue()
    assert "Behind by 6" in out.getvalue()
    assert ProctoredSession.objects.active().count() == 3

    call_command("sweep_test_sessions", stdout=out)
    assert ProctoredSession.objects.active().count() == 1
    assert plan_sweep(now=clock.now()).total == 0


def test_staff_see_silent_ones_as_overdue_until_the_sweep_comes(staff_api, api, url, candidate):
    silent(candidate)
    (row,) = staff_api.get("/api/test-session/abandoned").json()["sessions"]
    assert (row["status"], row["overdue"]) == ("active", True)
    (active,) = staff_api.get("/api/test-session/active").json()["sessions"]
    assert active["overdue"] is True

    sweep_sessions(now=clock.now())
    (row,) = staff_api.get("/api/test-session/abandoned").json()["sessions"]
    assert (row["status"], row["overdue"]) == ("abandoned", False)


def test_sweeping_in_small_batches_closes_all(db):
    for _ in range(7):
        silent()
    assert sweep_sessions(now=clock.now(), batch=2).total == 7


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row storage of PostgreSQL")
def test_beats_have_room_and_no_index_on_their_stamps(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'test_session_beat'")
        assert cursor.fetchone()[0] == ["fillfactor=50"]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'test_session_beat'")
        assert cursor.fetchone()[0] == 1


def test_the_task_is_on_the_beat(db):
    from config.celery import app

    silent()
    entry = next(e for e in app.conf.beat_schedule.values() if "sweep_test" in e["task"])
    assert entry["schedule"] == 15
    app.loader.import_default_modules()
    app.tasks[entry["task"]]()
    assert ProctoredSession.objects.active().count() == 0
    assert sweeping.due_ids(now=clock.now()) == []


def test_a_test_that_lost_its_beat_row_is_found_at_least_every_five_minutes(db):
    lost = silent()
    SessionBeat.objects.filter(pk=lost.pk).delete()
    now = clock.now()

    assert sweeping.due_ids(now=now, with_lost=False) == []
    assert sweeping.due_ids(now=now) == [lost.pk]
    start = now.replace(second=7, microsecond=0)
    moments = [start + n * 15 * SECOND for n in range(20)]
    assert 1 <= sum(sweeping.looks_for_lost_rows(moment) for moment in moments) <= 2


@pytest.mark.parametrize("record", [record_heartbeat, record_activity])
def test_a_beat_by_itself_revives_neither_the_silent_nor_the_overdue(db, record):
    """The statement asks for itself: nobody has looked at the session before it."""
    now = clock.now()
    silent = SessionFactory(last_heartbeat=now - timedelta(minutes=6))
    overdue = SessionFactory(
        test_start_time=now - timedelta(minutes=61), last_heartbeat=now - timedelta(seconds=20)
    )
    for session, status in ((silent, "abandoned"), (overdue, "completed")):
        with pytest.raises(Conflict):
            record(candidate_id=session.pk, now=now)
        session.refresh_from_db()
        assert session.status == status
