"""What is kept how long: due by kind, removed in batches, never what is still open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import ApiToken
from accounts.services.tokens import issue_token
from common import clock, retention
from common.models import IdempotencyKey
from diagnostics.models import DiagnosticRun, UserErrorReport
from practice.models import BoardPicture, PracticeMainHistory
from practice.services.completion import complete_session
from sessions_app.assessments.models import Candidate
from sessions_app.proctoring.models import AnswerRevision, Outage, ProctoredSession, SessionEvent
from sessions_app.proctoring.states import Method, Status
from tests.assessments.factories import CandidateFactory
from tests.practice.factories import NOW as PRACTICED
from tests.practice.factories import make_session
from tests.proctoring.factories import SessionFactory
from tests.storage.test_pictures import save, scene
from tracking.models import Trash

pytestmark = pytest.mark.django_db
LONG = timedelta(days=400)


@pytest.fixture
def now():
    return clock.now()


def sitting(*, ended_ago: timedelta, now, status=Status.COMPLETED) -> ProctoredSession:
    ended = now - ended_ago
    row = SessionFactory(
        status=status,
        test_start_time=ended - timedelta(hours=1),
        deadline=ended,
        completed_at=ended if status == Status.COMPLETED else None,
        completion_method={
            Status.COMPLETED: Method.MANUAL,
            Status.ABANDONED: Method.TAB_CLOSE,
            Status.ACTIVE: None,
        }[status],
        left_at=ended if status == Status.ABANDONED else None,
    )
    SessionEvent.objects.create(session=row, kind="move", type="started", who="x", at=ended)
    AnswerRevision.objects.create(session=row, key="a", value="b", reason="late", at=ended)
    return row


def run(now, *names) -> dict[str, int]:
    report = retention.run(now=now, names=names or None)
    assert not any(one.failed for one in report)
    return {one.name: one.rows for one in report if one.rows}


def plan(now, *names) -> dict[str, int]:
    return {x.name: x.rows for x in retention.plan(now=now, names=names or None) if x.rows}


def test_a_test_of_last_year_goes_with_its_candidate_and_all_that_hangs_on_it(now):
    old = sitting(ended_ago=timedelta(days=366), now=now)
    left = sitting(ended_ago=timedelta(days=366), now=now, status=Status.ABANDONED)
    young = sitting(ended_ago=timedelta(days=364), now=now)

    assert plan(now, "sittings") == {"sittings": 2}
    assert run(now, "sittings") == {"sittings": 2}

    assert list(Candidate.objects.values_list("pk", flat=True)) == [young.pk]
    gone = [old.pk, left.pk]
    for model in (SessionEvent, AnswerRevision):
        assert not model.objects.filter(session__in=gone).exists()
        assert model.objects.filter(session=young).exists()
    assert run(now, "sittings") == {}  # the second time there is nothing left


def test_an_open_test_is_never_removed_however_old_it_looks(now):
    row = sitting(ended_ago=LONG, now=now, status=Status.ACTIVE)
    assert plan(now) == {}
    run(now)
    assert ProctoredSession.objects.get() == row
    assert SessionEvent.objects.filter(session=row).exists()


def test_a_left_test_with_time_on_its_clock_is_never_removed(now):
    row = sitting(ended_ago=LONG, now=now, status=Status.ABANDONED)
    ProctoredSession.objects.update(deadline=now + timedelta(hours=1))
    assert run(now) == {}
    assert Candidate.objects.filter(pk=row.pk).exists()


def test_who_never_started_goes_once_the_invitation_is_long_over(now, settings):
    settings.CANDIDATE_TOKEN_DAYS = 14
    old, invited_again, young = (CandidateFactory() for _ in range(3))
    Candidate.objects.filter(pk__in=[old.pk, invited_again.pk]).update(created_at=now - LONG)
    Candidate.objects.filter(pk=invited_again.pk).update(invited_at=now - timedelta(days=3))

    assert run(now, "candidates") == {"candidates": 1}
    assert set(Candidate.objects.values_list("pk", flat=True)) == {invited_again.pk, young.pk}


def test_events_may_be_kept_shorter_than_tests(now, settings):
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "events": 30, "sittings": 0}
    old, live = sitting(ended_ago=LONG, now=now), sitting(ended_ago=LONG, now=now, status="active")
    SessionEvent.objects.update(recorded_at=now - LONG)
    Outage.objects.create(started_at=now - LONG, ended_at=now - LONG)

    assert run(now) == {"events": 1, "outages": 1}
    assert ProctoredSession.objects.filter(pk=old.pk).exists()
    assert SessionEvent.objects.filter(session=live).exists()


def test_learners_words_stay_unless_a_setting_says_otherwise(owner, now, settings):
    session = make_session(owner)
    save(session, scene("a"), 0)
    complete_session(user=owner, session_id=session.pk, now=PRACTICED)
    PracticeMainHistory.objects.update(completed_at=now - 10 * LONG)
    assert run(now) == {}

    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "practice": 365}
    BoardPicture.objects.update(created_at=now - LONG)
    assert run(now) == {"practice": 1, "pictures": 1}

    owner.storage.refresh_from_db()
    assert owner.storage.total == 0


def test_what_ends_by_itself_goes(owner, now):
    issue_token(user=owner, name="old")
    ApiToken.objects.update(expiry=now - timedelta(days=1))
    issue_token(user=owner, name="good")
    for days in (-1, 1):
        ends = now + timedelta(days=days)
        Session.objects.create(session_key=f"key{days}", session_data="", expire_date=ends)
    for age in (23, 25):
        at = now - timedelta(hours=age)
        IdempotencyKey.objects.create(key=f"k{age}", body_hash="", created_at=at)
    for age in (6, 8):
        at = now - timedelta(days=age)
        Trash.objects.create(user=owner, kind="skill", object_id=age, rows=[], deleted_at=at)
    for age in (1, 400):
        at = now - timedelta(days=age)
        DiagnosticRun.objects.create(trigger="command", started_at=at)
        UserErrorReport.objects.create(created_at=at)
    due = dict.fromkeys(
        (*("idempotency_keys", "tokens", "sign_ins", "trash"), *("diagnoses", "error_reports")), 1
    )

    assert plan(now) == due
    assert run(now) == due
    assert run(now) == {}
    assert (ApiToken.objects.count(), Session.objects.count(), Trash.objects.count()) == (1, 1, 1)


def test_many_go_in_batches_of_their_own(now):
    """What was removed before an interruption stays removed; the next run takes the rest."""
    old = now - timedelta(days=2)
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(key=f"k{n}", body_hash="", created_at=old) for n in range(450)
    )
    (kind,) = retention.kinds(["idempotency_keys"])

    batches = kind.batches(now)
    assert next(batches) == 200
    batches.close()  # killed here

    assert IdempotencyKey.objects.count() == 250
    assert run(now, "idempotency_keys") == {"idempotency_keys": 250}


def test_a_kind_that_fails_stops_no_other(now, monkeypatch, capsys):
    IdempotencyKey.objects.create(key="k", body_hash="", created_at=now - LONG)

    def broken(_: object) -> object:
        raise RuntimeError("boom")

    monkeypatch.setattr(retention, "_kinds", dict(retention._kinds))
    first = retention.Kind("broken", "Broken", broken)
    retention._kinds = {"broken": first, **retention._kinds}

    with pytest.raises(CommandError, match="broken"):
        call_command("remove_expired")
    assert not IdempotencyKey.objects.exists()


def test_the_command_says_how_much_is_due_and_removes_it(now, capsys):
    sitting(ended_ago=LONG, now=now)

    call_command("remove_expired", "--dry-run")
    assert "1 due  Tests that ended, with their candidates (sittings)" in capsys.readouterr().out
    assert ProctoredSession.objects.count() == 1

    call_command("remove_expired", "--kinds", "sittings")
    assert "1 removed  Tests that ended" in capsys.readouterr().out
    assert not ProctoredSession.objects.exists()

    with pytest.raises(CommandError, match="Unknown: nothing"):
        call_command("remove_expired", "--kinds", "nothing")


def test_every_kind_is_in_the_docs():
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
    missing = [kind.name for kind in retention.kinds() if f"`{kind.name}`" not in page]
    assert missing == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_row_that_somebody_holds_is_left_for_the_next_night(now):
    from tests.threads import run_together

    row = sitting(ended_ago=LONG, now=now)
    with transaction.atomic():
        ProctoredSession.objects.select_for_update().get(pk=row.pk)
        (report,) = run_together([lambda: run(now, "sittings")])
    assert report == {}
    assert run(now, "sittings") == {"sittings": 1}
