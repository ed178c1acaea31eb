"""Loads the coding questions that ship with Etude, one YAML file each, safe to run again; and takes
questions out of use: nothing that somebody answered is deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from django.db import transaction

from common.loading import Conflict, Load, Outcome, Take, source_of
from common.text import find_unstorable
from judge import generating
from judge.checkers import CHECKERS
from sessions_app.assessments.models import CodingQuestion, Difficulty
from sessions_app.assessments.rules import LANGUAGE_NAMES

BANK = Path(__file__).resolve().parent.parent / "coding_bank"
CASES = ("sample_test_cases", "test_cases")
NEEDED = (
    "title", "question", "sample_test_cases", "test_cases", "boiler_plate", "difficulty", "tags",
    "solution",
)  # fmt: skip
# What a file may leave out, and what it is then.
OPTIONAL: dict[str, Any] = {
    "solution_cpp": "", "solution_javascript": "", "solution_java": "", "naive": "",
    "cpu_seconds": 2.0, "memory_mib": 256, "output_kib": 1024,
    "factors": {}, "checker": "lines", "languages": [], "reserved": False,
}  # fmt: skip
FIELDS = (*NEEDED, *OPTIONAL)
# The field of each language's reference solution.
SOLUTIONS = {"python": "solution", "javascript": "solution_javascript", "java": "solution_java",
             "cpp": "solution_cpp"}  # fmt: skip
RANGES = {"cpu_seconds": (0.1, 20), "memory_mib": (16, 2048), "output_kib": (1, 16384)}
MAX_CASES_BYTES = 2 * 1024 * 1024
MAX_CASES = 100


class BadQuestion(ValueError):
    """An incomplete question; the message says which one and what it lacks."""


@dataclass(frozen=True)
class LoadReport:
    created: int = 0
    updated: int = 0
    same: int = 0
    kept: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def bank_files(folder: Path = BANK) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def read_question(path: Path) -> dict[str, Any]:
    """One checked question; raises BadQuestion."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    faults = faults_of(content)
    if faults:
        raise BadQuestion(f"{path.name}: {'; '.join(faults)}")
    return content


def faults_of(content: Any) -> list[str]:
    """What a question lacks, as sentences; used by the loader and by the admin's import."""
    if not isinstance(content, dict):
        return ["must be a mapping"]
    if (found := find_unstorable(content)) is not None:
        return [f"{found.where}: {found.why}"]
    faults = [f"{name} is missing" for name in ("slug", *NEEDED) if not content.get(name)]
    if content.get("difficulty") not in Difficulty.values:
        faults.append(f"difficulty must be one of {', '.join(Difficulty.values)}")
    for name in CASES:
        faults += _case_faults(name, content.get(name))
    plates = content.get("boiler_plate")
    if not isinstance(plates, dict) or not all(isinstance(v, str) for v in plates.values()):
        faults.append("boiler_plate must map languages to code")
    tags = content.get("tags")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        faults.append("tags must be a list of words")
    return faults + _limit_faults(content, plates)


def _case_faults(name: str, cases: Any) -> list[str]:
    if not isinstance(cases, list):
        return [f"{name} must be a list"]
    hidden = name == "test_cases"
    found = [_fault_of(case if isinstance(case, dict) else {}, hidden=hidden) for case in cases]
    faults = [f"{name}: case {n} {fault}" for n, fault in enumerate(found, start=1) if fault]
    if faults:
        return faults
    if sum(len(case.get("input", "").encode()) for case in cases) > MAX_CASES_BYTES:
        faults.append(f"{name}: the inputs are over 2 MiB")
    if len(cases) > MAX_CASES:
        faults.append(f"{name}: at most {MAX_CASES} cases")
    if cases and not any(case.get("weight", 1) for case in cases):
        faults.append(f"{name}: one case at least must weigh something")
    return faults


def _fault_of(case: dict[str, Any], *, hidden: bool) -> str:
    """What is wrong with one case, to follow its number; empty when nothing is."""
    if not _is_whole(case.get("weight", 1), 0, 1000):
        return "must weigh a whole number from 0 to 1,000"
    if hidden and "generate" in case:
        if not isinstance(case.get("args", []), list | dict):
            return "needs its args as a list or a mapping"
        known = case["generate"] in generating.names()
        return "" if known else "names no function of generators.py"
    if not all(isinstance(case.get(part), str) for part in ("input", "output")):
        return "needs input and output as text"
    is_large = len(case["input"].encode()) > generating.MAX_INPUT_BYTES
    return "has an input over 256 KiB" if is_large else ""


def _limit_faults(content: dict[str, Any], plates: Any) -> list[str]:
    values = {**OPTIONAL, **{name: content[name] for name in OPTIONAL if name in content}}
    faults = []
    for name, (least, most) in RANGES.items():
        number = values[name]
        fits = isinstance(number, int | float) and not isinstance(number, bool)
        if not fits or not least <= number <= most:
            faults.append(f"{name} must be a number from {least} to {most}")
    if values["checker"] not in CHECKERS:
        faults.append(f"checker must be one of {', '.join(CHECKERS)}")
    factors, languages = values["factors"], values["languages"]
    known = set(plates) & set(LANGUAGE_NAMES) if isinstance(plates, dict) else set()
    if not isinstance(factors, dict) or not all(
        name in LANGUAGE_NAMES and isinstance(factor, int | float) and 0.1 <= factor <= 10
        for name, factor in factors.items()
    ):
        faults.append("factors must map languages to numbers from 0.1 to 10")
    if not isinstance(languages, list) or not all(name in known for name in languages):
        faults.append("languages must be some of those of the boiler plate")
    if not isinstance(values["reserved"], bool):
        faults.append("reserved must be true or false")
    texts = [name for name, usual in OPTIONAL.items() if usual == ""]
    faults += [f"{name} must be text" for name in texts if not isinstance(values[name], str)]
    return faults


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


@transaction.atomic
def load_coding_bank(*, folder: Path = BANK, take: Take = Take.NEITHER) -> LoadReport:
    """Create or update every question of the folder; one fault stops the whole load. What was
    changed here stays (`common.loading`)."""
    questions = [read_question(path) for path in bank_files(folder)]
    load = Load(source=source_of(folder, shipped=BANK), take=take)
    counted = Counter(_load(content, load) for content in questions)
    return LoadReport(**counted, conflicts=load.conflicts)


def _load(content: dict[str, Any], load: Load) -> str:
    values = {name: content.get(name, OPTIONAL.get(name)) for name in FIELDS}
    slug = content["slug"]
    question = CodingQuestion.objects.select_for_update().filter(slug=slug).first()
    if question is None:
        uuid = uuid5(NAMESPACE_URL, f"etude:coding-question:{slug}")
        question = CodingQuestion(uuid=uuid, slug=slug, **values)
        load.decide(slug, question, values)
        question.save(force_insert=True)
        return "created"
    loaded_before = (question.source, question.loaded_hash)
    outcome = load.decide(slug, question, values)
    changed = []
    if outcome == Outcome.WRITE:
        changed = [name for name in FIELDS if getattr(question, name) != values[name]]
        for name in changed:
            setattr(question, name, values[name])
    if changed or loaded_before != (question.source, question.loaded_hash):
        when = ["updated_at"] if changed else []
        question.save(update_fields=[*changed, "source", "loaded_hash", *when])
    names = {Outcome.WRITE: "updated", Outcome.SAME: "same"}
    return names.get(outcome, "kept")


def retire_question(*, question: CodingQuestion, now: datetime) -> None:
    """No longer picked for tests without an assessment; running tests keep it."""
    if question.retired_at is None:
        question.retired_at = now
        question.save(update_fields=["retired_at", "updated_at"])


def bring_back_question(*, question: CodingQuestion) -> None:
    question.retired_at = None
    question.save(update_fields=["retired_at", "updated_at"])
