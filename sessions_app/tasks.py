from sessions_app.proctoring.tasks import *  # noqa: F403
