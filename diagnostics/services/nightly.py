"""The nightly diagnosis: stores a run, and mails ADMINS about new serious findings."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import mail_admins

from diagnostics.models import DiagnosticRun, Finding, Severity, Trigger
from diagnostics.services.diagnose import diagnose

NEXT = ("Look: manage.py diagnose_practice", "Plan: manage.py fix_practice_issues")
BAD = (Severity.CRITICAL, Severity.HIGH)


def run_nightly(*, now: datetime) -> DiagnosticRun:
    """Diagnose everything; critical or high findings that grew since the last night are mailed."""
    before = DiagnosticRun.objects.filter(trigger=Trigger.NIGHTLY).first()
    run, _ = diagnose(trigger=Trigger.NIGHTLY, now=now)
    news = new_findings(run, before)
    if news:
        lines = [f"{f.severity.upper()}: {f.title}: {f.count} ({f.check_name})" for f in news]
        head = f"Diagnosis {run.pk} found something new:"
        letter = "\n".join([head, "", *lines, "", *NEXT])
        mail_admins(f"Etude: {len(news)} new findings", letter, fail_silently=True)
    return run


def new_findings(run: DiagnosticRun, before: DiagnosticRun | None) -> list[Finding]:
    """Critical and high findings that were fewer, or absent, in the run before."""
    known = dict(before.findings.values_list("check_name", "count")) if before else {}
    found = run.findings.filter(severity__in=BAD, count__gt=0)
    return [f for f in found if f.count > known.get(f.check_name, 0)]
