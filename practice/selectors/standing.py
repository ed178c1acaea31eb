"""A learner's progress in each set: the practicing session, and the latest completed one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.db import compiled
from practice.models import PracticeMain, PracticeMainHistory, SessionStatus
from practice.selectors.scores import SessionScore, scores_from

TRY = ("practices__pk", "practices__submissions__number")
VERDICT = ("overall_score", "provider")


@dataclass(frozen=True)
class Standing:
    """By set: the score of the session that is being practiced, and of the latest completed."""

    started: dict[int, SessionScore]
    done: dict[int, SessionScore]


def standing_of(user: Any) -> Standing:
    """One query."""
    rows = tries_by_set.all(user_id=user.pk)
    started, done = (
        {row[1]: SessionScore() for row in rows if (row[0] == SessionStatus.PRACTICING) is live}
        for live in (True, False)
    )
    tries = sorted((row for row in rows if row[3] is not None), key=lambda row: row[3])
    for live, scores in ((True, started), (False, done)):
        of_these = (row for row in tries if (row[0] == SessionStatus.PRACTICING) is live)
        scores |= scores_from((row[1], row[2], row[4], row[5]) for row in of_these)
    return Standing(started, done)


@compiled
def tries_by_set(user_id: int) -> QuerySet[Any, Any]:
    """(status, set, question in practice, number of the try, score, provider); a question without
    a try has None from the number on."""
    live = PracticeMain.objects.of_learner(user_id)
    past = PracticeMainHistory.objects.of_learner(user_id).filter(~Exists(_later()))
    verdict = (f"practices__submissions__evaluation__{name}" for name in VERDICT)
    columns = ("status", "question_main_id", *TRY, *verdict)
    # SQLite orders only the union, in which column names are no longer known.
    return (
        live.order_by().values_list(*columns).union(past.order_by().values_list(*columns), all=True)
    )


def _later() -> QuerySet[Any, Any]:
    """Sessions over the same set that the same learner completed later."""
    at = OuterRef("completed_at")
    return PracticeMainHistory.objects.filter(
        Q(completed_at__gt=at) | Q(completed_at=at, pk__gt=OuterRef("pk")),
        user_id=OuterRef("user_id"),
        question_main_id=OuterRef("question_main_id"),
    )
