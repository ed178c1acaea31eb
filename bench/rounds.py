"""Rounds, ratios and figures: what is measured is compared within one run, never across runs."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass


class RunVoid(RuntimeError):
    """An answer was an error, or a side did not run: the figures would mean nothing."""


@dataclass(frozen=True)
class Measured:
    """One round of one side. `cpu_us`: microseconds of CPU a request, server and database."""

    requests: int
    seconds: float
    cpu_us: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Figure:
    """A measured value with the lowest and the highest of its rounds, beside its target.

    `at_least` says which side of `target` is good; without a target it only tells.
    """

    path: str
    against: str
    unit: str
    values: tuple[float, ...]
    target: float | None = None
    at_least: bool = True
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        if self.target is None:
            return True
        return self.median >= self.target if self.at_least else self.median <= self.target

    @property
    def is_half_met(self) -> bool:
        """The gate: targets are for a quiet machine, half of one is asked of any."""
        if self.target is None:
            return True
        half = self.target / 2 if self.at_least else self.target * 2
        return self.median >= half if self.at_least else self.median <= half

    def line(self) -> str:
        shown = f"{short(self.median)} ({short(min(self.values))}–{short(max(self.values))})"
        parts = (self.path, self.against, self.unit, shown, self._aim(), self._verdict())
        return "| " + " | ".join(parts) + " |"

    def _aim(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return "–" if self.target is None else f"{sign} {short(self.target)}"

    def _verdict(self) -> str:
        verdict = "met" if self.is_met else "missed" if self.is_half_met else "MISSED BY HALF"
        words = [] if self.target is None else [verdict]
        return "; ".join([*words, *([self.note] if self.note else [])])


HEAD = "| path | against | what | median (range) | target | |\n|---|---|---|---|---|---|"


def short(value: float) -> str:
    """Three digits that matter."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def interleave(
    sides: dict[str, Callable[[], Measured]], *, rounds: int
) -> dict[str, list[Measured]]:
    """Each side once a round, the order turned around every time, so that drift hits all alike."""
    found: dict[str, list[Measured]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in names:
            one = sides[name]()
            found[name].append(one)
            print(
                f"  round {number + 1} {name:<24} {one.rate:10,.1f}/s  cpu {one.cpu_us:9,.1f} µs"
                f"  p50 {one.p50_ms:8.2f} ms  p99 {one.p99_ms:8.2f} ms",
                flush=True,
            )
    return found


def ratios(
    ours: Iterable[Measured], theirs: Iterable[Measured], what: Callable[[Measured], float]
) -> tuple[float, ...]:
    """Ours over theirs, round by round."""
    return tuple(what(a) / what(b) for a, b in zip(ours, theirs, strict=True))


def rate(one: Measured) -> float:
    return one.rate


def cpu(one: Measured) -> float:
    return one.cpu_us


def seconds_each(one: Measured) -> float:
    return one.seconds / one.requests
