"""The WSGI entry point of the web service: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# After the apps are loaded; tests and commands never come here.
from config.health_probe import HealthProbe  # noqa: E402
from practice.bank_cache import warm  # noqa: E402
from sessions_app.proctoring.web_heartbeat import web_heartbeat  # noqa: E402

web_heartbeat.start(is_served=HealthProbe().answers)
warm()
