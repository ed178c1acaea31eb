"""Sessions that should not be, or not be as they are."""

from __future__ import annotations

from datetime import timedelta

from diagnostics import ground
from diagnostics.faults.sower import HOUR, Sower
from evaluation.models import Evaluation
from practice.models import Practice, PracticeHistory, PracticeMain
from sessions_app.assessments.models import Candidate
from sessions_app.interviews.models import PracticeSession
from sessions_app.proctoring.models import ProctoredSession


def ghost_sessions(sow: Sower, count: int) -> None:
    """An empty practising session beside a newer one of the same user and set, in history."""
    users = sow.people(count)
    ground.make_completed(sow.ground, users, at=sow.now - HOUR)
    ground.make_live(sow.ground, users, at=sow.now - 2 * HOUR)


def ghost_interviews(sow: Sower, count: int) -> None:
    """Of three empty sessions opened in a row two are ghosts; here, of each pair the older."""
    users = sow.people(count)
    old = ground.make_interviews(sow.ground, users, at=sow.now - 3 * HOUR, attempts=0, ended=False)
    PracticeSession.objects.filter(pk__in=[s.pk for s in old]).update(
        ended_at=sow.now - 2 * HOUR, ended_by="learner"
    )
    ground.make_interviews(sow.ground, users, at=sow.now - HOUR, attempts=1)


def abandoned_interviews(sow: Sower, count: int) -> None:
    long_ago = sow.now - timedelta(days=3)
    ground.make_interviews(sow.ground, sow.people(count), at=long_ago, attempts=1, ended=False)


def interview_numbers(sow: Sower, count: int) -> None:
    made = ground.make_interviews(sow.ground, sow.people(count), at=sow.now - HOUR, attempts=1)
    PracticeSession.objects.filter(pk__in=[s.pk for s in made]).update(questions_count=5)


def history_gaps(sow: Sower, count: int) -> None:
    users = sow.people(count)
    made = ground.make_completed(sow.ground, users, at=sow.now - HOUR)
    PracticeHistory.objects.filter(session__in=made).delete()
    Evaluation.objects.filter(owner__in=users).delete()


def live_and_past(sow: Sower, count: int) -> None:
    """Live, with words, under the id of a completed session of another set of the same person."""
    users = sow.people(count)
    past = ground.make_completed(sow.ground, users, at=sow.now - 3 * HOUR)
    live = [
        PracticeMain(
            id=session.pk,
            user_id=session.user_id,
            question_main=sow.ground.other_set,
            started_at=sow.now - 2 * HOUR,
            last_saved_at=sow.now - HOUR,
        )
        for session in past
    ]
    PracticeMain.objects.bulk_create(live)
    Practice.objects.bulk_create(
        Practice(session=session, question=sow.ground.other_question, order=1, title="x", version=1)
        for session in live
    )


def overdue_tests(sow: Sower, count: int) -> None:
    started = sow.now - 3 * HOUR
    candidates = Candidate.objects.bulk_create(
        Candidate(name=f"Candidate {n}", email=f"c{n}@example.com") for n in range(count)
    )
    ProctoredSession.objects.bulk_create(
        ProctoredSession(
            candidate=candidate,
            test_start_time=started,
            last_heartbeat=started,
            deadline=started + HOUR,
            next_check_at=started + HOUR,
            created_at=started,
        )
        for candidate in candidates
    )


def creation_bursts(sow: Sower, count: int) -> None:
    for user in sow.people(count):
        ground.make_interviews(sow.ground, [user] * 5, at=sow.now - HOUR, attempts=1)


def wrong_status(sow: Sower, count: int) -> None:
    """Words in it, and closed where it should be open; needs its constraint dropped."""
    made = ground.make_live(sow.ground, sow.people(count), at=sow.now - HOUR, words="An answer.")
    PracticeMain.objects.filter(pk__in=[session.pk for session in made]).update(status="completed")


def twice_practising(sow: Sower, count: int) -> None:
    """Two sessions of one set, both with words; needs its constraint dropped."""
    users = sow.people(count)
    for hours in (2, 1):
        ground.make_live(sow.ground, users, at=sow.now - hours * HOUR, words="An answer.")
