"""Known faults, made on purpose in a scratch database: one function per check.

Each makes exactly as many faults as asked, of its own kind and of no other, so that a diagnosis can
be held against what was sown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Max

from accounts.models import DailyUsage, Subscription, UsageReservation, User
from common import clock
from diagnostics import ground
from diagnostics.ground import Ground
from evaluation.models import Evaluation
from practice import bank_cache
from practice.models import (
    Practice,
    PracticeHistory,
    PracticeMain,
    QuestionMain,
    Submission,
)
from sessions_app.interviews.models import Attempt, PracticeSession
from sessions_app.proctoring.models import Candidate, ProctoredSession
from tracking.models import Evidence

HOUR = timedelta(hours=1)
NOWHERE = 9_000_000_000


@dataclass
class Sower:
    """`now` is when the faults will be looked for."""

    ground: Ground
    now: datetime
    users: list[User] = field(default_factory=list)

    def people(self, count: int) -> list[User]:
        """Fresh people, one for each fault: no two faults meet in one person."""
        made = ground.make_people(count, prefix=f"fault{uuid.uuid4().hex[:8]}", now=self.now)
        self.users.extend(made)
        return made


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


def _no_session(model: type[Practice] | type[PracticeHistory]) -> int:
    """Session keys from here on belong to nobody, not even to faults sown before."""
    last = model.objects.aggregate(last=Max("session_id"))["last"] or 0
    return max(NOWHERE, last + 1)


def orphan_submissions(sow: Sower, count: int) -> None:
    nowhere = _no_session(Practice)
    Practice.objects.bulk_create(
        Practice(session_id=nowhere + n, question=sow.ground.question, order=1, title="x")
        for n in range(count)
    )


def orphan_history(sow: Sower, count: int) -> None:
    first, nowhere = ground.next_id(PracticeHistory), _no_session(PracticeHistory)
    PracticeHistory.objects.bulk_create(
        PracticeHistory(
            id=first + n,
            session_id=nowhere + n,
            question=sow.ground.question,
            order=1,
            title="x",
            prompt="x",
        )
        for n in range(count)
    )


def orphan_attempts(sow: Sower, count: int) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            session_id=uuid.uuid4(),
            question=sow.ground.interview_question,
            question_title="x",
            question_prompt="x",
            answer_text="x" * 60,
            unscored="limit",
            created_at=sow.now - HOUR,
        )
        for _ in range(count)
    )


def orphan_evidence(sow: Sower, count: int) -> None:
    users = sow.people(count)
    Evidence.objects.bulk_create(
        Evidence(
            user=user,
            skill_id=NOWHERE + n,
            evidence_type="note",
            content="x",
            created_at=sow.now - HOUR,
        )
        for n, user in enumerate(users)
    )


def orphan_evaluations(sow: Sower, count: int) -> None:
    ground.make_evaluations(sow.ground, sow.people(count), at=sow.now - HOUR)


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


def unevaluated_answers(sow: Sower, count: int) -> None:
    live = ground.make_live(sow.ground, sow.people(count), at=sow.now - HOUR, words="An answer.")
    practices = Practice.objects.filter(session__in=live)
    Submission.objects.bulk_create(
        Submission(
            practice=practice, number=1, answer_text="An answer.", submitted_at=sow.now - HOUR
        )
        for practice in practices
    )


def stalled_evaluations(sow: Sower, count: int) -> None:
    """Their submissions exist: only the worker is missing."""
    unevaluated_answers(sow, count)
    fresh = Submission.objects.filter(evaluation__isnull=True).order_by("-pk")[:count]
    rows = list(fresh.select_related("practice__session__user"))
    people = [row.practice.session.user for row in rows]
    made = ground.make_evaluations(sow.ground, people, at=sow.now - HOUR, status="queued")
    for row, evaluation in zip(rows, made, strict=True):
        row.evaluation = evaluation
    Submission.objects.bulk_update(rows, ["evaluation"])


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


def subscription_missing(sow: Sower, count: int) -> None:
    Subscription.objects.filter(user__in=sow.people(count)).delete()


def subscription_expired(sow: Sower, count: int) -> None:
    Subscription.objects.filter(user__in=sow.people(count)).update(
        plan="premium", valid_until=sow.now - HOUR
    )


def subscription_inconsistent(sow: Sower, count: int) -> None:
    Subscription.objects.filter(user__in=sow.people(count)).update(status="expired")


def stale_reservations(sow: Sower, count: int) -> None:
    day = clock.utc_day(sow.now)
    users = sow.people(count)
    UsageReservation.objects.bulk_create(
        UsageReservation(
            user=user,
            day=day,
            kind="practice_start",
            subject_kind="practice_main",
            subject_id=f"{NOWHERE + user.pk}",
            expires_at=sow.now - HOUR,
            created_at=sow.now - 3 * HOUR,
            updated_at=sow.now - 3 * HOUR,
        )
        for user in users
    )
    _count(users, day, 1)


def limit_drift(sow: Sower, count: int) -> None:
    users = sow.people(count)
    User.objects.filter(pk__in=[u.pk for u in users]).update(
        date_joined=sow.now - timedelta(days=30)
    )
    _count(users, clock.utc_day(sow.now), 2)


def new_user_limits(sow: Sower, count: int) -> None:
    users = sow.people(count)
    User.objects.filter(pk__in=[u.pk for u in users]).update(date_joined=sow.now - HOUR)
    _count(users, clock.utc_day(sow.now), 3)


def _count(users: list[User], day: object, taken: int) -> None:
    DailyUsage.objects.bulk_create(
        DailyUsage(user=user, day=day, kind="practice_start", taken=taken) for user in users
    )


def creation_bursts(sow: Sower, count: int) -> None:
    for user in sow.people(count):
        ground.make_interviews(sow.ground, [user] * 5, at=sow.now - HOUR, attempts=1)


def cache_consistency(sow: Sower, count: int) -> None:
    """Sets of their own, cached with a title that they do not have."""
    unique = uuid.uuid4().hex[:8]
    made = QuestionMain.objects.bulk_create(
        QuestionMain(
            slug=f"fault-{unique}-{n}",
            kind="design",
            title=f"Set {n}",
            category="storage",
            difficulty="medium",
            minutes=45,
            summary="x",
            created_at=sow.now,
            updated_at=sow.now,
        )
        for n in range(count)
    )
    for row in made:
        parts = bank_cache.parts_of(row)
        parts["hidden"]["title"] = "An old title"
        cache.set(bank_cache.key_of(row), parts, bank_cache.KEPT_SECONDS)


FAULTS: dict[str, Callable[[Sower, int], None]] = {
    f.__name__: f
    for f in (
        orphan_submissions,
        orphan_history,
        orphan_attempts,
        orphan_evidence,
        orphan_evaluations,
        ghost_sessions,
        ghost_interviews,
        abandoned_interviews,
        interview_numbers,
        creation_bursts,
        history_gaps,
        live_and_past,
        unevaluated_answers,
        stalled_evaluations,
        overdue_tests,
        subscription_missing,
        subscription_expired,
        subscription_inconsistent,
        stale_reservations,
        limit_drift,
        new_user_limits,
        cache_consistency,
    )
}
NEED_NO_FOREIGN_KEYS = {
    "orphan_submissions",
    "orphan_history",
    "orphan_attempts",
    "orphan_evidence",
}
"""Impossible while the database guards its foreign keys; the scratch database drops them."""
