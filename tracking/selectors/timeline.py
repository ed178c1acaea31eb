"""A skill's history: logs with their evidence, grouped by session, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tracking.models import Evidence, PracticeLog, Skill
from tracking.querysets import PracticeLogQuerySet

MOST_REFERENCES = 200


def logs_of_skill(skill: Skill) -> PracticeLogQuerySet:
    return PracticeLog.objects.filter(skill_id=skill.pk)


def evidence_of_logs(logs: Sequence[PracticeLog]) -> dict[int, list[Evidence]]:
    """Evidence by log id, oldest first; one query for a whole page."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for row in Evidence.objects.filter(log_id__in=[log.pk for log in logs]).oldest_first():
        found[row.log_id].append(row)
    return found


def evidence_of_skill(skill: Skill) -> list[Evidence]:
    """Reference material that belongs to no single session."""
    rows = Evidence.objects.filter(skill_id=skill.pk, log__isnull=True).oldest_first()
    return list(rows[:MOST_REFERENCES])
