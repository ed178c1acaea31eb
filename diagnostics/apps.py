from django.apps import AppConfig


class DiagnosticsConfig(AppConfig):
    name = "diagnostics"
    verbose_name = "Diagnostics"

    def ready(self) -> None:
        from diagnostics import prometheus
        from diagnostics.checks import register_all
        from diagnostics.expiring import register_expiring

        register_all()
        register_expiring()
        prometheus.register()
