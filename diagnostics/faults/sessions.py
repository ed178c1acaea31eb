"""Sessions that should not exist, or not in their state."""

from __future__ import annotations

from datetime import timedelta

from diagnostics import fixtures
from diagnostics.faults.seeder import HOUR, FaultSeeder
from evaluation.models import Evaluation
from practice.models import Practice, PracticeHistory, PracticeMain
from sessions_app.assessments.models import Candidate
from sessions_app.interviews.models import PracticeSession
from sessions_app.proctoring.models import ProctoredSession


def ghost_sessions(seeder: FaultSeeder, count: int) -> None:
    """An empty practicing session beside a newer one of the same user and set, in history."""
    users = seeder.people(count)
    fixtures.make_completed(seeder.questions, users, at=seeder.now - HOUR)
    fixtures.make_live(seeder.questions, users, at=seeder.now - 2 * HOUR)


def ghost_interviews(seeder: FaultSeeder, count: int) -> None:
    """Of three empty sessions opened in a row two are ghosts; here, of each pair the older."""
    users = seeder.people(count)
    old = fixtures.make_interviews(
        seeder.questions, users, at=seeder.now - 3 * HOUR, attempts=0, ended=False
    )
    PracticeSession.objects.filter(pk__in=[s.pk for s in old]).update(
        ended_at=seeder.now - 2 * HOUR, ended_by="learner"
    )
    fixtures.make_interviews(seeder.questions, users, at=seeder.now - HOUR, attempts=1)


def abandoned_interviews(seeder: FaultSeeder, count: int) -> None:
    long_ago = seeder.now - timedelta(days=3)
    fixtures.make_interviews(
        seeder.questions, seeder.people(count), at=long_ago, attempts=1, ended=False
    )


def interview_numbers(seeder: FaultSeeder, count: int) -> None:
    made = fixtures.make_interviews(
        seeder.questions, seeder.people(count), at=seeder.now - HOUR, attempts=1
    )
    PracticeSession.objects.filter(pk__in=[s.pk for s in made]).update(questions_count=5)


def history_gaps(seeder: FaultSeeder, count: int) -> None:
    users = seeder.people(count)
    made = fixtures.make_completed(seeder.questions, users, at=seeder.now - HOUR)
    PracticeHistory.objects.filter(session__in=made).delete()
    Evaluation.objects.filter(owner__in=users).delete()


def live_and_past(seeder: FaultSeeder, count: int) -> None:
    """Live, with text, under the id of a completed session of another set of the same person."""
    users = seeder.people(count)
    past = fixtures.make_completed(seeder.questions, users, at=seeder.now - 3 * HOUR)
    live = [
        PracticeMain(
            id=session.pk,
            user_id=session.user_id,
            question_main=seeder.questions.other_set,
            started_at=seeder.now - 2 * HOUR,
            last_saved_at=seeder.now - HOUR,
        )
        for session in past
    ]
    PracticeMain.objects.bulk_create(live)
    Practice.objects.bulk_create(
        Practice(
            session=session, question=seeder.questions.other_question, order=1, title="x", version=1
        )
        for session in live
    )


def overdue_tests(seeder: FaultSeeder, count: int) -> None:
    started = seeder.now - 3 * HOUR
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


def creation_bursts(seeder: FaultSeeder, count: int) -> None:
    for user in seeder.people(count):
        fixtures.make_interviews(seeder.questions, [user] * 5, at=seeder.now - HOUR, attempts=1)


def wrong_status(seeder: FaultSeeder, count: int) -> None:
    """With text in it, and closed where it should be open; needs its constraint dropped."""
    made = fixtures.make_live(
        seeder.questions, seeder.people(count), at=seeder.now - HOUR, words="An answer."
    )
    PracticeMain.objects.filter(pk__in=[session.pk for session in made]).update(status="completed")


def twice_practicing(seeder: FaultSeeder, count: int) -> None:
    """Two sessions of one set, both with text; needs its constraint dropped."""
    users = seeder.people(count)
    for hours in (2, 1):
        fixtures.make_live(
            seeder.questions, users, at=seeder.now - hours * HOUR, words="An answer."
        )
