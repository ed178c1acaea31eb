from tracking.models.evidence import Evidence
from tracking.models.imports import ImportPlan, ImportRow
from tracking.models.logs import PracticeLog
from tracking.models.mail import MailSent
from tracking.models.pauses import StreakPause
from tracking.models.skills import Skill
from tracking.models.trash import Trash

__all__ = [
    "Evidence",
    "ImportPlan",
    "ImportRow",
    "MailSent",
    "PracticeLog",
    "Skill",
    "StreakPause",
    "Trash",
]
