"""The WSGI entry point: `granian --interface wsgi config.wsgi:application`."""

import os
from functools import partial

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

in_django = get_wsgi_application()

# After the apps are loaded; tests and commands never come here.
from config.door import Door  # noqa: E402
from config.threads import OwnThreads, beats_are_fast, django_threads  # noqa: E402
from diagnostics.counters import count  # noqa: E402
from practice.bank_cache import warm  # noqa: E402
from sessions_app.proctoring.fast.resumes import with_fast_resumes  # noqa: E402
from sessions_app.proctoring.fast.wsgi import with_fast_beats  # noqa: E402
from sessions_app.proctoring.pulse import pulse  # noqa: E402

if beats_are_fast():
    in_django = OwnThreads(in_django, count=django_threads())  # type: ignore[arg-type, assignment]
# Django's own middleware counts the starts that it answers.
in_front = with_fast_resumes(in_django, on_resumed=partial(count, "test", "existing"))  # type: ignore[arg-type]
application = with_fast_beats(in_front)
pulse.start(is_served=Door().answers)
warm()
