"""Claude's reply, and when it is a verdict: only a complete, validated reply becomes one."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from evaluation.providers import spending
from evaluation.providers.errors import BadReply, CutOff, TooLong
from evaluation.providers.findings import findings_of, is_to_the_grader
from evaluation.providers.prompting import Judgment
from evaluation.scoring import verdict_of
from evaluation.types import Diagram, Rubric, Verdict

DECLINED = (
    "Claude declined to judge this answer, so there is no score. Your answer is kept, and it "
    "counts in no average. Put it in other words and ask again."
)


@dataclass
class Reply:
    """What has arrived so far; `tokens` is None until the server counted any."""

    text: str = ""
    stop_reason: str | None = None
    request_id: str = ""
    model: str = ""
    tokens: spending.Tokens | None = None


def verdict_from(reply: Reply, rubric: Rubric, answer: str, *, diagram: Diagram | None) -> Verdict:
    """The stop reason first: only a complete reply is read. Raises ProviderError."""
    if reply.stop_reason == "refusal":
        return Verdict(status="refused", provider="claude", statement=DECLINED)
    if reply.stop_reason == "max_tokens":
        raise CutOff("stopped by max_tokens")
    if reply.stop_reason == "model_context_window_exceeded":
        raise TooLong("stopped by the context window")
    if reply.stop_reason not in ("end_turn", "stop_sequence"):
        raise BadReply(f"stopped by {reply.stop_reason}")
    try:
        judgment = Judgment.model_validate(_storable(json.loads(reply.text)))
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadReply("not JSON") from error
    except ValidationError as error:
        raise BadReply(f"not the agreed shape: {error.error_count()} errors") from error
    found = findings_of(judgment, rubric, answer, diagram=diagram)
    verdict = verdict_of(found, rubric, provider="claude")
    if judgment.injection_suspected or is_to_the_grader(answer):
        return replace(verdict, injection_suspected=True)
    return replace(
        verdict,
        strengths=_sentences(judgment.strengths) or verdict.strengths,
        improvements=_sentences(judgment.improvements) or verdict.improvements,
    )


def _storable(value: Any) -> Any:
    """PostgreSQL stores neither NUL nor lone surrogates. They are taken out of the values: in the
    JSON itself the same characters may be a quote of an answer about `\\u0000`."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return value


def _sentences(lines: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(line.split())[:300] for line in lines[:4] if line.strip())
