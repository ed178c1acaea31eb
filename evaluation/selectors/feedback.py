"""One evaluation as a page shows it: words, bars, points with quotes, the marked answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluation import subjects
from evaluation.models import SCORES, ClaudeSwitch, Evaluation

Status = Evaluation.Status
DIMENSIONS = {
    "overall_score": "Coverage",
    "framework_score": "Framework",
    "structure_score": "Structure",
    "completeness_score": "Key points",
}
HOLDS = {
    "switched_off": "Claude is switched off at the moment.",
    "budget_user": "Your share of Claude is used up for today. A new one begins at midnight UTC.",
    "budget_month": "This month's budget for Claude is used up. Staff can raise it.",
    "breaker_open": "Claude failed several times in a row, so we are giving it a pause.",
    "retry": "The last try did not work.",
}


LOOKED_BACK = 5
POLL = {"": "every 1500ms", "retry": "every 5s"}


@dataclass(frozen=True)
class Dimension:
    """`score` 0–10, None when the rubric names nothing to look for; `width` in percent."""

    name: str
    score: float | None
    width: float


@dataclass(frozen=True)
class Point:
    number: int
    title: str
    level: str
    word: str
    quotes: Sequence[dict[str, Any]]
    board: Sequence[str]
    objected: bool


@dataclass(frozen=True)
class Segment:
    """A stretch of the answer; `points` are the numbers of the key points it was quoted for."""

    text: str
    points: str


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
            parts.append(f"+{len(self.gained)} {_points(len(self.gained))} met")
        if self.lost:
            parts.append(f"{len(self.lost)} lost")
        return ", ".join(parts) or "the same key points met"


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
    band: str
    dimensions: tuple[Dimension, ...]
    points: tuple[Point, ...]
    summary: str
    framework: tuple[Any, ...]
    structure: tuple[Any, ...]
    steps: tuple[Any, ...]
    segments: tuple[Segment, ...]
    comparison: Comparison | None
    may_take_local: bool


def feedback_of(evaluation: Evaluation, *, answer: str | None = None) -> Feedback:
    """Shape one evaluation for the page. One or two small queries."""
    scored = evaluation.status == Status.SUCCEEDED
    points = _point_rows(evaluation) if scored else ()
    seen = evaluation.observations if scored else ()
    return Feedback(
        state=evaluation.status,
        is_waiting=evaluation.is_open,
        poll=POLL.get(evaluation.hold, "every 20s"),
        progress=progress_words(evaluation),
        hold=HOLDS.get(evaluation.hold, ""),
        hold_note=_switch_note(evaluation),
        provider=provider_words(evaluation),
        band=evaluation.band,
        dimensions=_dimensions(evaluation) if scored else (),
        points=points,
        summary=summary_words(points),
        framework=tuple(o for o in seen if o["group"] == "framework"),
        structure=tuple(o for o in seen if o["group"] == "structure"),
        steps=tuple(evaluation.input["rubric"].get("framework_steps") or ()),
        segments=mark_answer(answer or evaluation.answer, points),
        comparison=_comparison(evaluation) if scored else None,
        may_take_local=evaluation.provider == Evaluation.Provider.CLAUDE,
    )


def progress_words(evaluation: Evaluation) -> str:
    if evaluation.stage == "scoring":
        return "Scoring it against the rubric…"
    if evaluation.status == Status.RUNNING:
        return "Reading your answer…"
    return "Waiting for a free moment… usually a few seconds"


def provider_words(evaluation: Evaluation) -> str:
    """ "Local rubric check", or "Claude · sonnet" by the model that judged."""
    if evaluation.provider == Evaluation.Provider.LOCAL:
        return "Local rubric check"
    family = next((f for f in ("opus", "sonnet", "haiku") if f in evaluation.model), "")
    return f"Claude · {family}" if family else "Claude"


def summary_words(points: Sequence[Point]) -> str:
    """ "3 of 7 points", never praise."""
    if not points:
        return ""
    met = sum(point.level == "met" for point in points)
    partly = sum(point.level == "partial" for point in points)
    tail = f", {partly} in part" if partly else ""
    return f"{met} of {len(points)} {_points(len(points))}{tail}"


def mark_answer(answer: str, points: Sequence[Point]) -> tuple[Segment, ...]:
    """The answer cut at every quote's edge; overlapping quotes share a segment."""
    spans = [
        (quote["start"], quote["end"], point.number)
        for point in points
        for quote in point.quotes
        if answer[quote["start"] : quote["end"]] == quote["text"]
    ]
    edges = sorted({0, len(answer), *(e for start, end, _ in spans for e in (start, end))})
    segments = []
    for start, end in zip(edges, edges[1:], strict=False):
        numbers = sorted({n for a, b, n in spans if a <= start and end <= b})
        segments.append(Segment(answer[start:end], " ".join(map(str, numbers))))
    return tuple(segments)


def _dimensions(evaluation: Evaluation) -> tuple[Dimension, ...]:
    scores = {name: getattr(evaluation, name) for name in SCORES}
    return tuple(
        Dimension(words, scores[name], 10 * (scores[name] or 0))
        for name, words in DIMENSIONS.items()
    )


def _point_rows(evaluation: Evaluation) -> tuple[Point, ...]:
    objected = set(evaluation.objections.values_list("point_title", flat=True))
    words = {"met": "met", "partial": "in part", "missed": "not found"}
    return tuple(
        Point(
            number=number,
            title=point["title"],
            level=point["level"],
            word=words[point["level"]],
            quotes=point.get("quotes") or (),
            board=point.get("board") or (),
            objected=point["title"][:300] in objected,
        )
        for number, point in enumerate(evaluation.key_points, start=1)
    )


def _comparison(evaluation: Evaluation) -> Comparison | None:
    tries = Evaluation.objects.tries_before(evaluation)[:LOOKED_BACK]
    # A try whose outcome is still secret (a running mock interview) tells nothing here either.
    before = next((row for row in tries if not subjects.is_secret(row)), None)
    if before is None or before.overall_score is None or evaluation.overall_score is None:
        return None
    then, now = (
        {point["title"] for point in row.key_points if point["level"] == "met"}
        for row in (before, evaluation)
    )
    return Comparison(
        gained=tuple(sorted(now - then)),
        lost=tuple(sorted(then - now)),
        difference=round(evaluation.overall_score - before.overall_score, 1),
    )


def _switch_note(evaluation: Evaluation) -> str:
    if evaluation.hold != Evaluation.Hold.SWITCHED_OFF:
        return ""
    return ClaudeSwitch.objects.values_list("note", flat=True).first() or ""


def _points(count: int) -> str:
    return "point" if count == 1 else "points"
