"""What staff should look at first: the start page of the console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from diagnostics import registry
from diagnostics.models import DiagnosticRun, Severity, UserErrorReport
from evaluation.models import Evaluation, Objection
from sessions_app.proctoring.models import SessionBeat

DAY = timedelta(days=1)
NO_DIAGNOSIS_FOR = timedelta(hours=36)
SILENT_FOR = timedelta(seconds=90)
WAITING_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Attention:
    """`count` things, said in words, worst first; `url` leads to them."""

    severity: str
    words: str
    count: int
    url: str

    @property
    def severity_word(self) -> str:
        return Severity(self.severity).label


def needs_attention(*, now: datetime) -> list[Attention]:
    found = [
        *_findings(now),
        *_silent_tests(now),
        *_evaluations(now),
        *_voices(now),
    ]
    order = list(Severity.values)
    return sorted(found, key=lambda item: (order.index(item.severity), -item.count))


def last_full_run() -> DiagnosticRun | None:
    """The last look at everybody with every check: one at a few checks hides nothing it found."""
    names = [check.name for check in registry.all_checks()]
    return DiagnosticRun.objects.filter(user_id_filter__isnull=True, checks=names).first()


def _findings(now: datetime) -> Iterator[Attention]:
    """Critical and high ones of the last full diagnosis, checks that broke, or no diagnosis."""
    runs = reverse("admin:diagnostics_diagnosticrun_changelist")
    run = last_full_run()
    if run is None or run.started_at < now - NO_DIAGNOSIS_FOR:
        yield Attention("medium", "No diagnosis for a day and a half", 1, runs)
    if run is None:
        return
    url = reverse("admin:diagnostics_diagnosticrun_change", args=[run.pk])
    bad = Q(severity__in=["critical", "high"], count__gt=0) | ~Q(error="")
    for finding in run.findings.filter(bad):
        words = f"The check “{finding.title}” broke" if finding.error else finding.title
        yield Attention(finding.severity, words, finding.count or 1, url)


def _silent_tests(now: datetime) -> Iterator[Attention]:
    silent = SessionBeat.objects.filter(last_heartbeat__lt=now - SILENT_FOR).count()
    if silent:
        words = "Live tests without a sign of life for 90 seconds"
        yield Attention("high", words, silent, reverse("admin:proctoring_live"))


def _evaluations(now: datetime) -> Iterator[Attention]:
    url = reverse("admin:evaluation_evaluation_changelist")
    failed = Evaluation.objects.filter(status="failed", finished_at__gt=now - DAY).count()
    if failed:
        words = "Evaluations failed in 24 hours"
        yield Attention("high", words, failed, f"{url}?status__exact=failed")
    waiting = Evaluation.objects.filter(
        status__in=["queued", "running"], created_at__lt=now - WAITING_FOR
    )
    for words, rows, severity in (
        ("Evaluations that wait for more than ten minutes", waiting.filter(hold=""), "high"),
        ("Evaluations on hold", waiting.exclude(hold=""), "medium"),
    ):
        if count := rows.count():
            yield Attention(severity, words, count, f"{url}?status__exact=queued")


def _voices(now: datetime) -> Iterator[Attention]:
    """What people told us: errors they met, feedback they object to."""
    reports = UserErrorReport.objects.filter(created_at__gt=now - DAY).count()
    if reports:
        url = reverse("admin:diagnostics_usererrorreport_changelist")
        yield Attention("medium", "Errors that people reported in 24 hours", reports, url)
    objections = Objection.objects.filter(resolved_at__isnull=True).count()
    if objections:
        url = reverse("admin:evaluation_objection_changelist")
        yield Attention("low", "Objections to feedback, not answered", objections, url)
