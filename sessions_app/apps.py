from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    """Interviews; and proctored tests in two packages, `proctoring` upon `assessments`."""

    name = "sessions_app"
    verbose_name = "Tests and interviews"

    def ready(self) -> None:
        from judge import generating
        from sessions_app.assessments import expiring as bank_expiring
        from sessions_app.assessments.coding_bank.generators import GENERATORS
        from sessions_app.interviews.registrations import register_interviews
        from sessions_app.proctoring.expiring import register_expiring
        from sessions_app.proctoring.registrations import register_runs

        generating.register(GENERATORS)
        bank_expiring.register_expiring()
        register_interviews()
        register_expiring()
        register_runs()
