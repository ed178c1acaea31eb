"""Claude as a provider, or a model of one's own behind the same API. The only module that imports
the SDK.

The SDK never retries here (`max_retries=0`): it would obey `retry-after` without a cap. The row's
`next_try_at` owns retries. Every way a call can go wrong, SDK error or not, ends as one of
`providers.errors`; nothing but a whole, checked reply becomes a verdict.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

import anthropic
import httpx2
from django.conf import settings
from pydantic import ValidationError

from common.clock import now as clock_now
from evaluation.local.evaluator import read
from evaluation.local.guards import first_guard
from evaluation.models import Evaluation
from evaluation.naming import is_claude, is_own_model
from evaluation.providers import OnStage, spending
from evaluation.providers.deadline import Hurried
from evaluation.providers.errors import (
    BadReply,
    Busy,
    CutOff,
    Misconfigured,
    ProviderError,
    TooLong,
    Unreachable,
)
from evaluation.providers.prompting import (
    Judgment,
    Prompt,
    load_prompt,
    system_blocks,
    user_text,
)
from evaluation.providers.replies import Reply, verdict_from
from evaluation.types import Answer, Rubric, Verdict

Provider = Evaluation.Provider
# Room for the reply; a judgment that did not fit gets more, once.
MAX_TOKENS, MORE_TOKENS = 8192, 24_576
SCHEMA = anthropic.transform_schema(Judgment)
# Columns of the call that its evaluation keeps as well.
USAGE = ("request_id", "input_tokens", "output_tokens", "cost_usd", "latency_ms")
CONNECT_SECONDS, QUIET_SECONDS = 5.0, 30.0
# The SDK refuses to call without any key; one's own server need not look at it.
NO_KEY = "none"
# No call is needed: there is nothing to judge, or the answer is not the learner's own text.
GUARDS_BEFORE = {
    "too_little_to_score",
    "restates_question",
    "repetition",
    "copies_sample_answer",
    "not_running_prose",
}


def judge(
    rubric: Rubric, answer: Answer, *, evaluation: Evaluation | None = None, on_stage: OnStage
) -> Verdict:
    """A checked verdict, or a ProviderError. Raises Held before any call that may not be made.

    `evaluation` is the row that asks, None for a canary. The verdict names the provider by the
    model that judged, which may be another than when the row was queued.
    """
    provider = Provider.OWN_MODEL if is_own_model() else Provider.CLAUDE
    guard = first_guard(read(rubric, answer.text), rubric)
    if guard and guard.code in GUARDS_BEFORE:
        return Verdict(
            status="withheld",
            provider=provider.value,
            withheld_reason=guard.code,
            statement=guard.statement,
            usage={"model": settings.ANTHROPIC_MODEL},
        )
    if not settings.ANTHROPIC_API_KEY and not is_own_model():
        raise Misconfigured("no API key")
    spending.refuse_while_closed(now=clock_now())
    return _call(rubric, answer, evaluation=evaluation, provider=provider.value, on_stage=on_stage)


def _call(
    rubric: Rubric,
    answer: Answer,
    *,
    evaluation: Evaluation | None,
    provider: str,
    on_stage: OnStage,
) -> Verdict:
    prompt = load_prompt()
    has_more_room = bool(evaluation and evaluation.calls.filter(outcome=CutOff.code).exists())
    room = MORE_TOKENS if has_more_room else MAX_TOKENS
    request = request_of(prompt, rubric, answer, room=room)
    call = spending.open_call(
        evaluation=evaluation,
        model=settings.ANTHROPIC_MODEL,
        cost=spending.highest_price(characters=len(json.dumps(request)), max_tokens=room),
        now=clock_now(),
    )
    reply, start, outcome = Reply(), time.monotonic(), "internal"
    try:
        receive(request, reply, on_stage=on_stage)
        verdict = verdict_from(reply, rubric, answer, provider=provider)
        outcome = verdict.status
    except ProviderError as error:
        outcome = error.code
        if isinstance(error, CutOff):
            error.again = not has_more_room
        raise
    finally:
        call.outcome, call.request_id = outcome[:40], reply.request_id[:120]
        call.latency_ms = round(1000 * (time.monotonic() - start))
        spending.close_call(call, tokens=reply.tokens, now=clock_now())
    usage = {name: getattr(call, name) for name in USAGE}
    usage |= {"model": _model_that_judged(reply, call.model), "raw_reply": reply.text}
    return replace(verdict, usage={**usage, "prompt_id": prompt.id, "prompt_hash": prompt.hash})


def request_of(prompt: Prompt, rubric: Rubric, answer: Answer, *, room: int) -> dict[str, Any]:
    """The arguments of the call. `effort` is a setting of Claude's models only."""
    output: dict[str, Any] = {"format": {"type": "json_schema", "schema": SCHEMA}}
    return {
        "model": settings.ANTHROPIC_MODEL,
        "max_tokens": room,
        "system": system_blocks(prompt, rubric),
        "messages": [{"role": "user", "content": user_text(answer)}],
        "output_config": output if is_own_model() else {**output, "effort": "low"},
    }


def _model_that_judged(reply: Reply, asked: str) -> str:
    """As the server names it; one's own model is never called Claude, whatever its server says."""
    said = reply.model[:80]
    return asked if not said or (is_claude(said) and is_own_model()) else said


def receive(request: dict[str, Any], reply: Reply, *, on_stage: OnStage) -> None:
    """Fill `reply` from the stream. Raises ProviderError for every fault on the way."""
    deadline = time.monotonic() + settings.CLAUDE_TIMEOUT_SECONDS
    try:
        with _client(deadline) as client:
            create = client.messages.with_streaming_response.create
            with create(**request, stream=True) as response:
                reply.request_id = response.headers.get("request-id", "")
                _read(response, reply, on_stage)
    except anthropic.APIStatusError as error:
        reply.request_id = reply.request_id or error.request_id or ""
        raise _status_fault(error) from error
    except (anthropic.APIConnectionError, httpx2.HTTPError, httpx2.StreamError) as error:
        raise Unreachable(type(error).__name__) from error
    except (anthropic.AnthropicError, json.JSONDecodeError, ValidationError) as error:
        raise BadReply(type(error).__name__) from error
    except (AttributeError, KeyError, TypeError, UnicodeDecodeError) as error:
        # The SDK builds its values without checking them, so a wrong shape shows up here.
        raise BadReply(f"strange shape: {type(error).__name__}") from error


def _read(response: Any, reply: Reply, on_stage: OnStage) -> None:
    kind = response.headers.get("content-type", "")
    if "json" in kind:  # a server in front that does not stream
        message = anthropic.types.Message.model_validate(json.loads(response.read()))
        _begin(reply, message, is_final=True)
        reply.text = "".join(block.text for block in message.content if block.type == "text")
        reply.stop_reason = message.stop_reason
        return
    if "event-stream" not in kind:
        raise BadReply(f"a page of type {kind or 'unknown'}")
    for event in response.parse():
        if event.type == "message_start":
            _begin(reply, event.message)
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            if not reply.text:
                on_stage("scoring")
            reply.text += event.delta.text
        elif event.type == "message_delta":
            reply.stop_reason = event.delta.stop_reason
            if reply.tokens and event.usage:
                output = event.usage.output_tokens or 0
                reply.tokens = replace(reply.tokens, output=output, is_final=True)
        elif event.type == "message_stop":
            return
    # The connection ended before the message did: what arrived is not a verdict.
    reply.stop_reason = None


def _begin(reply: Reply, message: Any, *, is_final: bool = False) -> None:
    usage = message.usage
    reply.model = message.model or ""
    if usage is None:  # not every server counts; for one that charges the estimate stays
        reply.tokens = spending.Tokens()
        return
    reply.tokens = spending.Tokens(
        fresh=usage.input_tokens or 0,
        output=usage.output_tokens or 0,
        cache_write=usage.cache_creation_input_tokens or 0,
        cache_read=usage.cache_read_input_tokens or 0,
        is_final=is_final,
    )


def _status_fault(error: anthropic.APIStatusError) -> ProviderError:
    """By status, and for an error inside a stream (whose status is 200) by its type."""
    detail = f"{error.status_code} {error.type or ''}".strip()
    if error.status_code in (429, 529) or error.type in ("overloaded_error", "rate_limit_error"):
        return Busy(detail, retry_after=retry_after(error.response.headers))
    if error.status_code == 413 or "prompt is too long" in str(error.message).lower():
        return TooLong(detail)
    if error.status_code in (400, 401, 402, 403, 404, 422):
        return Misconfigured(detail)
    return Unreachable(detail, retry_after=retry_after(error.response.headers))


def retry_after(headers: Any) -> float | None:
    """Seconds that the server asks for: `retry-after-ms`, or `retry-after` as seconds or as an
    HTTP date; None when it says nothing that can be read."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, moment.timestamp() - time.time())


def _client(deadline: float) -> anthropic.Anthropic:
    # A model on a small machine may read for minutes before its first word.
    longest = settings.CLAUDE_TIMEOUT_SECONDS
    quiet = longest if is_own_model() else min(QUIET_SECONDS, longest)
    timeout = anthropic.Timeout(quiet, connect=min(CONNECT_SECONDS, quiet))
    return anthropic.Anthropic(
        api_key=settings.ANTHROPIC_API_KEY or NO_KEY,
        base_url=settings.ANTHROPIC_BASE_URL or None,
        max_retries=0,
        timeout=timeout,
        http_client=anthropic.DefaultHttpxClient(transport=Hurried(deadline), timeout=timeout),
    )
