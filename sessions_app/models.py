from sessions_app.assessments.models import *  # noqa: F403
from sessions_app.interviews.models import *  # noqa: F403
from sessions_app.proctoring.models import *  # noqa: F403
