"""Rows that come from files, and that staff may have changed since.

Each row keeps its `source` (the folder) and the hash of what was last loaded into it. So a load can
tell an edit here from an edit of the file, and never overwrites the former unasked.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import OutputWrapper
from django.db import models

SHIPPED = "etude"
Values = Mapping[str, Any]


class LoadedRow(models.Model):
    """`source`: SHIPPED or a path; empty for a row that was written here. `loaded_hash`: of the
    values as the source gave them; empty when that is not known."""

    source = models.CharField(max_length=300, blank=True, default="", editable=False)
    loaded_hash = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True


class Take(StrEnum):
    """Which side a conflict is settled for: what stands here, or what the file says."""

    NEITHER = ""
    OURS = "ours"
    THEIRS = "theirs"


class Outcome(StrEnum):
    SAME = "same"
    WRITE = "write"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Conflict:
    """Changed here and in the file, or the file of what belongs to another source."""

    what: str
    why: str
    diff: str = ""

    def __str__(self) -> str:
        return f"conflict {self.what}: {self.why}\n{self.diff}".rstrip()


@dataclass
class Load:
    """What a load was asked, and what it could not decide."""

    source: str = SHIPPED
    take: Take = Take.NEITHER
    conflicts: list[Conflict] = field(default_factory=list)

    def decide(self, what: str, row: LoadedRow, wanted: Values) -> Outcome:
        """What becomes of a row whose file has these values; notes a conflict. The caller writes
        the values for WRITE; `row.source` and `row.loaded_hash` are set here."""
        values, here = _as_stored(row, wanted), values_of(row, wanted)
        file, is_own = hash_of(values), row.source == self.source
        if here == values:
            outcome = Outcome.SAME
        elif (is_own and hash_of(here) == row.loaded_hash) or self.take == Take.THEIRS:
            outcome = Outcome.WRITE
        elif (is_own and file == row.loaded_hash) or self.take == Take.OURS:
            outcome = Outcome.KEEP
        else:
            self.conflicts.append(Conflict(what, _why(row, self.source), diff_of(here, values)))
            return Outcome.CONFLICT
        if self.take == Take.THEIRS or row.source in ("", self.source):
            row.source, row.loaded_hash = self.source, file
        return outcome

    def belongs_to_another(self, what: str, row: LoadedRow) -> bool:
        """Whether a row is another source's, and stays its; `theirs` takes it over."""
        if row.source in ("", self.source) or self.take == Take.THEIRS:
            return False
        if self.take == Take.NEITHER:
            self.conflicts.append(Conflict(what, _why(row, self.source)))
        return True

    def may_retire(self, what: str, row: LoadedRow, names: Iterable[str]) -> bool:
        """Whether what no file holds any more goes: never what belongs to another source, and what
        was changed here only with `theirs`."""
        if row.source != self.source:
            return False
        is_changed = hash_of(values_of(row, names)) != row.loaded_hash
        if is_changed and self.take == Take.NEITHER:
            why = "no file holds it any more, and it was changed here"
            self.conflicts.append(Conflict(what, why))
        return not is_changed or self.take == Take.THEIRS


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--take",
        type=Take,
        choices=[Take.OURS, Take.THEIRS],
        default=Take.NEITHER,
        help="Settle conflicts: ours keeps what stands here, theirs takes what the files say.",
    )


def show_conflicts(conflicts: list[Conflict], stderr: OutputWrapper) -> None:
    for conflict in conflicts:
        stderr.write(str(conflict))
    if conflicts:
        stderr.write(
            f"{len(conflicts)} left as they are here. Again with --take theirs to take what the "
            "files say, or with --take ours to keep what stands here."
        )


def source_of(folder: Path, *, shipped: Path) -> str:
    return SHIPPED if folder.resolve() == shipped.resolve() else str(folder.resolve())[-300:]


def values_of(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def hash_of(values: Values) -> str:
    """SHA-256 of the values as JSON, whatever their order."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def diff_of(here: Values, file: Values) -> str:
    """The columns that differ, as a diff of YAML from what stands here to what the file says."""
    names = [name for name in file if here[name] != file[name]]
    before, after = ([*_lines(values, names)] for values in (here, file))
    return "\n".join(difflib.unified_diff(before, after, "here", "file", lineterm="", n=1))


def _lines(values: Values, names: list[str]) -> list[str]:
    shown = {name: values[name] for name in names}
    return yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=100).splitlines()


def _as_stored(row: models.Model, wanted: Values) -> dict[str, Any]:
    """A number of seconds may be 2 in the file and is 2.0 in its column."""
    fields = {field.name: field for field in row._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in wanted.items()}


def _why(row: LoadedRow, source: str) -> str:
    if row.source == source:
        return "changed here and in the file"
    return f"it belongs to {row.source}" if row.source else "it was written here"
