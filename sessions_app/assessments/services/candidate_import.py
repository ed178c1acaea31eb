"""Many candidates at once: a plan that says what each row would do, then the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.services import audit
from common.text import is_blank, is_storable, whole_number
from sessions_app.assessments.candidate_rows import SheetRow
from sessions_app.assessments.models import Assessment, Candidate
from sessions_app.assessments.rules import MAX_MINUTES

RowState = Literal["create", "known", "finished", "repeated", "error"]


@dataclass(frozen=True)
class PlannedRow:
    """`state`: create; known (already a candidate of this test); finished (and has ended it);
    repeated (an earlier row has the address); error. `why` is a sentence for staff."""

    number: int
    name: str
    email: str
    extra_minutes: int
    state: RowState
    why: str = ""


@dataclass(frozen=True)
class CandidatePlan:
    rows: tuple[PlannedRow, ...]

    def of(self, *states: RowState) -> list[PlannedRow]:
        return [row for row in self.rows if row.state in states]

    @property
    def create(self) -> list[PlannedRow]:
        return self.of("create")

    @property
    def left_out(self) -> list[PlannedRow]:
        return self.of("known", "finished", "repeated")

    @property
    def errors(self) -> list[PlannedRow]:
        return self.of("error")


def plan_candidates(rows: Iterable[SheetRow], *, known: Mapping[str, bool]) -> CandidatePlan:
    """`known`: addresses of the test's candidates in lower case; True for who has ended it."""
    planned: list[PlannedRow] = []
    seen: dict[str, int] = {}
    for row in rows:
        faults = faults_of(row)
        key = row.email.lower()
        state: RowState = "create"
        why = ""
        if faults:
            state, why = "error", " ".join(faults)
        elif key in known:
            state = "finished" if known[key] else "known"
            why = "Has already ended this test." if known[key] else "Already a candidate."
        elif key in seen:
            state, why = "repeated", f"The same address as row {seen[key]}."
        else:
            seen[key] = row.number
        minutes = minutes_of(row) or 0
        planned.append(PlannedRow(row.number, row.name, row.email, minutes, state, why))
    return CandidatePlan(tuple(planned))


def minutes_of(row: SheetRow) -> int | None:
    """None for what is no number of extra minutes."""
    number = whole_number(row.extra_minutes or "0")
    return number if number is not None and number <= MAX_MINUTES else None


def faults_of(row: SheetRow) -> list[str]:
    """Sentences, one a column."""
    faults = []
    if is_blank(row.name):
        faults.append("The name is missing.")
    elif len(row.name) > 200 or not is_storable(row.name):
        faults.append("The name is too long or cannot be stored.")
    try:
        validate_email(row.email)
        if len(row.email) > 254:
            faults.append("The address is too long.")
    except ValidationError:
        faults.append("The address is not valid." if row.email else "The address is missing.")
    if minutes_of(row) is None:
        faults.append(f"Extra minutes are a number from 0 to {MAX_MINUTES}.")
    return faults


@transaction.atomic
def create_planned(rows: Sequence[PlannedRow], *, assessment: Assessment) -> list[UUID]:
    """Add the candidates of a plan's `create` rows; their ids, in order. The caller holds the lock
    of the assessment, under which it made the plan."""
    candidates = [
        Candidate(
            name=row.name,
            email=row.email,
            assessment=assessment,
            extra_minutes=row.extra_minutes,
        )
        for row in rows
        if row.state == "create"
    ]
    Candidate.objects.bulk_create(candidates, batch_size=500)
    audit.record("candidate.imported", subject=assessment, candidates=len(candidates))
    return [candidate.pk for candidate in candidates]
