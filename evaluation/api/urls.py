"""Paths below /api/."""

from django.urls import path

from evaluation.api import views

urlpatterns = [
    path("v1/evaluations/<int:pk>", views.EvaluationView.as_view()),
    path("v1/evaluations/<int:pk>/retry", views.RetryView.as_view()),
    path("v1/evaluations/<int:pk>/cancel", views.CancelView.as_view()),
]
