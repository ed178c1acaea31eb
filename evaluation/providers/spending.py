"""Whether a model may be called, and what calls cost: kill switch, budgets, breaker.

Each call is recorded at its highest possible cost before it is made, so that many workers at once
cannot overspend a budget together; afterwards the real cost replaces it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from common.clock import next_utc_midnight, utc_day
from evaluation.models import ClaudeSwitch, Evaluation, ModelCall
from evaluation.naming import is_own_model
from evaluation.providers.errors import Held

Hold = Evaluation.Hold
MILLION = Decimal(1_000_000)
CACHE_WRITE, CACHE_READ = Decimal("1.25"), Decimal("0.1")
LOOK_AGAIN = timedelta(minutes=30)
SWITCH_LOOK_AGAIN = timedelta(minutes=1)
# This many calls in a row that failed open the breaker for this long.
BREAKER_FAILURES, BREAKER_PAUSE = 5, timedelta(seconds=60)
FAULTS = ("unreachable", "busy", "bad_reply", "internal")
CHARACTERS_PER_TOKEN = 3


@dataclass(frozen=True)
class Tokens:
    """Counts of one call; `is_final` once the server has said how long its reply became."""

    fresh: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0
    is_final: bool = False

    @property
    def input(self) -> int:
        return self.fresh + self.cache_write + self.cache_read


def price(tokens: Tokens) -> Decimal:
    """US dollars, by the prices per million tokens in the settings; one's own model costs none."""
    if is_own_model():
        return Decimal(0)
    per_input = Decimal(str(settings.CLAUDE_PRICE_INPUT_USD))
    per_output = Decimal(str(settings.CLAUDE_PRICE_OUTPUT_USD))
    weighed = tokens.fresh + tokens.cache_write * CACHE_WRITE + tokens.cache_read * CACHE_READ
    cost = (weighed * per_input + tokens.output * per_output) / MILLION
    return cost.quantize(Decimal("0.000001"))


def highest_price(*, characters: int, max_tokens: int) -> Decimal:
    """Every input token written to the cache and the whole room for the reply used."""
    tokens = characters // CHARACTERS_PER_TOKEN + 1
    return price(Tokens(cache_write=tokens, output=max_tokens))


def refuse_while_closed(*, now: datetime) -> None:
    """Raise Held while the kill switch is off or the breaker open."""
    if settings.CLAUDE_OFF or ClaudeSwitch.objects.filter(off=True).exists():
        raise Held(Hold.SWITCHED_OFF, until=now + SWITCH_LOOK_AGAIN)
    recent = ModelCall.objects.exclude(outcome="open").values_list("outcome", "settled_at")
    last = list(recent.order_by("-settled_at")[:BREAKER_FAILURES])
    if len(last) == BREAKER_FAILURES and all(outcome in FAULTS for outcome, _ in last):
        settled = last[0][1]
        if settled and now < settled + BREAKER_PAUSE:
            raise Held(Hold.BREAKER, until=settled + BREAKER_PAUSE)


@transaction.atomic(durable=True)
def open_call(
    *, evaluation: Evaluation | None, model: str, cost: Decimal, now: datetime
) -> ModelCall:
    """Record a call at its highest cost, or raise Held when a budget does not allow it.

    Calls for nobody's answer (canaries) have no evaluation, and one daily budget together.
    """
    # One row that all records lock: without it two workers could both spend the last dollar.
    ClaudeSwitch.objects.get_or_create(pk=1)
    ClaudeSwitch.objects.select_for_update().get(pk=1)
    day = datetime.combine(utc_day(now), datetime.min.time(), UTC)
    spent_month = ModelCall.objects.spent_since(day.replace(day=1))
    owner_id = evaluation.owner_id if evaluation else None
    spent_today = ModelCall.objects.filter(owner_id=owner_id).spent_since(day)
    until = min(now + LOOK_AGAIN, next_utc_midnight(now))
    if cost and spent_month + cost > Decimal(str(settings.CLAUDE_BUDGET_MONTH_USD)):
        raise Held(Hold.BUDGET_MONTH, until=until)
    if cost and spent_today + cost > Decimal(str(settings.CLAUDE_BUDGET_USER_DAY_USD)):
        raise Held(Hold.BUDGET_USER, until=until)
    return ModelCall.objects.create(
        owner_id=owner_id, evaluation=evaluation, model=model, cost_usd=cost, at=now
    )


def close_call(call: ModelCall, *, tokens: Tokens | None, now: datetime) -> None:
    """Replace the estimate by the real cost. Without a token count (a call that failed before
    any came) nothing was charged; a reply cut off after it began keeps the estimate."""
    call.settled_at = now
    if tokens is None:
        call.cost_usd = Decimal(0)
    elif tokens.is_final:
        call.cost_usd = price(tokens)
    if tokens:
        call.input_tokens, call.output_tokens = tokens.input, tokens.output
        call.cache_write_tokens, call.cache_read_tokens = tokens.cache_write, tokens.cache_read
    call.save()
