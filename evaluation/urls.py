"""Pages: feedback as a page of its own, as a fragment, and the buttons in it."""

from django.urls import path

from evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("evaluations/<int:pk>", views.page, name="page"),
    path("evaluations/<int:pk>/fragment", views.fragment, name="fragment"),
    path("evaluations/<int:pk>/retry", views.retry, name="retry"),
    path("evaluations/<int:pk>/local", views.take_local, name="local"),
    path("evaluations/<int:pk>/cancel", views.cancel, name="cancel"),
    path("evaluations/<int:pk>/objections", views.objections, name="objections"),
]
