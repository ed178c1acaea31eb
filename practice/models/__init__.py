from practice.models.bank import Question, QuestionMain
from practice.models.bases import SessionStatus
from practice.models.history import (
    DraftRevisionHistory,
    PracticeHistory,
    PracticeMainHistory,
    SubmissionHistory,
    WhiteboardHistory,
    WhiteboardRevisionHistory,
)
from practice.models.live import (
    DraftRevision,
    Practice,
    PracticeMain,
    Submission,
    Whiteboard,
    WhiteboardRevision,
)
from practice.models.pictures import BoardPicture

__all__ = [
    "BoardPicture",
    "DraftRevision",
    "DraftRevisionHistory",
    "Practice",
    "PracticeHistory",
    "PracticeMain",
    "PracticeMainHistory",
    "Question",
    "QuestionMain",
    "SessionStatus",
    "Submission",
    "SubmissionHistory",
    "Whiteboard",
    "WhiteboardHistory",
    "WhiteboardRevision",
    "WhiteboardRevisionHistory",
]
