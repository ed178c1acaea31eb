"""Refusals of interview sessions."""

from common.errors import Conflict, Invalid, NotFound


class SessionNotFound(NotFound):
    code, message = "session_not_found", "This interview session does not exist."


class SessionEnded(Conflict):
    code, message = "session_ended", "This interview session has ended."


class StillOpen(Conflict):
    code, message = "session_open", "End the interview first; then it can be deleted."


class CameAfterTheEnd(SessionEnded):
    """A text that arrived after the end: refused, and kept beside the draft."""

    message = "This interview session has ended. What you sent is kept: its summary shows it."


class FollowUpNotFound(NotFound):
    code, message = "follow_up_not_found", "This question was not asked."


class FollowUpAnswered(Conflict):
    """A different text for a reply that was submitted: refused, and kept beside it."""

    code = "follow_up_answered"
    message = "This question has been answered. What you sent is kept with your answer."


class SessionIdTaken(Conflict):
    code, message = "session_id_taken", "This id is in use. Send another one, or none."


class QuestionNotFound(NotFound):
    code, message = "question_not_found", "This question does not exist."


class QuestionUnknown(Invalid):
    code, message = "question_unknown", "There is no question with this id."


class CategoryUnknown(Invalid):
    code, message = "category_unknown", "The bank has no such category."


class AlreadyAsked(Conflict):
    code, message = "already_asked", "Feedback for this answer has already been asked for."
