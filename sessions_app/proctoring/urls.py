from django.urls import path

from sessions_app.proctoring import views

app_name = "proctoring"
urlpatterns = [
    path("t/<str:token>", views.enter, name="enter"),
    path("test", views.room, name="room"),
    path("test/practice", views.trial, name="trial"),
]
