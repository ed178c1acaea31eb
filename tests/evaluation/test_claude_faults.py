"""Every way a call to Claude can fail, through the real SDK against a loopback server."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import DailyUsage
from common import clock
from evaluation.models import SCORES, ModelCall
from evaluation.services.running import run_evaluation
from tests.evaluation import loopback
from tests.evaluation.factories import due_again
from tests.evaluation.loopback import everything_met, judged, stream

pytestmark = pytest.mark.django_db(transaction=True)


FAULTS = {
    "429 with a long retry-after": (loopback.status(429, "rate_limit_error", retry_after="90000"), "busy"),
    "529": (loopback.status(529, "overloaded_error"), "busy"),
    "500": (loopback.status(500), "unreachable"),
    "503 html": (loopback.status(503), "unreachable"),
    "hang": (loopback.hang, "unreachable"),
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
ENDLESS = {"hang", "drip without end"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_queues_another_try_and_a_good_reply_then_makes_one_verdict(
    server, evaluation, notified, settings, name
):
    script, code = FAULTS[name]
    server.play(script)
    patience, begun = settings.CLAUDE_TIMEOUT_SECONDS, time.monotonic()
    if name in ENDLESS:
        settings.CLAUDE_TIMEOUT_SECONDS = 1.0
    assert run_evaluation(evaluation_id=evaluation.pk) == "queued"
    assert time.monotonic() - begun < loopback.ENDLESS_SECONDS / 2
    evaluation.refresh_from_db()
    assert evaluation.error_code == code and evaluation.hold == "retry"
    assert [getattr(evaluation, score) for score in SCORES] == [None] * 4
    assert not evaluation.key_points and evaluation.band == ""
    assert evaluation.next_try_at <= clock.now() + timedelta(minutes=10)
    assert notified == [] and ModelCall.objects.get().outcome == code

    settings.CLAUDE_TIMEOUT_SECONDS = patience
    server.play(judged(everything_met))
    due_again(evaluation)
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    assert run_evaluation(evaluation_id=evaluation.pk) == "not_due"
    assert notified == [evaluation.pk]


@pytest.mark.parametrize(
    ("code", "kind"),
    [(400, "invalid_request_error"), (401, "authentication_error"), (402, "billing_error"),
     (403, "permission_error"), (404, "not_found_error"), (413, "request_too_large")],
)  # fmt: skip
def test_what_only_staff_can_mend_fails_at_once_and_costs_nothing(
    server, evaluation, notified, code, kind
):
    server.play(loopback.status(code, kind))
    assert run_evaluation(evaluation_id=evaluation.pk) == "failed"
    evaluation.refresh_from_db()
    assert evaluation.error_code == "misconfigured" and evaluation.overall_score is None
    assert DailyUsage.objects.get(user=evaluation.owner, kind="evaluation").taken == 0
    assert len(server.requests) == 1 and ModelCall.objects.get().cost_usd == 0


def test_the_last_try_that_fails_ends_it_without_a_score(server, evaluation, notified, settings):
    settings.EVALUATION_MAX_TRIES = 3
    server.play(loopback.html)
    for expected in ("queued", "queued", "failed"):
        due_again(evaluation)
        assert run_evaluation(evaluation_id=evaluation.pk) == expected
    evaluation.refresh_from_db()
    assert evaluation.overall_score is None and evaluation.error
    assert notified == [evaluation.pk]


def test_a_reply_cut_off_after_it_began_keeps_its_booked_cost(server, evaluation):
    server.play(judged(everything_met, cut="content_block_delta"))
    run_evaluation(evaluation_id=evaluation.pk)
    assert ModelCall.objects.get().cost_usd > Decimal("0.12")
