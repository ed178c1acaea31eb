"""The WSGI entry point of the heartbeats service (`python -m config.launcher.heartbeats`).

Candidates' beats and plain saves are written in batches in front of Django. What they leave to
Django is answered in the same thread, few requests at once.
"""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

in_django = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 -- every view is loaded before the first request waits

# After the apps are loaded.
from config.bounded import Bounded  # noqa: E402
from config.env import env  # noqa: E402
from config.health_probe import HealthProbe  # noqa: E402
from sessions_app.proctoring.hot.wsgi import HotPath  # noqa: E402
from sessions_app.proctoring.web_heartbeat import web_heartbeat  # noqa: E402

application = HotPath(Bounded(in_django, at_once=env.int("WEB_THREADS", 8)))  # type: ignore[arg-type]
web_heartbeat.start(is_served=HealthProbe().answers)
