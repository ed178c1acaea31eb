from sessions_app.interviews.admin import *  # noqa: F403
