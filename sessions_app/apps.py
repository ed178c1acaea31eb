from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    """Interviews and proctored tests: two packages that never import each other."""

    name = "sessions_app"
    verbose_name = "Tests and interviews"

    def ready(self) -> None:
        from sessions_app.interviews.registrations import register_interviews

        register_interviews()
