"""Reads the question bank: YAML files, one set a file, into checked dataclasses.

`read_bank(root)` looks at every `*.yaml` below `root` and returns what it could read together with
every problem it found; a problem names the file, the question, the field and what is wrong, so
that an author can mend it without reading code. Nothing here touches the database: the loader
(`services.bank.load_bank`) and the author's lint use the same reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from common.text import find_unstorable
from evaluation.types import MIN_WORDS, KeyPoint, Rubric, Step
from practice.bank_fields import BankProblem, Place
from practice.bank_numbers import WITHIN, StatedNumber

BANK_ROOT = Path(__file__).resolve().parent / "question_bank"
INTERVIEW_CATEGORIES = (
    "product_design",
    "product_strategy",
    "metrics",
    "estimation",
    "behavioral",
    "technical",
)
# Their key points are criteria that any choice can meet (EVALUATION.md, section 4).
OPEN_CATEGORIES = ("product_design", "product_strategy", "behavioral")
KINDS = ("design", "interview")
DIFFICULTIES = ("easy", "medium", "hard")
CASES = ("good", "partial", "wrong")
CATEGORY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\Z")

SET_FIELDS = {"slug", "kind", "title", "category", "difficulty", "minutes", "summary"}
SET_OPTIONAL = {"sample_writeup", "questions", "numbers"}
QUESTION_FIELDS = {"slug", "title", "prompt", "key_points", "sample_answer"}
QUESTION_OPTIONAL = {"framework", "structure", "cases", "min_words", "follow_ups", "choices"}


@dataclass(frozen=True)
class QuestionFile:
    slug: str
    title: str
    prompt: str
    framework_name: str
    framework_steps: tuple[Step, ...]
    structure_steps: tuple[Step, ...]
    key_points: tuple[KeyPoint, ...]
    sample_answer: str
    min_words: int = MIN_WORDS
    cases: dict[str, str] = field(default_factory=dict)
    follow_ups: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    def rubric(self) -> Rubric:
        return Rubric(
            prompt=self.prompt,
            framework_name=self.framework_name,
            framework_steps=self.framework_steps,
            structure_steps=self.structure_steps,
            key_points=self.key_points,
            sample_answer=self.sample_answer,
            min_words=self.min_words,
            follow_ups=self.follow_ups,
        )


@dataclass(frozen=True)
class SetFile:
    file: str
    slug: str
    kind: str
    title: str
    category: str
    difficulty: str
    minutes: int
    summary: str
    sample_writeup: str
    questions: tuple[QuestionFile, ...]
    numbers: tuple[StatedNumber, ...] = ()

    @property
    def prose(self) -> str:
        """What learners read about its numbers: prompts, points, samples, cases, write-up."""
        parts = [self.summary, self.sample_writeup]
        for question in self.questions:
            parts += [question.prompt, question.sample_answer, *question.cases.values()]
            parts += [point.text for point in question.key_points]
        return "\n".join(parts)

    @property
    def is_open(self) -> bool:
        """Its questions have many right answers, of which the sample is one."""
        return self.category in OPEN_CATEGORIES


@dataclass(frozen=True)
class BankReading:
    sets: tuple[SetFile, ...]
    problems: tuple[BankProblem, ...]


def read_bank(root: Path = BANK_ROOT) -> BankReading:
    """Read every set below `root`, in the order of the file names."""
    problems: list[BankProblem] = []
    sets: list[SetFile] = []
    owners: dict[str, str] = {}
    for path in sorted(root.rglob("*.yaml")):
        place = Place(path.relative_to(root).as_posix(), problems)
        one = _read_set(path, place)
        if one is None:
            continue
        if one.slug in owners:
            place.problem("slug", f"{one.slug!r} is already used by {owners[one.slug]}")
        owners[one.slug] = place.file
        sets.append(one)
    return BankReading(sets=tuple(sets), problems=tuple(problems))


def _read_set(path: Path, place: Place) -> SetFile | None:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place.problem("", f"cannot be read as YAML: {' '.join(str(error).split())}")
        return None
    if not isinstance(data, dict):
        place.problem("", "must hold one set with named fields")
        return None
    if (found := find_unstorable(data)) is not None:
        place.problem(found.where, found.why)

    place.known(data, SET_FIELDS | SET_OPTIONAL)
    kind = place.one_of(data, "kind", KINDS)
    return SetFile(
        file=place.file,
        slug=place.slug(data),
        kind=kind,
        title=place.text(data, "title", longest=120),
        category=_read_category(data, kind, place),
        difficulty=place.one_of(data, "difficulty", DIFFICULTIES),
        minutes=place.whole(data, "minutes", 1, 480),
        summary=place.text(data, "summary", longest=1000),
        # Only sets of kind design must have one.
        sample_writeup=place.text(data, "sample_writeup")
        if kind != "interview" or data.get("sample_writeup")
        else "",
        questions=_read_questions(data, place),
        numbers=_read_numbers(data.get("numbers"), place),
    )


def _read_numbers(value: Any, place: Place) -> tuple[StatedNumber, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        place.problem("numbers", "must hold names, each with `is` and `said`")
        return ()
    numbers = []
    for name, item in value.items():
        prefix = f"numbers.{name}"
        if not str(name).isidentifier() or not isinstance(item, dict) or "is" not in item:
            place.problem(prefix, "must be a plain name that holds `is` and perhaps `said`")
            continue
        place.known(item, {"is", "said", "within"}, f"{prefix}.")
        within = item.get("within", WITHIN)
        if isinstance(within, bool) or not isinstance(within, (int, float)) or not 0 < within < 1:
            place.problem(
                f"{prefix}.within", f"must be a share above 0 and below 1, not {within!r}"
            )
            within = WITHIN
        said = place.texts(item.get("said"), f"{prefix}.said")
        numbers.append(StatedNumber(str(name), str(item["is"]), said, float(within)))
    return tuple(numbers)


def _read_category(data: dict[str, Any], kind: str, place: Place) -> str:
    if kind == "interview":
        return place.one_of(data, "category", INTERVIEW_CATEGORIES)
    value = place.text(data, "category", longest=40)
    if value and not CATEGORY.match(value):
        place.problem("category", f"{value!r} must be lower-case words joined by underscores")
    return value


def _read_questions(data: dict[str, Any], place: Place) -> tuple[QuestionFile, ...]:
    questions: list[QuestionFile] = []
    seen: set[str] = set()
    for number, (_, item) in enumerate(place.mappings(data.get("questions"), "questions"), 1):
        here = place.within(f"{number} ({item.get('slug', 'no slug')})")
        question = _read_question(item, here)
        if question.slug in seen:
            here.problem("slug", f"{question.slug!r} stands twice in this set")
        seen.add(question.slug)
        questions.append(question)
    if not questions:
        place.problem("questions", "a set needs at least one question")
    return tuple(questions)


def _read_question(data: dict[str, Any], place: Place) -> QuestionFile:
    place.known(data, QUESTION_FIELDS | QUESTION_OPTIONAL)
    framework = data.get("framework") or {}
    if not isinstance(framework, dict):
        place.problem("framework", "must hold name and steps")
        framework = {}
    return QuestionFile(
        slug=place.slug(data),
        title=place.text(data, "title", longest=120),
        prompt=place.text(data, "prompt"),
        framework_name=place.text(framework, "name", "framework.", 120) if framework else "",
        framework_steps=_read_steps(framework.get("steps"), "framework.steps", place),
        structure_steps=_read_steps(data.get("structure"), "structure", place),
        key_points=_read_key_points(data, place),
        sample_answer=place.text(data, "sample_answer"),
        min_words=place.whole(data, "min_words", 0, 2000, MIN_WORDS),
        cases=_read_cases(data.get("cases"), place),
        follow_ups=place.texts(data.get("follow_ups"), "follow_ups"),
        choices=place.texts(data.get("choices"), "choices"),
    )


def _read_steps(value: Any, name: str, place: Place) -> tuple[Step, ...]:
    steps = []
    for prefix, item in place.mappings(value, name):
        place.known(item, {"title", "hint", "cues"}, prefix)
        steps.append(
            Step(
                title=place.text(item, "title", prefix, 120),
                cues=place.texts(item.get("cues"), f"{prefix}cues"),
                hint=str(item.get("hint") or "").strip(),
            )
        )
    return tuple(steps)


def _read_key_points(data: dict[str, Any], place: Place) -> tuple[KeyPoint, ...]:
    points = []
    for prefix, item in place.mappings(data.get("key_points"), "key_points"):
        place.known(item, {"title", "text", "weight", "aliases", "why"}, prefix)
        weight = item.get("weight", 1)
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 < weight <= 10:
            place.problem(f"{prefix}weight", f"must be a number above 0 up to 10, not {weight!r}")
            weight = 1
        points.append(
            KeyPoint(
                title=place.text(item, "title", prefix, 160),
                text=place.text(item, "text", prefix),
                weight=float(weight),
                aliases=place.texts(item.get("aliases"), f"{prefix}aliases"),
                why=place.text(item, "why", prefix, 400) if item.get("why") else "",
            )
        )
    if not points:
        place.problem("key_points", "a question needs at least one key point")
    return tuple(points)


def _read_cases(value: Any, place: Place) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        place.problem("cases", f"must hold {', '.join(CASES)}")
        return {}
    place.known(value, set(CASES), "cases.")
    return {name: place.text(value, name, "cases.") for name in CASES}
