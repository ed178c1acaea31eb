from django.urls import path

from sessions_app.interviews.api import views

SESSION = "sessions/<str:session_id>"
DIALOGUE = f"{SESSION}/attempts/<int:attempt_id>/follow-ups"
REPLY = f"{DIALOGUE}/<int:number>"
DRAFT = f"{SESSION}/questions/<str:question_id>/draft"

urlpatterns = [
    path("sessions", views.SessionListView.as_view(), name="interview-list"),
    path(SESSION, views.SessionView.as_view(), name="interview-detail"),
    path(f"{SESSION}/end", views.EndView.as_view(), name="interview-end"),
    path(f"{SESSION}/attempts", views.AttemptListView.as_view(), name="interview-attempts"),
    path(
        f"{SESSION}/attempts/<int:attempt_id>",
        views.AttemptView.as_view(),
        name="interview-attempt",
    ),
    path(
        f"{SESSION}/attempts/<int:attempt_id>/feedback",
        views.FeedbackView.as_view(),
        name="interview-feedback",
    ),
    path(DIALOGUE, views.DialogueView.as_view(), name="interview-dialogue"),
    path(f"{DIALOGUE}/end", views.DialogueEndView.as_view(), name="interview-dialogue-end"),
    path(f"{REPLY}/answer", views.ReplyView.as_view(), name="interview-reply"),
    path(f"{REPLY}/draft", views.ReplyDraftView.as_view(), name="interview-reply-draft"),
    path(
        f"{REPLY}/draft/revisions",
        views.ReplyRevisionListView.as_view(),
        name="interview-reply-revisions",
    ),
    path(
        f"{SESSION}/next-question", views.NextQuestionView.as_view(), name="interview-next-question"
    ),
    path(f"{SESSION}/beat", views.BeatView.as_view(), name="interview-beat"),
    path(DRAFT, views.DraftView.as_view(), name="interview-draft"),
    path(f"{DRAFT}/revisions", views.RevisionListView.as_view(), name="interview-revisions"),
]
