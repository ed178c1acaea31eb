from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import personal_data
        from evaluation.services.own_data import erase_evaluations, export_evaluations

        personal_data.register("evaluation", export=export_evaluations, erase=erase_evaluations)
