"""Access to a learner's record: for the learner only (§10)."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from common.errors import NotFound
from tracking.models import Evidence, ImportPlan, PracticeLog, Skill, StreakPause

T = TypeVar("T")


def get_skill_for(user: Any, pk: int) -> Skill:
    return _found(Skill.objects.visible_to(user).filter(pk=pk).first())


def get_log_for(user: Any, pk: int) -> PracticeLog:
    return _found(
        PracticeLog.objects.visible_to(user).select_related("skill").filter(pk=pk).first()
    )


def get_evidence_for(user: Any, pk: int) -> Evidence:
    return _found(Evidence.objects.visible_to(user).filter(pk=pk).first())


def get_plan_for(user: Any, pk: UUID) -> ImportPlan:
    return _found(ImportPlan.objects.filter(user_id=user.pk, pk=pk).defer("upload").first())


def get_pause_for(user: Any, pk: int) -> StreakPause:
    return _found(StreakPause.objects.filter(user_id=user.pk, pk=pk).first())


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
