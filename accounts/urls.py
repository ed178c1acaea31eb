from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("account", views.account, name="account"),
    path("account/theme", views.theme, name="theme"),
    path("account/tokens", views.create_token, name="create-token"),
    path("account/tokens/<str:token_key>/revoke", views.revoke_token, name="revoke-token"),
    path("account/export", views.export, name="export"),
    path("account/delete", views.delete, name="delete"),
]
