from django.urls import path

from sessions_app.proctoring.api import staff_views, views, work_views

urlpatterns = [
    path("test-session", views.SessionsView.as_view()),
    path("test-session/active", staff_views.ActiveView.as_view()),
    path("test-session/abandoned", staff_views.AbandonedView.as_view()),
    path("test-session/analytics", staff_views.AnalyticsView.as_view()),
    path("test-session/<str:candidate_id>", views.SessionView.as_view()),
    path("test-session/<str:candidate_id>/heartbeat", work_views.HeartbeatView.as_view()),
    path("test-session/<str:candidate_id>/activity", work_views.ActivityView.as_view()),
    path("test-session/<str:candidate_id>/progress", work_views.ProgressView.as_view()),
    path("test-session/<str:candidate_id>/complete", views.CompleteView.as_view()),
    path("test-session/<str:candidate_id>/abandon", views.AbandonView.as_view()),
    path("test-session/<str:candidate_id>/events", work_views.EventsView.as_view()),
    path("test-session/<str:candidate_id>/questions", work_views.QuestionsView.as_view()),
]
