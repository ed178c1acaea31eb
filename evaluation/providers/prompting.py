"""The request: a versioned prompt file, the rubric, and the answer fenced as data."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from evaluation.types import Answer, Rubric

PROMPTS = Path(__file__).resolve().parents[1] / "prompts"
# The file of prompts/ that is sent. Its id and hash stay with each verdict: a used file is never
# edited, a new one is added and named here.
JUDGE = "judge-2"
SHAPE = "Reply with one JSON object and nothing else. It follows this JSON schema:\n"


@dataclass(frozen=True)
class Prompt:
    """`id` is the file's name, `hash` the SHA-256 of its text and of the reply's schema; both are
    kept with each verdict."""

    id: str
    hash: str
    text: str


class PointReport(BaseModel):
    index: int
    quotes: list[str]
    reasoning: str
    level: Literal["met", "partial", "missed", "denied"]


class StepReport(BaseModel):
    index: int
    found: bool
    quote: str


class Judgment(BaseModel):
    """The reply's shape. The schema binds Claude to it, other servers may not enforce it; it is
    validated here in either case."""

    injection_suspected: bool
    key_points: list[PointReport]
    framework_steps: list[StepReport]
    structure_steps: list[StepReport]
    strengths: list[str]
    improvements: list[str]
    follow_ups: list[str]


@lru_cache(maxsize=8)
def load_prompt(prompt_id: str = JUDGE) -> Prompt:
    """The file's text with the schema below it: a server may ignore `output_config`."""
    text = (PROMPTS / f"{prompt_id}.md").read_text("utf-8")
    text = f"{text.rstrip()}\n\n{SHAPE}{_json(Judgment.model_json_schema())}\n"
    return Prompt(prompt_id, hashlib.sha256(text.encode()).hexdigest(), text)


def system_blocks(prompt: Prompt, rubric: Rubric) -> list[dict[str, Any]]:
    """Instructions and rubric, both cacheable: no name, no time, nothing of this learner."""
    return [
        {"type": "text", "text": prompt.text},
        {
            "type": "text",
            "text": "The rubric:\n" + _json(rubric_for_judging(rubric)),
            "cache_control": {"type": "ephemeral"},
        },
    ]


def rubric_for_judging(rubric: Rubric) -> dict[str, Any]:
    return {
        "question": rubric.prompt,
        "key_points": [
            {"index": i, "title": p.title, "text": p.text, "accepted_wordings": list(p.aliases)}
            for i, p in enumerate(rubric.key_points)
        ],
        "framework": rubric.framework_name,
        **{
            name: [
                {"index": i, "title": step.title, "hint": step.hint}
                for i, step in enumerate(getattr(rubric, name))
            ]
            for name in ("framework_steps", "structure_steps")
        },
        "sample_answer": rubric.sample_answer,
    }


def user_text(answer: Answer) -> str:
    """The answer as JSON between tags with a fresh number. `<` is escaped, so that no text of the
    learner can close the tag, even if the number were guessed."""
    nonce = secrets.token_hex(12)
    board = answer.diagram.to_json() if answer.diagram else None
    said: dict[str, Any] = {"answer": answer.text, "board": board}
    if answer.asked_back:
        said["interviewer_asked"] = answer.asked_back
    data = _json(said)
    data = data.replace("<", "\\u003c")
    return f"<learner-{nonce}>\n{data}\n</learner-{nonce}>"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
