"""When the web server itself was away, no test pays for it; and nobody else is given time."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from common import clock
from diagnostics.selectors.attention import needs_attention
from sessions_app.proctoring.models import Outage, ProctoredSession, ServerHeartbeat
from sessions_app.proctoring.selectors.sessions import short_of_time
from sessions_app.proctoring.services import staff
from sessions_app.proctoring.services.outages import record_web_heartbeat
from sessions_app.proctoring.services.sweeping import plan_sweep, sweep_sessions
from tests import NOW
from tests.factories import UserFactory
from tests.proctoring.factories import SessionFactory

GAP = timedelta(minutes=8)


def running(*, left=timedelta(minutes=30), **fields):
    start = NOW - GAP - timedelta(minutes=60) + left
    return SessionFactory(test_start_time=start, last_heartbeat=NOW - GAP, **fields)


def working(*, seconds_ago):
    """Somebody whose last beat was taken so long ago, with much time left."""
    return SessionFactory(
        test_start_time=NOW - timedelta(minutes=10),
        last_heartbeat=NOW - timedelta(seconds=seconds_ago),
    )


def web_heartbeat(*, at):
    ServerHeartbeat.objects.create(pk=ServerHeartbeat.Source.WEB, at=at)


@pytest.fixture
def away(db):
    """The last sign of any web process is 8 minutes old; sweeps went on."""
    web_heartbeat(at=NOW - GAP)
    ServerHeartbeat.objects.create(pk=ServerHeartbeat.Source.SWEEP, at=NOW - timedelta(seconds=15))


def test_the_web_that_returns_gives_the_gap_back_once_and_it_is_recorded(away):
    session = running(left=timedelta(minutes=5))
    before = session.deadline
    record_web_heartbeat(now=NOW)

    session.refresh_from_db()
    assert (session.status, session.deadline) == ("active", before + GAP)
    assert session.beat.deadline == session.deadline
    event = session.events.get()
    assert (event.type, event.detail) == ("time_given_back", {"seconds": 480.0})
    assert Outage.objects.get().sessions == 1

    record_web_heartbeat(now=NOW + timedelta(seconds=15))
    session.refresh_from_db()
    assert session.deadline == before + GAP and Outage.objects.count() == 1


def test_a_sweep_that_runs_on_alone_closes_nothing_and_gives_nothing(away):
    session = running(left=timedelta(minutes=5))  # by now silent, and past its deadline
    report = sweep_sessions(now=NOW)

    assert (report.total, report.web_away_since) == (0, NOW - GAP)
    assert plan_sweep(now=NOW).total == 0
    session.refresh_from_db()
    assert session.status == "active" and not session.events.exists()

    record_web_heartbeat(now=NOW)
    assert sweep_sessions(now=NOW).web_away_since is None


def test_the_command_says_that_it_holds_back(db):
    web_heartbeat(at=clock.now() - timedelta(seconds=90))
    out = StringIO()
    call_command("sweep_test_sessions", "--dry-run", stdout=out)
    assert "Held back: no web process was heard of for 90 s" in out.getvalue()


def test_what_a_sweep_still_closes_had_its_deadline_while_the_web_was_there(db):
    web_heartbeat(at=NOW - timedelta(seconds=30))
    due = SessionFactory(
        test_start_time=NOW - timedelta(seconds=3631), last_heartbeat=NOW - timedelta(seconds=35)
    )
    assert sweep_sessions(now=NOW).closed == {"timer_expired": 1}
    assert due.deadline < NOW - timedelta(seconds=30)
    assert sweep_sessions(now=NOW + timedelta(seconds=1)).web_away_since is not None


def test_a_worker_that_was_away_gives_nobody_time(db):
    session = running()
    before = session.deadline
    ServerHeartbeat.objects.create(pk=ServerHeartbeat.Source.SWEEP, at=NOW - GAP)
    web_heartbeat(at=NOW - timedelta(seconds=10))

    assert sweep_sessions(now=NOW).closed == {"heartbeat_timeout": 1}
    session.refresh_from_db()
    assert session.deadline == before and not Outage.objects.exists()


def test_where_the_web_records_no_heartbeat_a_gap_of_the_sweeps_counts(db):
    session = running(left=timedelta(minutes=5))
    before = session.deadline
    ServerHeartbeat.objects.create(pk=ServerHeartbeat.Source.SWEEP, at=NOW - GAP)
    report = sweep_sessions(now=NOW)

    session.refresh_from_db()
    assert report.given_back_seconds == GAP.total_seconds() and report.total == 0
    assert session.deadline == before + GAP


def test_one_candidates_own_outage_is_nobody_elses_and_gives_no_time(db):
    web_heartbeat(at=NOW - timedelta(seconds=20))
    silent, beating = running(), working(seconds_ago=5)
    before = silent.deadline
    record_web_heartbeat(now=NOW)

    assert sweep_sessions(now=NOW).closed == {"heartbeat_timeout": 1}
    silent.refresh_from_db()
    beating.refresh_from_db()
    assert (silent.status, silent.deadline) == ("abandoned", before)
    assert beating.status == "active" and not Outage.objects.exists()


def test_beats_that_were_taken_show_that_the_web_was_there(away):
    """Only its record failed: nobody lost time, so nobody is given any, and sweeps go on."""
    silent, beating = running(), working(seconds_ago=20)
    assert sweep_sessions(now=NOW).closed == {"heartbeat_timeout": 1}
    assert record_web_heartbeat(now=NOW) is None
    silent.refresh_from_db()
    assert silent.status == "abandoned" and not beating.events.exists()


def test_silence_starts_anew_after_the_outage(away):
    session = running()
    record_web_heartbeat(now=NOW)
    assert sweep_sessions(now=NOW + timedelta(seconds=20)).total == 0
    for seconds in range(20, 301, 20):
        record_web_heartbeat(now=NOW + timedelta(seconds=seconds))
    assert sweep_sessions(now=NOW + timedelta(seconds=301)).closed == {"heartbeat_timeout": 1}
    session.refresh_from_db()
    assert session.status == "abandoned"


def test_what_had_ended_gets_nothing_and_what_was_left_keeps_its_chance(away):
    done = running(completed=True)
    over = running(left=timedelta(minutes=-5), left_at=NOW - GAP, status="abandoned",
                   completion_method="tab_close", next_check_at=None)  # fmt: skip
    left = running(left_at=NOW - GAP, status="abandoned", completion_method="tab_close",
                   next_check_at=None)  # fmt: skip
    before = {s.pk: s.deadline for s in (done, over, left)}
    record_web_heartbeat(now=NOW)

    after = {s.pk: s.deadline for s in ProctoredSession.objects.all()}
    assert after == {**before, left.pk: before[left.pk] + GAP}


def back_now():
    """The web is back this moment after six minutes, and nothing has said so yet."""
    now = clock.now()
    gone = now - timedelta(minutes=6)
    web_heartbeat(at=gone)
    return SessionFactory(test_start_time=gone - timedelta(minutes=57), last_heartbeat=gone)


def test_a_request_that_comes_before_the_first_web_heartbeat_closes_nothing(staff_api):
    session = back_now()  # its deadline passed meanwhile, and it was silent
    before = session.deadline
    reply = staff_api.get(f"/api/test-session/{session.pk}").json()["session"]

    session.refresh_from_db()
    assert reply["status"] == session.status == "active"
    assert session.deadline - before >= timedelta(minutes=6)


def test_staff_who_act_before_the_first_web_heartbeat_find_the_test_open(db):
    session = back_now()
    before = session.deadline
    staff.extend_session(
        candidate_id=session.pk, minutes=10, staff_id=1, reason="Outage", now=clock.now()
    )
    session.refresh_from_db()
    assert session.status == "active"
    assert session.deadline - before >= timedelta(minutes=16)


def test_web_heartbeats_that_follow_each_other_give_nothing_back(db):
    session = running()
    for seconds in range(0, 300, 55):
        assert record_web_heartbeat(now=NOW + timedelta(seconds=seconds)) is None
    session.refresh_from_db()
    assert not Outage.objects.exists() and not session.events.exists()


def test_a_clock_that_goes_back_does_not_move_the_web_heartbeat(db):
    record_web_heartbeat(now=NOW)
    record_web_heartbeat(now=NOW - timedelta(minutes=10))
    assert ServerHeartbeat.objects.get().at == NOW


HOUR = timedelta(hours=1)


def hour_away(*sessions_left, **fields):
    """Tests with so many minutes left when the web went, an hour ago."""
    web_heartbeat(at=NOW - HOUR)
    return [
        SessionFactory(
            test_start_time=NOW - HOUR - timedelta(minutes=60 - left),
            last_heartbeat=NOW - HOUR,
            **fields,
        )
        for left in sessions_left
    ]


def test_a_test_is_given_ten_minutes_at_most_and_none_of_the_silence_counts(db):
    [session] = hour_away(55)
    before = session.deadline
    record_web_heartbeat(now=NOW)

    session.refresh_from_db()
    assert session.deadline == session.beat.deadline == before + timedelta(minutes=10)
    assert session.beat.last_heartbeat == NOW
    assert session.next_check_at == session.deadline + timedelta(seconds=30)
    assert session.events.get().detail == {"seconds": 600.0, "short_seconds": 3000.0}
    assert sweep_sessions(now=NOW + timedelta(seconds=20)).total == 0


def test_the_bound_is_of_all_outages_of_a_test_together(db, settings):
    """Whoever can stop the site again and again makes no test longer than by that."""
    settings.OUTAGE_MINUTES_PER_TEST = 12
    session = SessionFactory(test_start_time=NOW, last_heartbeat=NOW)
    untouched = session.deadline
    record_web_heartbeat(now=NOW)
    moved = []
    for minutes in (5, 10, 15, 20):
        record_web_heartbeat(now=NOW + timedelta(minutes=minutes))
        session.refresh_from_db()
        moved.append((session.deadline - untouched).total_seconds() / 60)
    assert moved == [5, 10, 12, 12]
    given = [event.detail["seconds"] for event in session.events.all()]
    assert given == [300.0, 300.0, 120.0, 0.0]


def test_what_a_candidate_reports_as_given_does_not_count(db):
    session = running(left=timedelta(minutes=30))
    before = session.deadline
    session.events.create(
        kind="integrity", type="time_given_back", who="page", at=NOW, detail={"seconds": 600}
    )
    web_heartbeat(at=NOW - GAP)
    record_web_heartbeat(now=NOW)
    session.refresh_from_db()
    assert session.deadline == before + GAP


def test_tests_that_got_less_than_they_lost_are_listed_until_staff_have_acted(db):
    long, nearly_over = hour_away(59, 5)
    record_web_heartbeat(now=NOW)
    sweep_sessions(now=NOW + timedelta(seconds=1))
    nearly_over.refresh_from_db()
    assert nearly_over.status == "completed"  # ten minutes did not reach to the end of the hour
    assert set(short_of_time(now=NOW)) == {long, nearly_over}

    how = {"staff_id": 1, "reason": "The outage", "now": NOW + timedelta(seconds=5)}
    staff.extend_session(candidate_id=long.pk, minutes=50, **how)
    assert set(short_of_time(now=NOW)) == {nearly_over}
    staff.reopen_session(candidate_id=nearly_over.pk, minutes=5, **how)
    assert not short_of_time(now=NOW).exists()
    nearly_over.refresh_from_db()
    assert nearly_over.status == "active"


def test_staff_find_them_under_needs_attention(client, db):
    shown = SessionFactory(test_start_time=clock.now() - timedelta(minutes=70))
    SessionFactory(test_start_time=clock.now() - timedelta(minutes=2))
    detail = {"seconds": 600.0, "short_seconds": 60.0}
    shown.events.create(kind="clock", type="time_given_back", who="system", at=NOW, detail=detail)
    client.force_login(UserFactory(admin=True))
    items = needs_attention(now=clock.now())
    [item] = [item for item in items if "outage" in item.words]
    assert (item.count, item.severity) == (1, "high")
    page = client.get(item.url).content.decode()
    assert str(shown.candidate) in page and "1 test session" in page
