from django.urls import path

from sessions_app.proctoring.api import list_views, run_views, staff_views, views

urlpatterns = [
    path("assessments", list_views.AssessmentsView.as_view()),
    path("assessments/<str:assessment_id>/scores", list_views.AssessmentScoresView.as_view()),
    path("candidates", list_views.CandidateListView.as_view()),
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
    path("test-session/<str:candidate_id>/languages", run_views.LanguagesView.as_view()),
    path(
        "test-session/<str:candidate_id>/questions/<str:uuid>/runs",
        run_views.QuestionRunsView.as_view(),
    ),
    path("test-session/<str:candidate_id>/runs/<str:run_id>", run_views.RunView.as_view()),
    path("test-session/<str:candidate_id>/trial/runs", run_views.TrialRunsView.as_view()),
    path(
        "test-session/<str:candidate_id>/trial/runs/<str:run_id>",
        run_views.TrialRunView.as_view(),
    ),
    path("test-session/<str:candidate_id>/score", run_views.ScoreView.as_view()),
    path("test-session/<str:candidate_id>/rescore", run_views.RescoreView.as_view()),
]
