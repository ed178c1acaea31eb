from django.urls import path

from diagnostics import views

app_name = "diagnostics"
urlpatterns = [path("report-problem", views.report_problem, name="report-problem")]
