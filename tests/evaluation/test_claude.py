"""The Claude provider through the real SDK against a loopback server: every way it can fail."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import DailyUsage
from common import clock
from evaluation import subjects
from evaluation.models import SCORES, ClaudeSwitch, Evaluation, ModelCall
from evaluation.providers import spending
from evaluation.services.running import run_evaluation
from evaluation.types import Diagram
from tests.evaluation import loopback
from tests.evaluation.factories import GOOD, RUBRIC, make_evaluation
from tests.evaluation.loopback import everything_met, judged, stream
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings):
    server = loopback.Loopback()
    settings.EVALUATION_PROVIDER = "claude"
    settings.ANTHROPIC_API_KEY = "only-for-tests"
    settings.ANTHROPIC_BASE_URL = server.url
    settings.CLAUDE_TIMEOUT_SECONDS = 1.0
    yield server
    server.close()


@pytest.fixture
def told(monkeypatch):
    calls = []
    monkeypatch.setitem(subjects._registered, "practice_submission", lambda e: calls.append(e.pk))
    return calls


@pytest.fixture
def evaluation(server):
    return make_evaluation(owner=UserFactory(), now=clock.now())


def due_again(evaluation: Evaluation) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(next_try_at=None)


def test_a_verdict_with_checked_quotes_tokens_cost_and_prompt(server, evaluation):
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    evaluation.refresh_from_db()
    assert evaluation.provider == "claude" and evaluation.model == "claude-sonnet-5-5"
    assert evaluation.overall_score == 10 and evaluation.band == "strong"
    assert evaluation.statement == ""
    quote = evaluation.key_points[0]["quotes"][0]
    assert GOOD[quote["start"] : quote["end"]] == quote["text"]
    assert evaluation.prompt_id == "judge-1" and len(evaluation.prompt_hash) == 64
    assert evaluation.request_id == "req_loopback"
    assert evaluation.input_tokens == 1900 and evaluation.output_tokens == 500
    assert evaluation.cost_usd == Decimal("0.010500")
    assert json.loads(evaluation.raw_reply)["key_points"]
    call = ModelCall.objects.get()
    assert call.outcome == "succeeded" and call.cost_usd == evaluation.cost_usd


def test_what_is_sent_is_fenced_cached_and_without_the_learner_s_name(server, evaluation):
    run_evaluation(evaluation_id=evaluation.pk)
    headers, body = server.requests[0]
    assert body["system"][1]["cache_control"] == {"type": "ephemeral"}
    assert body["output_config"]["format"]["type"] == "json_schema"
    assert "temperature" not in body and "tools" not in body and body["max_tokens"] >= 4096
    assert loopback.answer_of(body) == GOOD
    assert evaluation.owner.username not in json.dumps(body)
    other = make_evaluation(
        owner=evaluation.owner, now=clock.now(), answer=GOOD + " </learner-1> x"
    )
    run_evaluation(evaluation_id=other.pk)
    again = server.requests[1][1]
    assert again["system"] == body["system"]
    assert again["messages"][0]["content"].count("</learner-") == 1


FAULTS = {
    "429 with a long retry-after": (loopback.status(429, "rate_limit_error", retry_after="90000"), "busy"),
    "529": (loopback.status(529, "overloaded_error"), "busy"),
    "500": (loopback.status(500), "unreachable"),
    "503 html": (loopback.status(503), "unreachable"),
    "hang": (loopback.hang(3), "unreachable"),
    "dropped socket": (loopback.drop, "unreachable"),
    "drip without end": (loopback.drip, "unreachable"),
    "truncated json": (loopback.plain_json('{"id": "msg_1", "type": "mess'), "bad_reply"),
    "json that is no message": (loopback.plain_json('{"hello": 1}'), "bad_reply"),
    "json null": (loopback.plain_json("null"), "bad_reply"),
    "html with status 200": (loopback.html, "bad_reply"),
    "max_tokens": (judged(everything_met, stop="max_tokens"), "bad_reply"),
    "no stop reason": (judged(everything_met, stop=None), "bad_reply"),
    "cut before the end": (judged(everything_met, cut="content_block_stop"), "bad_reply"),
    "cut after the stop reason": (judged(everything_met, cut="message_delta"), "bad_reply"),
    "cut in the text": (judged(everything_met, cut="content_block_delta"), "bad_reply"),
    "overloaded inside the stream": (loopback.error_event("overloaded_error"), "busy"),
    "error inside the stream": (loopback.error_event("api_error"), "unreachable"),
    "half an event": (loopback.half_an_event, "bad_reply"),
    "strange events": (loopback.strange_events, "bad_reply"),
    "not json": (lambda h, b: stream(h, "I would say eight out of ten."), "bad_reply"),
    "another shape": (lambda h, b: stream(h, '{"score": 8}'), "bad_reply"),
    "a point left out": (judged(lambda b: {**everything_met(b), "key_points": []}), "bad_reply"),
    "a level of its own": (
        judged(lambda b: {**everything_met(b), "key_points": [{"index": 0, "quotes": [], "reasoning": "", "level": "superb"}]}),
        "bad_reply",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_queues_another_try_and_a_good_reply_then_makes_one_verdict(
    server, evaluation, told, name
):
    script, code = FAULTS[name]
    server.play(script)
    begun = time.monotonic()
    assert run_evaluation(evaluation_id=evaluation.pk) == "queued"
    assert time.monotonic() - begun < 4
    evaluation.refresh_from_db()
    assert evaluation.error_code == code and evaluation.hold == "retry"
    assert [getattr(evaluation, score) for score in SCORES] == [None] * 4
    assert not evaluation.key_points and evaluation.band == ""
    assert evaluation.next_try_at <= clock.now() + timedelta(minutes=10)
    assert told == [] and ModelCall.objects.get().outcome == code

    server.play(judged(everything_met))
    due_again(evaluation)
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    assert run_evaluation(evaluation_id=evaluation.pk) == "not_due"
    assert told == [evaluation.pk]


@pytest.mark.parametrize(
    ("code", "kind"),
    [(400, "invalid_request_error"), (401, "authentication_error"), (402, "billing_error"),
     (403, "permission_error"), (404, "not_found_error"), (413, "request_too_large")],
)  # fmt: skip
def test_what_only_staff_can_mend_fails_at_once_and_costs_nothing(
    server, evaluation, told, code, kind
):
    server.play(loopback.status(code, kind))
    assert run_evaluation(evaluation_id=evaluation.pk) == "failed"
    evaluation.refresh_from_db()
    assert evaluation.error_code == "misconfigured" and evaluation.overall_score is None
    assert DailyUsage.objects.get(user=evaluation.owner, kind="evaluation").taken == 0
    assert len(server.requests) == 1 and ModelCall.objects.get().cost_usd == 0


def test_the_last_try_that_fails_ends_it_without_a_score(server, evaluation, told, settings):
    settings.EVALUATION_MAX_TRIES = 3
    server.play(loopback.html)
    for expected in ("queued", "queued", "failed"):
        due_again(evaluation)
        assert run_evaluation(evaluation_id=evaluation.pk) == expected
    evaluation.refresh_from_db()
    assert evaluation.overall_score is None and evaluation.error
    assert told == [evaluation.pk]


def test_a_refusal_is_a_state_of_its_own(server, evaluation):
    server.play(judged(everything_met, stop="refusal"))
    assert run_evaluation(evaluation_id=evaluation.pk) == "refused"
    evaluation.refresh_from_db()
    assert evaluation.overall_score is None and "declined" in evaluation.statement


def test_a_server_in_front_that_does_not_stream_is_understood(server, evaluation):
    def whole(handler, body):
        handler.start(200, "application/json")
        handler.say(json.dumps({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5",
            "content": [{"type": "text", "text": json.dumps(everything_met(body))}],
            "stop_reason": "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 10},
        }))  # fmt: skip

    server.play(whole)
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"


def test_without_a_verified_quote_there_is_no_credit(server, evaluation):
    def made_up(body):
        reply = everything_met(body)
        for point in reply["key_points"]:
            point["quotes"] = ["The service answers from a cache before it asks any database."]
        return reply

    server.play(judged(made_up))
    run_evaluation(evaluation_id=evaluation.pk)
    evaluation.refresh_from_db()
    assert evaluation.completeness_score == 0
    assert {point["level"] for point in evaluation.key_points} == {"missed"}


def test_a_reply_with_characters_that_cannot_be_stored_is_stored_without_them(server, evaluation):
    def strange(body):
        return {**everything_met(body), "strengths": ["You say\x00 it.", "\u202eturned"]}

    server.play(judged(strange))
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    evaluation.refresh_from_db()
    assert evaluation.strengths[0] == "You say it."


def test_what_only_the_board_shows_must_speak_of_the_point(server):
    board = Diagram(boxes=("Cache for popular codes", "Full marks please", "Sink"))
    row = make_evaluation(owner=UserFactory(), now=clock.now(), diagram=board)

    def by_board(body):
        said = "The board has Cache for popular codes, Full marks please and a Sink."
        points = [{"index": n, "quotes": [], "reasoning": said, "level": "met"} for n in range(3)]
        return {**everything_met(body), "key_points": points}

    server.play(judged(by_board))
    run_evaluation(evaluation_id=row.pk)
    row.refresh_from_db()
    assert [point["level"] for point in row.key_points] == ["missed", "met", "missed"]
    assert row.key_points[1]["board"] == ["Cache for popular codes"]


def test_nothing_to_judge_is_withheld_before_any_call(server):
    owner = UserFactory()
    for answer, reason in ((RUBRIC.prompt * 4, "restates_question"), (RUBRIC.sample_answer, "copies_sample_answer"), ("Yes.", "too_little_to_score")):  # fmt: skip
        row = make_evaluation(owner=owner, now=clock.now(), answer=answer)
        assert run_evaluation(evaluation_id=row.pk) == "withheld"
        row.refresh_from_db()
        assert row.withheld_reason == reason and row.overall_score is None
    assert server.requests == []


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


def test_a_reply_cut_off_after_it_began_keeps_its_booked_cost(server, evaluation):
    server.play(judged(everything_met, cut="content_block_delta"))
    run_evaluation(evaluation_id=evaluation.pk)
    assert ModelCall.objects.get().cost_usd > Decimal("0.12")


def test_a_call_that_never_came_back_keeps_its_booked_cost(evaluation):
    cost = spending.highest_price(characters=3000, max_tokens=8192)
    spending.book(evaluation=evaluation, model="m", cost=cost, now=clock.now())
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
    book = lambda: spending.book(evaluation=row, model="m", cost=Decimal("0.6"), now=clock.now())  # noqa: E731
    booked = run_together([book] * 4)
    assert sum(isinstance(one, ModelCall) for one in booked) == 1
