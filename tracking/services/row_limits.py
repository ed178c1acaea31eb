"""The limits on a learner's rows, for whatever way rows come: made, restored, or moved to a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import models

from accounts.services import storage
from common.row_limits import refuse_above
from tracking.models import Evidence, PracticeLog, Skill

WORDS: dict[type[models.Model], tuple[str, str]] = {
    Skill: ("skills", "skills"),
    PracticeLog: ("logs", "practice logs"),
    Evidence: ("evidence", "pieces of evidence"),
}


def refuse_too_many(*, user_id: int, adding: Iterable[models.Model]) -> None:
    """Raise TooMany (413) when a person would have more rows than they may with these, none of
    which is stored yet. Holds the person's row, so that two at once do not pass a limit."""
    storage.lock(user_id=user_id)
    rows = list(adding)
    for model, number in Counter(type(row) for row in rows).items():
        kind, what = WORDS[model]
        used = model._default_manager.filter(user_id=user_id).count()
        refuse_above(kind, what=what, used=used, adding=number)
    by_hand = (
        r.date_practiced for r in rows if isinstance(r, PracticeLog) and not r.import_plan_id
    )
    for day, number in Counter(by_hand).items():
        refuse_full_day(user_id=user_id, day=day, adding=number)


def refuse_full_day(*, user_id: int, day: date, adding: int = 1) -> None:
    """Raise TooMany (413) when logs of one day that were not imported would be too many. The
    caller holds the person's row (`storage.lock`)."""
    of_day = PracticeLog.objects.filter(user_id=user_id, date_practiced=day)
    used = of_day.filter(import_plan=None).count()
    refuse_above("logs_on_a_day", what="practice logs of one day", used=used, adding=adding)
