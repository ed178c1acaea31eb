from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("account", views.account, name="account"),
    path("account/theme", views.theme, name="theme"),
    path("account/tokens", views.create_token, name="create-token"),
    path("account/tokens/<str:token_key>/revoke", views.revoke_token, name="revoke-token"),
    path("account/export", views.export, name="export"),
    path("account/export/file", views.export_file, name="export-file"),
    path("account/devices/<int:session_id>/end", views.end_session, name="end-session"),
    path("account/devices/end", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/delete", views.delete, name="delete"),
]
