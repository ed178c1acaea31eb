"""Refusals of practice, with their codes and sentences."""

from __future__ import annotations

from common.errors import Conflict, Invalid, NotFound, TooLarge


class NoActiveSession(NotFound):
    code = "not_found"
    message = "No active practice session found"


class NoCompletedSession(NotFound):
    message = "No completed practice session found"


class SessionNotFound(NotFound):
    message = "There is no such practice session."


class QuestionNotFound(NotFound):
    message = "This session has no such question."


class RevisionNotFound(NotFound):
    message = "There is no such revision."


class SetNotFound(NotFound):
    message = "There is no such question set."


class SessionCompleted(Conflict):
    code = "session_completed"
    message = "This session is already completed, so it takes no more changes."


class NotCompleted(Conflict):
    code = "not_completed"
    message = "The review opens once the session is completed."


class NotCompletedYet(Conflict):
    code = "not_completed"
    message = "Complete the session first; then it can be deleted."


class UnknownSet(Invalid):
    message = "There is no such question set."

    def __init__(self) -> None:
        super().__init__(fields={"question_main_id": [self.message]})


class BoardTooLarge(TooLarge):
    message = (
        "A board may hold at most 2 MB and 8,000 elements. Remove pictures or split the drawing."
    )


class NoSuchPoint(Conflict):
    code = "no_such_point"
    message = "No question in use has this key point any more."
