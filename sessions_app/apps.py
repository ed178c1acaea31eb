from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    """Interviews and proctored tests: two packages that never import each other."""

    name = "sessions_app"
