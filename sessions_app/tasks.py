from sessions_app.assessments.tasks import *  # noqa: F403
from sessions_app.interviews.tasks import *  # noqa: F403
from sessions_app.proctoring.tasks import *  # noqa: F403
