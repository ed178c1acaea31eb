"""Paths below /api/."""

from django.urls import path

import practice.converters  # noqa: F401  - makes <rowid:…> known
from practice.api import drafts, question_mains, reviews, sessions, submissions, whiteboards

SESSION = "v1/practice-main/<rowid:pk>"
QUESTION = f"{SESSION}/questions/<rowid:question_id>"

urlpatterns = [
    path("v1/question-mains", question_mains.QuestionMainListView.as_view()),
    path("v1/question-mains/<rowid:pk>", question_mains.QuestionMainView.as_view()),
    path("v1/questions", question_mains.QuestionListView.as_view()),
    path("v1/practice-main", sessions.PracticeMainListView.as_view()),
    path(SESSION, sessions.PracticeMainView.as_view()),
    path(f"{SESSION}/whiteboard", whiteboards.WhiteboardView.as_view()),
    path(f"{SESSION}/whiteboard/revisions", whiteboards.WhiteboardRevisionsView.as_view()),
    path(
        f"{SESSION}/whiteboard/revisions/<uuid:revision_id>",
        whiteboards.WhiteboardRevisionView.as_view(),
    ),
    path(f"{SESSION}/review", reviews.ReviewView.as_view()),
    path(f"{SESSION}/export", reviews.ExportView.as_view()),
    path(f"{QUESTION}/draft", drafts.DraftView.as_view()),
    path(f"{QUESTION}/draft/revisions", drafts.DraftRevisionsView.as_view()),
    path(f"{QUESTION}/submissions", submissions.SubmissionListView.as_view()),
    path("v1/practice-history", reviews.PracticeHistoryView.as_view()),
]
