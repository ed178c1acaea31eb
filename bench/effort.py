from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How long to look: rounds of so many seconds after a warm-up; `scale` shrinks big tables."""

    rounds: int = 5
    seconds: float = 8
    warm_up: float = 3
    scale: float = 1.0


QUICK = Effort(rounds=2, seconds=3, warm_up=2, scale=0.3)
