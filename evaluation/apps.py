from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import personal_data
        from evaluation.services import own_data

        personal_data.register(
            "evaluation", own_data.export_evaluations, own_data.erase_evaluations
        )
