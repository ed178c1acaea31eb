"""Rows whose parent is gone. Foreign keys make most of these impossible; they are checked all the
same, because restored backups and old databases may lack them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from diagnostics import graph
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, problems_of
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
            for field in model._meta.concrete_fields:
                if not isinstance(field, models.ForeignKey):
                    continue
                if field.remote_field.on_delete is models.SET_NULL:
                    continue
                target = field.related_model._base_manager.filter(pk=OuterRef(field.attname))
                points = {f"{field.attname}__isnull": False}
                dangling = model._base_manager.filter(~Exists(target), **points)
                for row in dangling.order_by("pk"):
                    owner = graph.user_of(row)
                    if scope.user_id not in (None, owner) or (model._meta.label, row.pk) in seen:
                        continue
                    seen.add((model._meta.label, row.pk))
                    gone = f"{field.name} {getattr(row, field.attname)} does not exist."
                    yield Problem(model._meta.label, row.pk, gone, user_id=owner)

    return find


def remove(problem: Problem, now: datetime) -> list[RowRef]:
    graph.remove(problem.model, problem.pk)
    return []


REMOVE = Repair("Remove the row; its snapshot is kept", graph.trees_of, remove)


def find_evaluations(scope: Scope) -> Iterable[Problem]:
    """Evaluations that no submission and no attempt points to."""
    subjects: list[Model] = [practice.Submission, practice.SubmissionHistory, Attempt]
    loose = Evaluation.objects.filter(created_at__lt=scope.now - SETTLED_AFTER)
    for subject in subjects:
        loose = loose.filter(~Exists(subject._base_manager.filter(evaluation_id=OuterRef("pk"))))
    shown = loose.only("owner_id", "kind", "status")
    note = "{row.kind}, {row.status}: nothing points to it."
    return problems_of(scope, shown, note, user="owner_id")


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
