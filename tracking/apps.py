from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "tracking"
    verbose_name = "Practice tracking"

    def ready(self) -> None:
        from accounts import personal_data
        from tracking.services import own_data

        personal_data.register("tracking", own_data.export_tracking, own_data.erase_tracking)
