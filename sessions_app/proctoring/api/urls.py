from django.urls import path

from sessions_app.proctoring.api import staff_views, views

urlpatterns = [
    path("test-session", views.SessionsView.as_view()),
    path("test-session/active", staff_views.ActiveView.as_view()),
    path("test-session/abandoned", staff_views.AbandonedView.as_view()),
    path("test-session/analytics", staff_views.AnalyticsView.as_view()),
    path("test-session/<str:candidate_id>", views.SessionView.as_view()),
    path("test-session/<str:candidate_id>/heartbeat", views.HeartbeatView.as_view()),
    path("test-session/<str:candidate_id>/activity", views.ActivityView.as_view()),
    path("test-session/<str:candidate_id>/progress", views.ProgressView.as_view()),
    path("test-session/<str:candidate_id>/complete", views.CompleteView.as_view()),
    path("test-session/<str:candidate_id>/abandon", views.AbandonView.as_view()),
    path("test-session/<str:candidate_id>/events", views.EventsView.as_view()),
    path("test-session/<str:candidate_id>/questions", views.QuestionsView.as_view()),
]
