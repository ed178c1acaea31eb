"""Refusals of the proctored test, one small class each."""

from __future__ import annotations

from common.errors import Conflict, NotFound, TooLarge


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


class AnswersTooLarge(TooLarge):
    code, message = "answers_too_large", "The answers are larger than a test may hold."
