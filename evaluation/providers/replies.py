"""A model's reply, and when it is a verdict: only a complete, validated reply becomes one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from evaluation.naming import judge_name
from evaluation.providers import spending
from evaluation.providers.errors import BadReply, CutOff, TooLong
from evaluation.providers.findings import findings_of, is_to_the_grader
from evaluation.providers.prompting import Judgment
from evaluation.scoring import verdict_of
from evaluation.types import Answer, Rubric, Verdict

DECLINED = (
    "{judge} declined to judge this answer, so there is no score. Your answer is kept, and it "
    "counts in no average. Put it in other words and ask again."
)
MOST_FOLLOW_UPS = 3
# What some models write before they reply.
THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
# How many braces are tried as the beginning of the object: a bound for hostile replies.
MOST_STARTS = 50


@dataclass
class Reply:
    """What has arrived so far; `tokens` is None until the server counted any."""

    text: str = ""
    stop_reason: str | None = None
    request_id: str = ""
    model: str = ""
    tokens: spending.Tokens | None = None


def verdict_from(reply: Reply, rubric: Rubric, answer: Answer, *, provider: str) -> Verdict:
    """The stop reason first: only a complete reply is read. Raises ProviderError."""
    if reply.stop_reason == "refusal":
        declined = DECLINED.format(judge=judge_name())
        return Verdict(status="refused", provider=provider, statement=declined)
    if reply.stop_reason == "max_tokens":
        raise CutOff("stopped by max_tokens")
    if reply.stop_reason == "model_context_window_exceeded":
        raise TooLong("stopped by the context window")
    if reply.stop_reason not in ("end_turn", "stop_sequence"):
        raise BadReply(f"stopped by {reply.stop_reason}")
    try:
        judgment = Judgment.model_validate(_storable(json_in(reply.text)))
    except ValidationError as error:
        raise BadReply(f"not the agreed shape: {error.error_count()} errors") from error
    except (ValueError, RecursionError) as error:
        raise BadReply("not JSON") from error
    found = findings_of(judgment, rubric, answer.text, diagram=answer.diagram)
    verdict = verdict_of(found, rubric, provider=provider)
    if judgment.injection_suspected or is_to_the_grader(answer.text):
        return replace(verdict, injection_suspected=True)
    return replace(
        verdict,
        strengths=_sentences(judgment.strengths) or verdict.strengths,
        improvements=_sentences(judgment.improvements) or verdict.improvements,
        follow_ups=_sentences(judgment.follow_ups)[:MOST_FOLLOW_UPS],
    )


def json_in(text: str) -> Any:
    """The one JSON object of a reply: alone, in a fence, or with words around it.

    Of several objects none is chosen, since one of them may be a quote of the learner's text.
    Raises ValueError when there is none or more than one.
    """
    text = THOUGHTS.sub("", text, count=1).strip()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        pass
    decoder, found, at = json.JSONDecoder(), [], text.find("{")
    for _ in range(MOST_STARTS):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
            found.append(value)
        except json.JSONDecodeError:
            end = at + 1
        at = text.find("{", end)
    if at >= 0 or len(found) != 1:
        raise ValueError(f"{len(found)} JSON objects")
    return found[0]


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
