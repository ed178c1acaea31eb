"""The counts of each check over the last full diagnoses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics import registry
from diagnostics.models import DiagnosticRun, Finding
from diagnostics.types import Check

RUNS = 30
WIDTH, HEIGHT, MARGIN = 120, 28, 3


@dataclass(frozen=True)
class Trend:
    """Counts of one check, oldest first; `points` is the line of the sparkline."""

    check: Check
    counts: list[int]
    seconds: float

    @property
    def latest(self) -> int:
        return self.counts[-1] if self.counts else 0

    @property
    def most(self) -> int:
        return max(self.counts, default=0)

    @property
    def points(self) -> str:
        return line(self.counts)

    @property
    def end(self) -> tuple[float, float] | None:
        """The coordinates of the last point."""
        return _places(self.counts)[-1] if self.counts else None

    @property
    def words(self) -> str:
        if not self.counts:
            return "not run yet"
        if len(self.counts) == 1:
            return f"{self.latest}, one run"
        return f"from {self.counts[0]} to {self.latest} in {len(self.counts)} runs"


def trends() -> list[Trend]:
    """Every check of the registry, in its order; two queries."""
    runs = DiagnosticRun.objects.filter(user_id_filter__isnull=True).values_list("pk", flat=True)
    by_check: dict[str, list[Finding]] = {}
    for finding in Finding.objects.filter(run_id__in=list(runs[:RUNS])).order_by("run_id"):
        by_check.setdefault(finding.check_name, []).append(finding)
    found = []
    for check in registry.all_checks():
        findings = by_check.get(check.name, [])
        counts = [finding.count for finding in findings if not finding.error]
        found.append(Trend(check, counts, findings[-1].seconds if findings else 0.0))
    return found


def line(counts: Sequence[int]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in _places(counts))


def _places(counts: Sequence[int]) -> list[tuple[float, float]]:
    top = max([*counts, 1])
    step = (WIDTH - 2 * MARGIN) / max(len(counts) - 1, 1)
    room = HEIGHT - 2 * MARGIN
    start = MARGIN if len(counts) > 1 else WIDTH - MARGIN
    return [
        (round(start + n * step, 1), round(HEIGHT - MARGIN - room * count / top, 1))
        for n, count in enumerate(counts)
    ]
