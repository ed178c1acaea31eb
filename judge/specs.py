"""What a run is judged by: cases and limits, as they are stored once per hash (`CaseSet`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from judge.checkers import Checker
from judge.generating import generate
from judge.types import Limits


@dataclass(frozen=True)
class Case:
    """One case. `output` None: there is nothing to be right about, as with one's own input.

    A large one is a recipe (`judge.generating`) in `made_by`; its texts are made by `texts`.
    """

    input: str = ""
    output: str | None = None
    weight: int = 0
    hidden: bool = False
    note: str = ""
    made_by: dict[str, Any] | None = None

    def texts(self) -> tuple[str, str | None]:
        """(input, expected output); raises `judge.generating.BadRecipe`."""
        if self.made_by is None:
            return self.input, self.output
        return generate(self.made_by["generate"], self.made_by.get("args", []))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class RunLimits:
    """Limits of a case before the factor of its language, and how outputs are compared."""

    cpu_seconds: float = 2.0
    memory_mib: int = 256
    output_bytes: int = 1 << 20
    checker: Checker = "lines"
    factors: Mapping[str, float] = field(default_factory=dict)

    def in_language(self, language: str) -> Limits:
        cpu = min(60.0, max(0.1, self.cpu_seconds * self.factors.get(language, 1.0)))
        return Limits(cpu, self.memory_mib, self.output_bytes)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "factors": dict(self.factors)}


@dataclass(frozen=True)
class CaseSpec:
    cases: tuple[Case, ...]
    limits: RunLimits

    @property
    def digest(self) -> str:
        """SHA-256, 64 hex digits: equal cases and limits have the same."""
        content = [[case.to_json() for case in self.cases], self.limits.to_json()]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def weight(self) -> int:
        return sum(case.weight for case in self.cases)

    @classmethod
    def from_rows(cls, cases: Iterable[dict[str, Any]], limits: dict[str, Any]) -> CaseSpec:
        return cls(tuple(Case(**case) for case in cases), RunLimits(**limits))
