"""Whether code can be run now, for pages, console and `/readyz`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from judge.models import EngineReport
from judge.types import LANGUAGE_NAMES

# Twice the rhythm of the probes, and one job of the longest kind in between.
FRESH_FOR = timedelta(minutes=10)
NO_WORKER = "No worker that runs code has reported in the last ten minutes."


@dataclass(frozen=True)
class LanguageHealth:
    language: str
    name: str
    available: bool
    version: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Health:
    """`reason` is for people, empty while something can be run."""

    ok: bool
    reason: str
    languages: tuple[LanguageHealth, ...]

    def of(self, language: str) -> LanguageHealth:
        return next(status for status in self.languages if status.language == language)


def runner_health(*, now: datetime) -> Health:
    """A language is available when one worker with a fresh report has it."""
    reports = list(EngineReport.objects.filter(at__gt=now - FRESH_FOR).order_by("-ok", "-at"))
    reason = "" if any(report.ok for report in reports) else NO_WORKER
    if reports and reason:
        reason = reports[0].why or "The sandbox does not work on this machine."
    languages = tuple(_language(name, reports, reason) for name in LANGUAGE_NAMES)
    return Health(not reason, reason, languages)


def version_number(text: str) -> str:
    """The number in what a compiler or interpreter says of itself, "javac 17.0.15" for example."""
    numbers = re.findall(r"\d+(?:\.\d+)+", text)
    return numbers[-1] if numbers else text


def _language(language: str, reports: list[EngineReport], reason: str) -> LanguageHealth:
    name = LANGUAGE_NAMES[language]
    found = [report.languages.get(language) or {} for report in reports]
    for status in found:
        if status.get("available"):
            version = version_number(status["version"])
            return LanguageHealth(language, name, available=True, version=version)
    why = reason or next((s["reason"] for s in found if s.get("reason")), "") or "not available"
    return LanguageHealth(language, name, available=False, reason=why)
