"""What staff may do to a test, each with a reason that stays in the event log."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from common.errors import Invalid
from common.text import is_blank
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.rules import MAX_MINUTES
from sessions_app.assessments.selectors.plans import minutes_for
from sessions_app.assessments.services.candidates import Invitation, show_link, withdraw_tokens
from sessions_app.proctoring.errors import AlreadyOver, LinkNotShown, MoveRefused, not_active_error
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.rules import DEADLINE_GRACE
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.outages import give_back_lost_time
from sessions_app.proctoring.services.scoring import withdraw_scoring
from sessions_app.proctoring.services.starting import Started, create_session
from sessions_app.proctoring.services.status import (
    Cause,
    activate_session,
    close_due_sessions,
    close_session,
    event_of,
)
from sessions_app.proctoring.states import Method, Status


@transaction.atomic
def start_for_candidate(
    *,
    candidate: Candidate,
    asked_minutes: int | None,
    staff_id: int,
    reason: str,
    now: datetime,
) -> Started:
    """Create the test of a candidate, or make one that was left active again before its deadline.

    A running one is returned as it is: signs of life are the candidate's own. Raises SessionEnded
    or SessionVoided (409) for one that is over.
    """
    minutes = minutes_for(candidate, asked=asked_minutes)
    cause = _cause(staff_id, "started", reason, {"minutes": minutes})
    beat = create_session(candidate, minutes=minutes, cause=cause, now=now)
    if beat is not None:
        return Started(beat.session, beat, created=True)
    session, beat = _lock(candidate.pk, now)
    is_late = session.status == Status.ABANDONED and now > session.deadline
    if session.voided_at or session.status == Status.COMPLETED or is_late:
        raise not_active_error(session, now=now)
    if session.status == Status.ABANDONED:
        beat = activate_session(session, now=now, cause=_cause(staff_id, "resumed", reason))
    return Started(session, beat)


@transaction.atomic(durable=True)
def reopen_session(
    *, candidate_id: UUID, minutes: int, staff_id: int, reason: str, now: datetime
) -> ProctoredSession:
    """Make an ended test active again with `minutes` from now at least; also lifts a void."""
    cause = _cause(staff_id, "reopened", reason, {"minutes": _checked(minutes)})
    session = _lock(candidate_id, now)[0]
    if session.status == Status.ACTIVE:
        raise MoveRefused("This test is running.")
    session.voided_at = None
    session.deadline = max(session.deadline, now + timedelta(minutes=minutes))
    activate_session(session, now=now, cause=cause)
    return session


@transaction.atomic(durable=True)
def extend_session(
    *, candidate_id: UUID, minutes: int, staff_id: int, reason: str, now: datetime
) -> ProctoredSession:
    """Move the deadline of a running or left test by `minutes`; a completed one is reopened."""
    cause = _cause(staff_id, "extended", reason, {"minutes": _checked(minutes)})
    session, beat = _lock(candidate_id, now)
    if session.status == Status.COMPLETED:
        raise MoveRefused("This test is completed: reopen it to give more time.")
    session.deadline += timedelta(minutes=minutes)
    session.test_duration_minutes += minutes
    if session.status == Status.ACTIVE:
        session.next_check_at = session.deadline + DEADLINE_GRACE
    session.save(update_fields=["deadline", "test_duration_minutes", "next_check_at", "updated_at"])
    SessionBeat.objects.filter(pk=session.pk).update(deadline=session.deadline)
    event_of(session, cause, at=now).save()
    if session.scoring_asked_at:  # left, and its time was over
        withdraw_scoring([session.pk], now=now)
    return session


@transaction.atomic(durable=True)
def end_session(
    *, candidate_id: UUID, staff_id: int, reason: str, now: datetime
) -> ProctoredSession:
    """Close a test that is not completed yet; its answers stand as they are."""
    cause = _cause(staff_id, "ended", reason)
    session, beat = _lock(candidate_id, now)
    if session.status == Status.COMPLETED:
        raise AlreadyOver("This test is already completed.")
    _complete(session, beat, cause, now=now)
    return session


@transaction.atomic(durable=True)
def abandon_session(
    *, candidate_id: UUID, staff_id: int, reason: str, now: datetime
) -> ProctoredSession:
    """Mark a running test as left; the candidate may open it again before its deadline.

    Beats do not bring it back, since no page closed. Raises AlreadyOver (409) when it is not
    running.
    """
    cause = _cause(staff_id, "abandoned", reason)
    session, beat = _lock(candidate_id, now)
    if session.status != Status.ACTIVE:
        raise AlreadyOver("This test is not running.")
    close_session(session, beat, to=Status.ABANDONED, method=Method.AUTO, at=now, cause=cause)
    return session


@transaction.atomic(durable=True)
def void_session(
    *, candidate_id: UUID, staff_id: int, reason: str, now: datetime
) -> ProctoredSession:
    """Declare a test void; a running one is closed first. A retake is a new candidate."""
    cause = _cause(staff_id, "voided", reason)
    session, beat = _lock(candidate_id, now)
    if session.voided_at:
        raise MoveRefused("This test is already void.")
    session.voided_at = now
    if session.status == Status.ACTIVE:
        _complete(session, beat, cause, now=now)
    else:
        session.save(update_fields=["voided_at", "updated_at"])
        event_of(session, cause, at=now).save()
        withdraw_scoring([session.pk], now=now)
    return session


@transaction.atomic(durable=True)
def show_link_once(*, candidate: Candidate, now: datetime) -> Invitation:
    """A new link of a test that has not been started, for staff to hand over; recorded.

    Raises LinkNotShown (409) afterwards, so that nobody sits a running test beside its candidate.
    """
    if ProctoredSession.objects.filter(pk=candidate.pk).exists():
        raise LinkNotShown
    return show_link(candidate=candidate, now=now)


@transaction.atomic(durable=True)
def revoke_tokens(*, candidate_id: UUID, staff_id: int, reason: str, now: datetime) -> Candidate:
    """Invalidate every token and link signed so far (within 60 s everywhere)."""
    cause = _cause(staff_id, "tokens_revoked", reason)
    candidate = withdraw_tokens(candidate_id=candidate_id, staff_id=staff_id, reason=cause.why)
    session = ProctoredSession.objects.filter(pk=candidate_id).first()
    if session is not None:
        event_of(session, cause, at=now, is_audited=True).save()
    return candidate


def _lock(candidate_id: UUID, now: datetime) -> tuple[ProctoredSession, SessionBeat | None]:
    give_back_lost_time(now=now)
    close_due_sessions([candidate_id], now=now)
    return lock_session(candidate_id)


def _complete(
    session: ProctoredSession, beat: SessionBeat | None, cause: Cause, *, now: datetime
) -> None:
    at = max(min(now, session.deadline), session.test_start_time)
    close_session(session, beat, to=Status.COMPLETED, method=Method.AUTO, at=at, cause=cause)


def _cause(staff_id: int, kind: str, reason: str, detail: dict[str, int] | None = None) -> Cause:
    if is_blank(reason):
        raise Invalid(fields={"reason": ["Say why: it stays in the log."]})
    return Cause(f"staff:{staff_id}", kind, reason.strip()[:300], detail or {})


def _checked(minutes: int) -> int:
    if not 1 <= minutes <= MAX_MINUTES:
        raise Invalid(fields={"minutes": [f"Between 1 and {MAX_MINUTES}."]})
    return minutes
