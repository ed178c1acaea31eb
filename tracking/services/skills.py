"""Skills: a name that is unique for the learner, and all that belongs to one."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.services import storage
from common.db import compiled, insert_if_absent
from common.errors import Invalid
from tracking import rules
from tracking.errors import DuplicateSkill, SkillHasLogs
from tracking.models import Evidence, PracticeLog, Skill, Trash
from tracking.names import name_key
from tracking.services.row_limits import refuse_too_many
from tracking.services.trash import locked, move_to_trash


@compiled
def skill_of_key(user_id: int, key: str) -> QuerySet[Skill]:
    return Skill.objects.filter(user_id=user_id, name_key=key)


@transaction.atomic
def create_skill(*, user: User, name: str, now: datetime) -> Skill:
    """Raises Invalid, TooMany (413), or DuplicateSkill (409) when the name is taken in whatever
    case or width."""
    _check_name(name)
    skill = Skill(user=user, name=name, name_key=name_key(name), created_at=now)
    refuse_too_many(user_id=user.pk, adding=[skill])
    if not insert_if_absent(skill):
        raise DuplicateSkill(fields={"name": [DuplicateSkill.message]})
    return skill


@transaction.atomic
def ensure_skill(*, user: User, name: str, now: datetime) -> Skill:
    """The learner's skill of that name, made if missing; joins the caller's transaction."""
    found = find_skill(user=user, name=name)
    if found is not None:
        return found
    try:
        return create_skill(user=user, name=name, now=now)
    except DuplicateSkill:
        # A concurrent request inserted it after our read.
        return Skill.objects.get(user=user, name_key=name_key(name))


def find_skill(*, user: User, name: str) -> Skill | None:
    return skill_of_key.first(user_id=user.pk, key=name_key(name))


@transaction.atomic(durable=True)
def rename_skill(*, skill: Skill, name: str) -> Skill:
    _check_name(name)
    skill.name, skill.name_key = name, name_key(name)
    try:
        with transaction.atomic():
            skill.save(update_fields=["name", "name_key"])
    except IntegrityError as error:
        raise DuplicateSkill(fields={"name": [DuplicateSkill.message]}) from error
    return skill


@transaction.atomic(durable=True)
def delete_skill(*, skill: Skill, cascade: bool, now: datetime) -> Trash:
    """Delete a skill with its evidence; with its logs only when `cascade` says so.

    The lock on the skill keeps a log from being added between the check and the delete.
    """
    storage.lock(user_id=skill.user_id)  # before the skill, as where rows are added
    row = locked(Skill.objects.filter(pk=skill.pk))
    logs = PracticeLog.objects.filter(skill=row)
    evidence = Evidence.objects.filter(skill=row)
    if not cascade and logs.exists():
        raise SkillHasLogs(
            extra={"practice_logs": logs.count(), "evidence": evidence.count()},
        )
    return move_to_trash(row, logs, evidence, now=now)


def _check_name(name: str) -> None:
    if wrong := rules.wrong_name(name):
        raise Invalid(wrong, fields={"name": [wrong]})
