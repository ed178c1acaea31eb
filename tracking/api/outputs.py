"""How rows and reports look on the wire."""

from __future__ import annotations

from typing import Any

from common import clock
from tracking.models import Evidence, PracticeLog, Skill
from tracking.selectors.analytics import Analytics, PeriodTotal
from tracking.selectors.progress import SkillReport


def skill_json(skill: Skill) -> dict[str, Any]:
    return {
        "skill_id": skill.pk,
        "id": skill.pk,
        "user_id": skill.user_id,
        "name": skill.name,
        "created_at": clock.iso(skill.created_at),
    }


def log_json(log: PracticeLog) -> dict[str, Any]:
    return {
        "practice_log_id": log.pk,
        "id": log.pk,
        "skill_id": log.skill_id,
        "user_id": log.user_id,
        "date_practiced": log.date_practiced.isoformat(),
        "duration_minutes": log.duration_minutes,
        "description": log.description,
        "difficulty_rating": log.difficulty_rating,
        "confidence_rating": log.confidence_rating,
        "timezone": log.zone,
        "source": log.source_kind or None,
        "created_at": clock.iso(log.created_at),
        "updated_at": clock.iso(log.updated_at),
    }


def evidence_json(row: Evidence) -> dict[str, Any]:
    return {
        "evidence_id": row.pk,
        "id": row.pk,
        "practice_log_id": row.log_id,
        "skill_id": row.skill_id,
        "evidence_type": row.evidence_type,
        "title": row.title,
        "content": row.content,
        "metadata": _metadata(row) if row.filename else None,
        "created_at": clock.iso(row.created_at),
    }


def _metadata(row: Evidence) -> dict[str, Any]:
    return {
        "filename": row.filename,
        "size_bytes": row.size_bytes,
        "uploaded_at": clock.iso(row.uploaded_at),
        "storage_url": row.storage_url or None,
    }


def progress_json(report: SkillReport) -> dict[str, Any]:
    progress, streak = report.standing.progress, report.streak
    last = report.last_practiced
    return {
        "skill_id": report.skill.pk,
        "percentage": progress.percentage,
        "stage": progress.stage,
        "trend": report.standing.trend,
        "total_sessions": progress.inputs.sessions,
        "total_minutes": progress.inputs.minutes,
        "last_practiced": last.isoformat() if last else None,
        "current_streak": streak.current,
        "longest_streak": streak.longest,
        "change": report.standing.change,
        "inputs": {
            "sessions": progress.inputs.sessions,
            "minutes": progress.inputs.minutes,
            "active_days": progress.inputs.active_days,
            "covered_days": progress.inputs.covered_days,
            "days_since_last": progress.inputs.days_since_last,
        },
        "parts": [
            {
                "name": part.name,
                "label": part.label,
                "points": round(part.points, 1),
                "of": part.of,
                "reason": part.reason,
            }
            for part in progress.parts
        ],
        "retention": round(progress.retention, 3),
        "outlook": list(report.standing.outlook),
    }


def analytics_json(report: Analytics) -> dict[str, Any]:
    streak, goal = report.streak, report.goal
    return {
        "total_sessions": report.total_sessions,
        "total_minutes": report.total_minutes,
        "active_days": report.active_days,
        "by_skill": [
            {
                "skill_id": total.skill.pk,
                "name": total.skill.name,
                "sessions": total.sessions,
                "minutes": total.minutes,
                "last_practiced": total.last_practiced and total.last_practiced.isoformat(),
            }
            for total in report.by_skill
        ],
        "by_week": [{"week": total.label, **_period(total)} for total in report.by_week],
        "by_month": [{"month": total.label, **_period(total)} for total in report.by_month],
        "by_weekday": [
            {
                "weekday": total.weekday,
                "name": total.name,
                "sessions": total.sessions,
                "minutes": total.minutes,
            }
            for total in report.by_weekday
        ],
        "current_streak": streak.current,
        "longest_streak": streak.longest,
        "practised_today": streak.practised_today,
        "paused_today": streak.paused_today,
        "goal": {
            "weekly_goal_minutes": goal.goal_minutes,
            "minutes_this_week": goal.week_minutes,
            "percentage": goal.percentage,
            "reached": goal.reached,
        },
        "today": report.today.isoformat(),
    }


def _period(total: PeriodTotal) -> dict[str, Any]:
    return {
        "start": total.start.isoformat(),
        "sessions": total.sessions,
        "minutes": total.minutes,
        "active_days": total.active_days,
    }
