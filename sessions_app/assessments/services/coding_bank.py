"""Loads the coding questions that ship with Etude, one YAML file each, safe to run again; and takes
questions out of use: nothing that somebody answered is deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from django.db import transaction

from common.text import find_unstorable
from sessions_app.assessments.models import CodingQuestion, Difficulty

BANK = Path(__file__).resolve().parent.parent / "coding_bank"
CASES = ("sample_test_cases", "test_cases")
FIELDS = (
    "title", "question", "sample_test_cases", "test_cases", "boiler_plate", "difficulty", "tags",
    "solution",
)  # fmt: skip


class BadQuestion(ValueError):
    """An incomplete question; the message says which one and what it lacks."""


@dataclass(frozen=True)
class LoadReport:
    created: int = 0
    updated: int = 0
    same: int = 0


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
    faults = [f"{name} is missing" for name in ("slug", *FIELDS) if not content.get(name)]
    if content.get("difficulty") not in Difficulty.values:
        faults.append(f"difficulty must be one of {', '.join(Difficulty.values)}")
    for name in CASES:
        cases = content.get(name)
        if not isinstance(cases, list):
            faults.append(f"{name} must be a list")
            continue
        for number, case in enumerate(cases, start=1):
            texts = case if isinstance(case, dict) else {}
            if not all(isinstance(texts.get(part), str) for part in ("input", "output")):
                faults.append(f"{name}: case {number} needs input and output as text")
    plates = content.get("boiler_plate")
    if not isinstance(plates, dict) or not all(isinstance(v, str) for v in plates.values()):
        faults.append("boiler_plate must map languages to code")
    tags = content.get("tags")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        faults.append("tags must be a list of words")
    return faults


@transaction.atomic
def load_coding_bank(*, folder: Path = BANK) -> LoadReport:
    """Create or update every question of the folder; one fault stops the whole load."""
    questions = [read_question(path) for path in bank_files(folder)]
    return LoadReport(**Counter(_load(content) for content in questions))


def _load(content: dict[str, Any]) -> str:
    values = {name: content[name] for name in FIELDS}
    question = CodingQuestion.objects.filter(slug=content["slug"]).first()
    if question is None:
        uuid = uuid5(NAMESPACE_URL, f"etude:coding-question:{content['slug']}")
        CodingQuestion.objects.create(uuid=uuid, slug=content["slug"], **values)
        return "created"
    changed = [name for name in FIELDS if getattr(question, name) != values[name]]
    if not changed:
        return "same"
    for name in changed:
        setattr(question, name, values[name])
    question.save(update_fields=[*changed, "updated_at"])
    return "updated"


def retire_question(*, question: CodingQuestion, now: datetime) -> None:
    """No longer picked for tests without an assessment; running tests keep it."""
    if question.retired_at is None:
        question.retired_at = now
        question.save(update_fields=["retired_at", "updated_at"])


def bring_back_question(*, question: CodingQuestion) -> None:
    question.retired_at = None
    question.save(update_fields=["retired_at", "updated_at"])
