from django.urls import path

from sessions_app.assessments.api.views import CandidatesView

urlpatterns = [path("candidates", CandidatesView.as_view())]
