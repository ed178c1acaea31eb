from sessions_app.proctoring.models import *  # noqa: F403
