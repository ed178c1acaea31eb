from django.urls import path

from diagnostics.api.views import PracticeDiagnosticsView

urlpatterns = [
    path(
        "admin/diagnostics/practice",
        PracticeDiagnosticsView.as_view(),
        name="api-practice-diagnostics",
    ),
]
