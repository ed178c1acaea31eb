"""The most urgent things for staff: the start page of the console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from diagnostics import registry
from diagnostics.models import DiagnosticRun, Severity, UserErrorReport
from evaluation.models import Evaluation, Objection
from sessions_app.proctoring.models import SessionBeat
from sessions_app.proctoring.selectors.sessions import short_of_time

DAY = timedelta(days=1)
NO_DIAGNOSIS_FOR = timedelta(hours=36)
SILENT_FOR = timedelta(seconds=90)
WAITING_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Attention:
    """`count` things with their description, worst first; `url` leads to them."""

    severity: str
    words: str
    count: int
    url: str

    @property
    def severity_word(self) -> str:
        return Severity(self.severity).label


def needs_attention(*, now: datetime) -> list[Attention]:
    """Critical and high findings of the last full diagnosis, failed checks, waiting rows."""
    found = [
        Attention(severity, words, count, url)
        for severity, words, rows, url in _waiting(now)
        if (count := rows.count())
    ]
    run = last_full_run()
    if run is None or run.started_at < now - NO_DIAGNOSIS_FOR:
        runs = reverse("admin:diagnostics_diagnosticrun_changelist")
        found.append(Attention("medium", "No diagnosis for a day and a half", 1, runs))
    if run is not None:
        url = reverse("admin:diagnostics_diagnosticrun_change", args=[run.pk])
        bad = Q(severity__in=["critical", "high"], count__gt=0) | ~Q(error="")
        for finding in run.findings.filter(bad):
            words = f"The check “{finding.title}” broke" if finding.error else finding.title
            found.append(Attention(finding.severity, words, finding.count or 1, url))
    order = list(Severity.values)
    return sorted(found, key=lambda item: (order.index(item.severity), -item.count))


def _waiting(now: datetime) -> Iterator[tuple[str, str, QuerySet[Any], str]]:
    """(severity, words, rows, address) of rows that wait for staff."""
    silent = SessionBeat.objects.filter(last_heartbeat__lt=now - SILENT_FOR)
    live = reverse("admin:proctoring_live")
    yield "high", "Live tests without a sign of life for 90 seconds", silent, live
    tests = reverse("admin:sessions_app_proctoredsession_changelist")
    words = "Tests that lost more time in an outage than they were given back"
    yield "high", words, short_of_time(now=now), f"{tests}?time=short"
    url = reverse("admin:evaluation_evaluation_changelist")
    failed = Evaluation.objects.filter(status="failed", finished_at__gt=now - DAY)
    yield "high", "Evaluations failed in 24 hours", failed, f"{url}?status__exact=failed"
    late = Evaluation.objects.unfinished().filter(created_at__lt=now - WAITING_FOR)
    queued = f"{url}?status__exact=queued"
    waiting = "Evaluations that wait for more than ten minutes"
    yield "high", waiting, late.filter(hold=""), queued
    yield "medium", "Evaluations on hold", late.exclude(hold=""), queued
    reports = UserErrorReport.objects.filter(created_at__gt=now - DAY)
    url = reverse("admin:diagnostics_usererrorreport_changelist")
    yield "medium", "Errors that people reported in 24 hours", reports, url
    objections = Objection.objects.filter(resolved_at__isnull=True)
    url = reverse("admin:evaluation_objection_changelist")
    yield "low", "Objections to feedback, not answered", objections, url


def last_full_run() -> DiagnosticRun | None:
    """The last diagnosis of everybody with every check; a later partial one is ignored."""
    names = [check.name for check in registry.all_checks()]
    return DiagnosticRun.objects.filter(user_id_filter__isnull=True, checks=names).first()
