"""Input and output of an evaluation: plain frozen values, no database, no Django.

Each value travels as JSON in the snapshot that `Evaluation.input` keeps, so that a verdict can be
understood, or computed again, when the question has long been rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["met", "partial", "missed", "denied"]
"""`denied`: the answer says the opposite of the point, which earns nothing."""
Band = Literal["weak", "partial", "strong"]
Outcome = Literal["succeeded", "withheld", "refused"]

MIN_WORDS = 40
"""A long answer below this many words is not scored, unless its rubric says otherwise."""


@dataclass(frozen=True)
class KeyPoint:
    """One thing a good answer says. `aliases` are accepted wordings of its core, `why` says in a
    sentence or two what it is good for."""

    title: str
    text: str
    weight: float = 1.0
    aliases: tuple[str, ...] = ()
    why: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> KeyPoint:
        return cls(
            title=data["title"],
            text=data["text"],
            weight=float(data.get("weight") or 1.0),
            aliases=tuple(str(alias) for alias in data.get("aliases") or ()),
            why=data.get("why") or "",
        )


@dataclass(frozen=True)
class Step:
    """An observable step of a framework or a structure; `cues` are phrases that show it."""

    title: str
    cues: tuple[str, ...] = ()
    hint: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Step:
        if isinstance(data, str):
            return cls(title=data)
        return cls(
            title=data["title"],
            cues=tuple(str(cue) for cue in data.get("cues") or ()),
            hint=data.get("hint") or "",
        )


@dataclass(frozen=True)
class Rubric:
    """All that is known about a question in order to judge an answer to it.

    `follow_ups` are questions that an interviewer would ask next.
    """

    prompt: str
    framework_name: str = ""
    framework_steps: tuple[Step, ...] = ()
    structure_steps: tuple[Step, ...] = ()
    key_points: tuple[KeyPoint, ...] = ()
    sample_answer: str = ""
    min_words: int = MIN_WORDS
    follow_ups: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `asdict` would, without its deep copies: every answer takes one along."""
        parts = ("framework_steps", "structure_steps", "key_points")
        return {**vars(self), **{n: [dict(vars(p)) for p in getattr(self, n)] for n in parts}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rubric:
        return cls(
            prompt=data["prompt"],
            framework_name=data.get("framework_name") or "",
            framework_steps=tuple(Step.from_json(s) for s in data.get("framework_steps") or ()),
            structure_steps=tuple(Step.from_json(s) for s in data.get("structure_steps") or ()),
            key_points=tuple(KeyPoint.from_json(p) for p in data.get("key_points") or ()),
            sample_answer=data.get("sample_answer") or "",
            min_words=int(data.get("min_words", MIN_WORDS)),
            follow_ups=tuple(data.get("follow_ups") or ()),
        )


@dataclass(frozen=True)
class Arrow:
    """A connection on the board; `source` and `target` are box labels, None for a loose end."""

    source: str | None
    target: str | None
    label: str = ""


@dataclass(frozen=True)
class Diagram:
    """The board of one question as structure: box labels ("" = unlabeled), arrows, free notes."""

    boxes: tuple[str, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.boxes or self.arrows or self.notes)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Diagram:
        return cls(
            boxes=tuple(data.get("boxes") or ()),
            arrows=tuple(Arrow(**arrow) for arrow in data.get("arrows") or ()),
            notes=tuple(data.get("notes") or ()),
        )


@dataclass(frozen=True)
class Answer:
    """What is judged: the learner's text and board. `asked_back` are an interviewer's questions, to
    which the last paragraphs of the text reply in order; they are no words of the learner's."""

    text: str
    diagram: Diagram | None = None
    asked_back: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """From the snapshot that an evaluation keeps."""
        board = data.get("diagram")
        return cls(
            text=data["answer"],
            diagram=Diagram.from_json(board) if board else None,
            asked_back=tuple(data.get("asked_back") or ()),
        )


@dataclass(frozen=True)
class Quote:
    """A verbatim span of the answer: `answer[start:end] == text`, counted in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class PointResult:
    """How far one key point was covered, and by which words. `board` names what the board shows,
    `why` is the rubric's."""

    title: str
    level: Level
    quotes: tuple[Quote, ...] = ()
    board: tuple[str, ...] = ()
    reasoning: str = ""
    why: str = ""


@dataclass(frozen=True)
class Observation:
    """Whether one step could be seen in the answer, and where."""

    group: Literal["framework", "structure"]
    title: str
    found: bool
    quote: Quote | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Observation:
        quote = data.get("quote")
        return cls(data["group"], data["title"], data["found"], Quote(**quote) if quote else None)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one evaluation. Scores are 0–10 with one decimal, None unless it succeeded.

    `estimate` is the raw coverage 0–1, kept for staff and for measuring even when withheld.
    `follow_ups` are questions of the model's own; the local check leaves them to the rubric.
    """

    status: Outcome
    provider: str
    estimate: float | None = None
    band: Band | None = None
    overall_score: float | None = None
    framework_score: float | None = None
    structure_score: float | None = None
    completeness_score: float | None = None
    strengths: tuple[str, ...] = ()
    improvements: tuple[str, ...] = ()
    suggested_framework: str = ""
    example_point: str = ""
    key_points: tuple[PointResult, ...] = ()
    observations: tuple[Observation, ...] = ()
    board_notes: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    withheld_reason: str = ""
    statement: str = ""
    injection_suspected: bool = False
    scoring_version: str = ""
    usage: Mapping[str, Any] = field(default_factory=dict)
