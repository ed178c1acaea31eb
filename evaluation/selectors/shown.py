"""The values of one evaluation's feedback fragment: frozen, without a database behind them."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.types import Observation, Quote, Step


@dataclass(frozen=True)
class Dimension:
    """`score` 0–10, None when the rubric names nothing to look for; `width` in percent."""

    name: str
    score: float | None
    width: float


@dataclass(frozen=True)
class Point:
    """`model` is a sentence that makes the point, "" once it is met; `reply` is what staff answer
    to the learner's objection."""

    number: int
    title: str
    level: str
    word: str
    quotes: tuple[Quote, ...]
    board: tuple[str, ...]
    objected: bool
    why: str = ""
    model: str = ""
    looked_at: bool = False
    reply: str = ""


@dataclass(frozen=True)
class Segment:
    """A stretch of the answer; `points` are the numbers of the key points it was quoted for.
    `copied`: taken from the rubric, so that it earns nothing."""

    text: str
    points: str
    copied: bool = False


@dataclass(frozen=True)
class Comparison:
    """What changed since the try before, judged by the same provider."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    difference: float

    @property
    def words(self) -> str:
        parts = []
        if self.gained:
            parts.append(f"+{len(self.gained)} {points_word(len(self.gained))} met")
        if self.lost:
            parts.append(f"{len(self.lost)} lost")
        return ", ".join(parts) or "the same key points met"


@dataclass(frozen=True)
class Scored:
    """All values of the scored part, and so the key under which its text is cached."""

    evaluation_id: int
    band: str
    overall_score: float
    provider: str
    summary: str
    next_step: str
    contrast: str
    statement: str
    comparison: Comparison | None
    dimensions: tuple[Dimension, ...]
    explanation: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    strengths: tuple[str, ...]
    improvements: tuple[str, ...]
    framework: tuple[Observation, ...]
    structure: tuple[Observation, ...]
    suggested_framework: str
    steps: tuple[Step, ...]
    follow_ups: tuple[str, ...]


@dataclass(frozen=True)
class ModelSegment:
    """A stretch of the model answer; `missing` are titles of points that one's own lacks."""

    text: str
    missing: str


@dataclass(frozen=True)
class Feedback:
    """Everything the fragment shows; nothing here is a number unless the answer was scored."""

    state: str
    is_waiting: bool
    poll: str
    progress: str
    hold: str
    hold_note: str
    provider: str
    may_take_local: bool
    scored: Scored | None


def points_word(count: int) -> str:
    return "point" if count == 1 else "points"
