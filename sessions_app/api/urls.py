from django.urls import include, path

urlpatterns = [
    path("", include("sessions_app.interviews.api.urls")),
    path("", include("sessions_app.proctoring.api.urls")),
]
