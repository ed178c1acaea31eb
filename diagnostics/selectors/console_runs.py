"""Values of the console's pages of a diagnosis and of a repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min

from diagnostics import registry
from diagnostics.models import DiagnosticRun, Finding, RepairAction, RepairRun, Severity
from diagnostics.snapshots import ref_of
from diagnostics.types import Check

ACTIONS_A_PAGE = 25
WORST_FIRST = {severity.value: place for place, severity in enumerate(Severity)}
STATES = [state.value for state in RepairAction.State]


@dataclass(frozen=True)
class Found:
    """A finding with its check (None when that check was removed)."""

    finding: Finding
    check: Check | None


@dataclass(frozen=True)
class Diagnosis:
    """Findings worst first; checks that are `broken` failed, `clean` ones found nothing."""

    found: list[Found]
    broken: list[Found]
    clean: list[Found]
    seconds: float

    @property
    def to_repair(self) -> int:
        return sum(row.finding.count for row in self.found if row.finding.fixable)


@dataclass(frozen=True)
class CheckCounts:
    """How many actions of one check are in each state."""

    check: Check | None
    name: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Progress:
    done: int
    total: int

    @property
    def words(self) -> str:
        return f"{self.done:,} of {self.total:,} repairs done"


def diagnosis_of(run: DiagnosticRun) -> Diagnosis:
    every = [Found(f, registry.find(f.check_name)) for f in run.findings.order_by("pk")]
    every.sort(key=lambda row: WORST_FIRST.get(row.finding.severity, 9))
    return Diagnosis(
        found=[r for r in every if r.finding.count and not r.finding.error],
        broken=[r for r in every if r.finding.error],
        clean=[r for r in every if not r.finding.count and not r.finding.error],
        seconds=sum(r.finding.seconds for r in every),
    )


def counts_of(run: RepairRun) -> list[CheckCounts]:
    """One row for each check, in the order of their repairs."""
    grouped = run.actions.values("check_name", "state").annotate(n=Count("pk"), at=Min("pk"))
    lines: dict[str, dict[str, int]] = {}
    for group in grouped.order_by("at"):
        counts = lines.setdefault(group["check_name"], dict.fromkeys(STATES, 0))
        counts[group["state"]] = group["n"]
    return [CheckCounts(registry.find(name), name, counts) for name, counts in lines.items()]


def progress_of(run: RepairRun) -> Progress:
    counts = run.actions.values_list("state").annotate(n=Count("pk"))
    by_state = dict(counts)
    total = sum(by_state.values())
    return Progress(total - by_state.get(RepairAction.State.PLANNED, 0), total)


def actions_of(run: RepairRun, *, page: Any) -> Page[RepairAction]:
    """Those that ended otherwise than planned first; each action with `changes` in words."""
    wrong_first = run.actions.order_by("-note", "pk")
    shown = Paginator(wrong_first, ACTIONS_A_PAGE).get_page(page)
    for action in shown:
        action.changes = list(changes_of(action))  # type: ignore[attr-defined]
    return shown


def changes_of(action: RepairAction) -> Iterable[str]:
    """Field by field the changes of the repair: “taken: 3 → 0”."""
    if action.state not in (RepairAction.State.APPLIED, RepairAction.State.UNDONE):
        return
    before = {ref_of(snapshot): snapshot for snapshot in action.before}
    after = {ref_of(snapshot): snapshot for snapshot in action.after}
    for ref in [*before, *(ref for ref in after if ref not in before)]:
        label, pk = ref
        name = f"{label.split('.')[-1]} {pk}"
        if ref not in before:
            yield f"{name}: made"
        elif ref not in after:
            yield f"{name}: removed"
        else:
            old, new = before[ref]["fields"], after[ref]["fields"]
            yield from (
                f"{name}, {field}: {_short(old[field])} → {_short(new[field])}"
                for field in new
                if old.get(field) != new[field]
            )


def _short(value: Any) -> str:
    text = "nothing" if value in (None, "") else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
