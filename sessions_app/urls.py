from django.urls import include, path

urlpatterns = [
    path("", include("sessions_app.interviews.urls")),
    path("", include("sessions_app.proctoring.urls")),
]
