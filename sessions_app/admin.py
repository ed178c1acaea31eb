from sessions_app.assessments.admin import *  # noqa: F403
from sessions_app.interviews.admin import *  # noqa: F403
from sessions_app.proctoring.admin import *  # noqa: F403
