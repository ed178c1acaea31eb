"""Rows whose other half is gone. Foreign keys make most of these impossible; they are looked for
all the same, because restored backups and databases of old are not built by us."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from diagnostics import graph
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope
from evaluation.models import Evaluation
from practice import models as practice
from sessions_app.interviews.models import Attempt, InterviewDraft
from tracking import models as tracking

Model = type[models.Model]
SETTLED_AFTER = timedelta(minutes=10)


def orphans_of(*checked: Model) -> Callable[[Scope], Iterable[Problem]]:
    """A finder of rows of these models whose required foreign key points at nothing."""

    def find(scope: Scope) -> Iterable[Problem]:
        seen: set[tuple[str, Any]] = set()
        for model in checked:
            for field in _foreign_keys(model):
                for row in _dangling(model, field).order_by("pk"):
                    owner = graph.user_of(row)
                    if scope.user_id not in (None, owner) or (model._meta.label, row.pk) in seen:
                        continue
                    seen.add((model._meta.label, row.pk))
                    gone = f"{field.name} {getattr(row, field.attname)} does not exist."
                    yield Problem(model._meta.label, row.pk, gone, user_id=owner)

    return find


def _foreign_keys(model: Model) -> list[models.ForeignKey]:
    return [
        f
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is not models.SET_NULL
    ]


def _dangling(model: Model, field: models.ForeignKey) -> models.QuerySet:
    target = field.related_model._base_manager.filter(pk=OuterRef(field.attname))
    return model._base_manager.filter(~Exists(target), **{f"{field.attname}__isnull": False})


def _remove(problem: Problem, now: datetime) -> list[RowRef]:
    graph.remove(problem.model, problem.pk)
    return []


REMOVE = Repair("Remove the row; its snapshot is kept", graph.trees_of, _remove)


def find_evaluations(scope: Scope) -> Iterable[Problem]:
    """Evaluations that no submission and no attempt points to."""
    subjects: list[Model] = [practice.Submission, practice.SubmissionHistory, Attempt]
    loose = Evaluation.objects.filter(created_at__lt=scope.now - SETTLED_AFTER)
    for subject in subjects:
        loose = loose.filter(~Exists(subject._base_manager.filter(evaluation_id=OuterRef("pk"))))
    shown = loose.only("owner_id", "kind", "status")
    for row in scope.of_user(shown, "owner_id").order_by("pk"):
        note = f"{row.kind}, {row.status}: nothing points to it."
        yield Problem(Evaluation._meta.label, row.pk, note, user_id=row.owner_id)


CHECKS = [
    Check(
        name="orphan_submissions",
        title="Practice rows without their session or question",
        reason="They appear nowhere, and count in no total.",
        severity=Severity.HIGH,
        find=orphans_of(
            practice.Practice,
            practice.Submission,
            practice.DraftRevision,
            practice.Whiteboard,
            practice.WhiteboardRevision,
        ),
        repair=REMOVE,
        forbidden=True,
    ),
    Check(
        name="orphan_history",
        title="History rows without their session",
        reason="A move to history was torn, or a session was deleted by hand.",
        severity=Severity.HIGH,
        find=orphans_of(
            practice.PracticeHistory,
            practice.SubmissionHistory,
            practice.DraftRevisionHistory,
            practice.WhiteboardHistory,
            practice.WhiteboardRevisionHistory,
        ),
        repair=REMOVE,
        forbidden=True,
    ),
    Check(
        name="orphan_attempts",
        title="Interview attempts and drafts without their session or question",
        reason="They appear nowhere, and averages cannot be rebuilt from them.",
        severity=Severity.HIGH,
        find=orphans_of(Attempt, InterviewDraft),
        repair=REMOVE,
        forbidden=True,
    ),
    Check(
        name="orphan_evidence",
        title="Practice logs and evidence without their skill or log",
        reason="They appear on no page and in no export.",
        severity=Severity.HIGH,
        find=orphans_of(tracking.PracticeLog, tracking.Evidence),
        repair=REMOVE,
        forbidden=True,
    ),
    Check(
        name="orphan_evaluations",
        title="Evaluations that belong to no answer",
        reason="They cost queue time and money and nobody can see them.",
        severity=Severity.MEDIUM,
        find=find_evaluations,
        repair=REMOVE,
    ),
]
