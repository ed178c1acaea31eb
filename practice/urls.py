"""Pages of practice."""

from django.urls import path

import practice.converters  # noqa: F401  - makes <rowid:…> known
from practice.views import library, review, revisions, workspace

app_name = "practice"
SESSION = "practice/sessions/<rowid:pk>"
QUESTION = f"{SESSION}/questions/<rowid:order>"

urlpatterns = [
    path("practice", library.library, name="library"),
    path(SESSION, workspace.session, name="session"),
    path(QUESTION, workspace.workspace, name="workspace"),
    path(f"{QUESTION}/save", workspace.save, name="save"),
    path(f"{QUESTION}/feedback", workspace.feedback, name="feedback"),
    path(f"{QUESTION}/tries/<rowid:number>/change", workspace.change, name="change"),
    path(f"{QUESTION}/revisions", revisions.revisions, name="revisions"),
    path(
        f"{QUESTION}/revisions/<uuid:revision_id>/restore",
        revisions.restore,
        name="restore-revision",
    ),
    path(
        f"{QUESTION}/board-revisions/<uuid:revision_id>",
        revisions.board_revision,
        name="board-revision",
    ),
    path(
        f"{QUESTION}/board-revisions/<uuid:revision_id>/restore",
        revisions.restore_board,
        name="restore-board",
    ),
    path(f"{SESSION}/complete", workspace.complete, name="complete"),
    path(f"{SESSION}/review", review.review, name="review"),
    path(
        f"{SESSION}/review/questions/<rowid:order>", review.review_question, name="review-question"
    ),
    path(f"{SESSION}/export", review.export, name="export"),
    path(f"{SESSION}/delete", review.delete, name="delete"),
    path(f"{SESSION}/log", review.log_to_skills, name="log-to-skills"),
    path("history", review.history, name="history"),
    path("practice/<slug:slug>", library.question_set, name="set"),
    path("practice/<slug:slug>/start", library.start, name="start"),
]
