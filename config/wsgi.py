"""The WSGI entry point: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

in_django = get_wsgi_application()

# After the apps are loaded; tests and commands never come here.
from config.door import Door  # noqa: E402
from config.threads import OwnThreads, beats_are_fast, django_threads  # noqa: E402
from practice.bank_cache import warm  # noqa: E402
from sessions_app.proctoring.hot.wsgi import HotPath  # noqa: E402
from sessions_app.proctoring.pulse import pulse  # noqa: E402

if beats_are_fast():
    in_django = OwnThreads(in_django, count=django_threads())  # type: ignore[arg-type, assignment]
application = HotPath(in_django) if beats_are_fast() else in_django  # type: ignore[arg-type]
pulse.start(is_served=Door().answers)
warm()
