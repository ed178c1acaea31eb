from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "tracking"
    verbose_name = "Practice tracking"

    def ready(self) -> None:
        from accounts import personal_data, stored_rows
        from accounts.models import StoredKind
        from tracking.expiring import register_expiring
        from tracking.models import Evidence
        from tracking.services import own_data

        personal_data.register("tracking", own_data.export_tracking, own_data.erase_tracking)
        stored_rows.register(StoredKind.EVIDENCE, Evidence)
        register_expiring()
