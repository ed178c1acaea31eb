"""Refusals of the proctored test, one small class each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from common.clock import iso
from common.errors import Conflict, LimitReached, NotFound, TooLarge
from sessions_app.proctoring.states import Status

if TYPE_CHECKING:
    from sessions_app.proctoring.models import ProctoredSession


class NoSession(NotFound):
    code, message = "no_session", "This test has not been started."


class SessionEnded(Conflict):
    code, message = "session_ended", "This test has ended."


class SessionAway(Conflict):
    code = "session_abandoned"
    message = "This test was left. Open it again to go on, while there is time left."


class SessionVoided(Conflict):
    code, message = "session_voided", "This test was declared void."


class NotStarted(Conflict):
    code, message = "not_started", "The questions can be read once the test has started."


class MoveRefused(Conflict):
    code, message = "move_refused", "This is not possible in the present state of the test."


class AlreadyOver(MoveRefused):
    """Staff ended or abandoned a test that is over. The console shows the refusal, the API answers
    with the present state."""


class LinkNotShown(Conflict):
    code = "link_not_shown"
    message = "The test has started. Its link can only be mailed now."


class AnswersTooLarge(TooLarge):
    code, message = "answers_too_large", "The answers are larger than a test may hold."


class NotScorable(Conflict):
    code, message = "not_scorable", "Only tests that have ended and are not void are scored."


class RunsAtOnce(LimitReached):
    code, message = "run_in_progress", "Your last run is not finished. Wait for it, then run again."


class TooManyRuns(LimitReached):
    code = "too_many_runs"
    message = "You can run code 12 times a minute. Wait a moment, then run again."


class TrialIsOver(Conflict):
    code = "trial_is_over"
    message = "The test has started. The practice room was for the time before."


class TooManyTrials(LimitReached):
    code = "too_many_trial_runs"
    message = "You can run code 100 times a day in the practice room."


def not_active_error(session: ProctoredSession, *, now: datetime) -> Conflict:
    """The 409 for a test that takes no more changes; its body has the status for the page.

    Before it: 401 for a bad token, 403 for another site's page (`assessments.api.authentication`);
    403 and 404 by `assessments.policies`; 400 by the view's inputs; 503 where the heartbeats
    service is busy (`config.bounded`).
    """
    kind: type[Conflict] = SessionAway
    if session.voided_at:
        kind = SessionVoided
    elif session.status == Status.COMPLETED or now > session.deadline:
        kind = SessionEnded
    return kind(
        extra={
            "status": session.status,
            "server_time": iso(now),
            "completed_at": iso(session.completed_at),
            "completion_method": session.completion_method,
            "deadline": iso(session.deadline),
        }
    )
