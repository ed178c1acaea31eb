"""What the API answers: each class is the JSON and its schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from tracking.models import Evidence, ImportPlan, PracticeLog, Skill
from tracking.progress import ProgressInputs
from tracking.selectors.analytics import Analytics, WeekdayTotal
from tracking.selectors.imports import errors_of, questions_of
from tracking.selectors.progress import SkillReport


@dataclass(frozen=True)
class SkillOutput:
    skill_id: int
    id: int
    user_id: int
    name: str
    created_at: datetime

    @classmethod
    def of(cls, skill: Skill) -> Self:
        return cls(skill.pk, skill.pk, skill.user_id, skill.name, skill.created_at)


@dataclass(frozen=True)
class PracticeLogOutput:
    practice_log_id: int
    id: int
    skill_id: int
    user_id: int
    date_practiced: date
    duration_minutes: int
    description: str
    difficulty_rating: int | None
    confidence_rating: int | None
    timezone: str
    source: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, log: PracticeLog, **more: Any) -> Self:
        return cls(
            practice_log_id=log.pk,
            id=log.pk,
            skill_id=log.skill_id,
            user_id=log.user_id,
            **log.facts(),
            timezone=log.zone,
            source=log.source_kind or None,
            created_at=log.created_at,
            updated_at=log.updated_at,
            **more,
        )


@dataclass(frozen=True)
class ExportedLogOutput(PracticeLogOutput):
    skill: str


@dataclass(frozen=True)
class ExportOutput:
    exported_at: datetime
    results: list[ExportedLogOutput]


@dataclass(frozen=True)
class ScreenshotOutput:
    filename: str
    size_bytes: int | None
    uploaded_at: datetime | None
    storage_url: str | None


@dataclass(frozen=True)
class EvidenceOutput:
    evidence_id: int
    id: int
    practice_log_id: int | None
    skill_id: int
    evidence_type: Annotated[str, Evidence.Type]
    title: str
    content: str
    metadata: ScreenshotOutput | None
    created_at: datetime

    @classmethod
    def of(cls, row: Evidence) -> Self:
        screenshot = ScreenshotOutput(
            row.filename, row.size_bytes, row.uploaded_at, row.storage_url or None
        )
        return cls(
            evidence_id=row.pk,
            id=row.pk,
            practice_log_id=row.log_id,
            skill_id=row.skill_id,
            evidence_type=row.evidence_type,
            title=row.title,
            content=row.content,
            metadata=screenshot if row.filename else None,
            created_at=row.created_at,
        )


@dataclass(frozen=True)
class TimelineEntryOutput(PracticeLogOutput):
    evidence: list[EvidenceOutput]


@dataclass(frozen=True)
class TimelineOutput:
    """`evidence` is what belongs to the skill in general."""

    results: list[TimelineEntryOutput]
    next: str | None
    evidence: list[EvidenceOutput]

    @classmethod
    def of(
        cls,
        logs: Sequence[PracticeLog],
        attached: dict[int, list[Evidence]],
        *,
        next_link: str | None,
        general: Sequence[Evidence],
    ) -> Self:
        entries = [
            TimelineEntryOutput.of(log, evidence=[EvidenceOutput.of(e) for e in attached[log.pk]])
            for log in logs
        ]
        return cls(entries, next_link, [EvidenceOutput.of(row) for row in general])


@dataclass(frozen=True)
class ProgressPartOutput:
    name: str
    label: str
    points: float
    of: float
    reason: str


@dataclass(frozen=True)
class ProgressOutput:
    skill_id: int
    percentage: Annotated[int, {"min_value": 0, "max_value": 100}]
    stage: Literal["Beginner", "Intermediate", "Advanced"]
    trend: Literal["improving", "maintaining", "declining"]
    total_sessions: int
    total_minutes: int
    last_practiced: date | None
    current_streak: int
    longest_streak: int
    change: int
    inputs: ProgressInputs
    parts: list[ProgressPartOutput]
    retention: float
    outlook: list[str]

    @classmethod
    def of(cls, report: SkillReport) -> Self:
        standing, progress = report.standing, report.standing.progress
        return cls(
            skill_id=report.skill.pk,
            percentage=progress.percentage,
            stage=progress.stage,
            trend=standing.trend,
            total_sessions=progress.inputs.sessions,
            total_minutes=progress.inputs.minutes,
            last_practiced=report.last_practiced,
            current_streak=report.streak.current,
            longest_streak=report.streak.longest,
            change=standing.change,
            inputs=progress.inputs,
            parts=[
                ProgressPartOutput(p.name, p.label, round(p.points, 1), p.of, p.reason)
                for p in progress.parts
            ],
            retention=round(progress.retention, 3),
            outlook=list(standing.outlook),
        )


@dataclass(frozen=True)
class SkillTotalOutput:
    skill_id: int
    name: str
    sessions: int
    minutes: int
    last_practiced: date | None


@dataclass(frozen=True)
class WeekOutput:
    week: str
    start: date
    sessions: int
    minutes: int
    active_days: int


@dataclass(frozen=True)
class MonthOutput:
    month: str
    start: date
    sessions: int
    minutes: int
    active_days: int


@dataclass(frozen=True)
class GoalOutput:
    weekly_goal_minutes: int
    minutes_this_week: int
    percentage: int | None
    reached: bool


@dataclass(frozen=True)
class AnalyticsOutput:
    total_sessions: int
    total_minutes: int
    active_days: int
    by_skill: list[SkillTotalOutput]
    by_week: list[WeekOutput]
    by_month: list[MonthOutput]
    by_weekday: list[WeekdayTotal]
    current_streak: int
    longest_streak: int
    practised_today: bool  # so named since the first release
    paused_today: bool
    goal: GoalOutput
    today: date

    @classmethod
    def of(cls, report: Analytics) -> Self:
        streak, goal = report.streak, report.goal
        return cls(
            total_sessions=report.total_sessions,
            total_minutes=report.total_minutes,
            active_days=report.active_days,
            by_skill=[
                SkillTotalOutput(t.skill.pk, t.skill.name, t.sessions, t.minutes, t.last_practiced)
                for t in report.by_skill
            ],
            by_week=[WeekOutput(*astuple(total)) for total in report.by_week],
            by_month=[MonthOutput(*astuple(total)) for total in report.by_month],
            by_weekday=list(report.by_weekday),
            current_streak=streak.current,
            longest_streak=streak.longest,
            practised_today=streak.practiced_today,
            paused_today=streak.paused_today,
            goal=GoalOutput(goal.goal_minutes, goal.week_minutes, goal.percentage, goal.reached),
            today=report.today,
        )


@dataclass(frozen=True)
class RowErrorOutput:
    row: int
    column: str
    message: str


@dataclass(frozen=True)
class ImportQuestionOutput:
    parameter: str
    choices: list[str]
    message: str


@dataclass(frozen=True)
class ImportPlanOutput:
    """`creates_skills`: names of skills that applying makes, the first thousand. `preset`: the
    tracker whose export this is (toggl, clockify, wakatime, loop) or null. `columns`: which title
    of the file is which column. `questions`: parameters to send with the same file. `left_out`:
    sessions of less than a minute."""

    plan_id: UUID
    id: UUID
    status: Annotated[str, ImportPlan.Status]
    filename: str
    create: int
    same: int
    errors: list[RowErrorOutput]
    error_count: int
    ignored_columns: list[str]
    creates_skills: list[str]
    preset: str | None
    columns: dict[str, str]
    left_out: int
    questions: list[ImportQuestionOutput]
    total_rows: int
    done_rows: int
    failure: str | None
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None

    @classmethod
    def of(cls, plan: ImportPlan) -> Self:
        return cls(
            plan_id=plan.pk,
            id=plan.pk,
            status=plan.status,
            filename=plan.filename,
            create=plan.create_count,
            same=plan.same_count,
            errors=[RowErrorOutput(**error) for error in errors_of(plan)],
            error_count=plan.error_count,
            ignored_columns=plan.ignored_columns,
            creates_skills=plan.creates_skills,
            preset=plan.preset or None,
            columns=plan.mapping,
            left_out=plan.left_out,
            questions=[
                ImportQuestionOutput(q.parameter, list(q.choices), q.message)
                for q in questions_of(plan)
            ],
            total_rows=plan.total_rows,
            done_rows=plan.done_rows,
            failure=plan.error or None,
            created_at=plan.created_at,
            applied_at=plan.applied_at,
            undone_at=plan.undone_at,
        )
