"""What Claude may cost: the switch, the budgets, the breaker, and calls that never came back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from evaluation.models import ClaudeSwitch, ModelCall
from evaluation.providers import spending
from evaluation.services.running import run_evaluation
from tests.evaluation import loopback
from tests.evaluation.factories import due_again, make_evaluation
from tests.evaluation.loopback import everything_met, judged
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_kill_switch_holds_and_uses_no_try(server, evaluation, settings):
    ClaudeSwitch.objects.create(pk=1, off=True, note="Back on Monday.")
    assert run_evaluation(evaluation_id=evaluation.pk) == "queued"
    evaluation.refresh_from_db()
    assert evaluation.hold == "switched_off" and evaluation.tries == 0
    ClaudeSwitch.objects.update(off=False)
    settings.CLAUDE_OFF = True
    due_again(evaluation)
    assert run_evaluation(evaluation_id=evaluation.pk) == "queued"
    assert server.requests == []


def test_a_spent_budget_holds_before_the_call(server, evaluation, settings):
    settings.CLAUDE_BUDGET_USER_DAY_USD = 0.05
    assert run_evaluation(evaluation_id=evaluation.pk) == "queued"
    evaluation.refresh_from_db()
    assert evaluation.hold == "budget_user" and evaluation.tries == 0
    settings.CLAUDE_BUDGET_MONTH_USD = 0.05
    due_again(evaluation)
    run_evaluation(evaluation_id=evaluation.pk)
    evaluation.refresh_from_db()
    assert evaluation.hold == "budget_month" and server.requests == []


def test_a_call_that_never_came_back_keeps_its_booked_cost(evaluation):
    cost = spending.highest_price(characters=3000, max_tokens=8192)
    spending.open_call(evaluation=evaluation, model="m", cost=cost, now=clock.now())
    day = clock.now() - timedelta(hours=24)
    assert ModelCall.objects.spent_since(day) == cost


def test_five_faults_in_a_row_open_the_breaker_and_a_trial_call_closes_it(server):
    owner = UserFactory(plan="premium")
    server.play(loopback.status(529, "overloaded_error"))
    rows = [make_evaluation(owner=owner, now=clock.now()) for _ in range(7)]
    for row in rows:
        run_evaluation(evaluation_id=row.pk)
    assert len(server.requests) == 5
    rows[6].refresh_from_db()
    assert rows[6].hold == "breaker_open" and rows[6].tries == 0
    assert rows[6].next_try_at <= clock.now() + spending.BREAKER_PAUSE
    ModelCall.objects.update(settled_at=clock.now() - timedelta(minutes=2))
    server.play(judged(everything_met))
    for row in rows[5:]:
        due_again(row)
        assert run_evaluation(evaluation_id=row.pk) == "succeeded"


def test_without_a_key_nothing_is_called(server, evaluation, settings):
    settings.ANTHROPIC_API_KEY = ""
    assert run_evaluation(evaluation_id=evaluation.pk) == "failed"
    assert server.requests == []


def test_two_calls_at_once_cannot_spend_the_same_last_dollar(server, settings):
    from tests.threads import run_together

    row = make_evaluation(owner=UserFactory(), now=clock.now())
    settings.CLAUDE_BUDGET_USER_DAY_USD = 1.0
    wanted = {"evaluation": row, "model": "m", "cost": Decimal("0.6"), "now": clock.now()}
    booked = run_together([lambda: spending.open_call(**wanted)] * 4)
    assert sum(isinstance(one, ModelCall) for one in booked) == 1
