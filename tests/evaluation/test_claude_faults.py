"""Every way a call to Claude can fail, through the real SDK against a loopback server."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest

from accounts.models import DailyUsage
from common import clock
from evaluation.models import SCORES, ModelCall
from evaluation.providers.claude import retry_after
from evaluation.providers.spending import BREAKER_FAILURES
from evaluation.services.running import run_evaluation
from tests.evaluation import loopback
from tests.evaluation.factories import due_again, make_evaluation
from tests.evaluation.loopback import everything_met, judged, stream
from tests.factories import UserFactory

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
    "max_tokens": (judged(everything_met, stop="max_tokens"), "cut_off"),
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
    "no follow-ups": (
        judged(lambda b: {k: v for k, v in everything_met(b).items() if k != "follow_ups"}),
        "bad_reply",
    ),
    "another shape in a fence": (
        lambda h, b: stream(h, "```json\n{\"score\": 8}\n```"), "bad_reply",
    ),
    "two judgments": (
        lambda h, b: stream(h, f"{json.dumps(everything_met(b))} or {json.dumps(everything_met(b))}"),
        "bad_reply",
    ),
    "braces without end": (lambda h, b: stream(h, "{" * 4000), "bad_reply"),
    "an object within an object": (lambda h, b: stream(h, '{"a":' * 3000), "bad_reply"),
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
     (403, "permission_error"), (404, "not_found_error")],
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


U0000 = (
    "Keys never contain the character \\u0000, because C clients stop reading there. First I would "
    "ask for the read and write ratio. Links live in a key-value store sharded by the hash of the "
    "key, with a cache in front. A counter hands out ranges of ids."
)


def test_an_answer_about_u0000_costs_one_call_and_is_scored(server, notified):
    evaluation = make_evaluation(owner=UserFactory(), now=clock.now(), answer=U0000)
    assert "\\u0000" in evaluation.answer and "\x00" not in evaluation.answer

    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    evaluation.refresh_from_db()
    assert len(server.requests) == 1 and notified == [evaluation.pk]
    assert "character \\\\u0000" in json.dumps(evaluation.key_points)


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_what_cannot_be_stored_is_taken_out_of_the_values(server, evaluation, text):
    server.play(judged(lambda b: {**everything_met(b), "strengths": [f"You {text}name it."]}))

    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"
    evaluation.refresh_from_db()
    assert evaluation.strengths[0].startswith("You") and text not in evaluation.strengths[0]


def test_a_judgment_that_does_not_fit_gets_more_room_once(server, evaluation, notified):
    server.play(judged(everything_met, stop="max_tokens"))
    for expected in ("queued", "failed"):
        due_again(evaluation)
        assert run_evaluation(evaluation_id=evaluation.pk) == expected

    first, second = (body["max_tokens"] for _, body in server.requests)
    assert first < second and notified == [evaluation.pk]
    evaluation.refresh_from_db()
    assert evaluation.error_code == "cut_off" and "fewer words" in evaluation.error


TOO_LONG = {
    "413": loopback.status(413, "request_too_large"),
    "400 that says so": loopback.status(
        400, "invalid_request_error", message="prompt is too long: 213000 tokens > 200000 maximum"
    ),
    "context window": judged(everything_met, stop="model_context_window_exceeded"),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_an_answer_that_is_too_long_fails_at_once_and_says_so(server, evaluation, name):
    server.play(TOO_LONG[name])

    assert run_evaluation(evaluation_id=evaluation.pk) == "failed"
    evaluation.refresh_from_db()
    assert evaluation.error_code == "too_long" and "fewer words" in evaluation.error
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", TOO_LONG)
def test_answers_that_do_not_fit_stop_no_other_ones(server, evaluation, name):
    server.play(TOO_LONG[name])
    for _ in range(BREAKER_FAILURES):
        long = make_evaluation(owner=UserFactory(), now=clock.now())
        assert run_evaluation(evaluation_id=long.pk) == "failed"

    server.play(judged(everything_met))
    assert run_evaluation(evaluation_id=evaluation.pk) == "succeeded"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_how_long_the_server_asks_to_wait(headers, seconds):
    assert retry_after(headers) == seconds


def test_the_server_may_name_a_moment_to_wait_for():
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3590 < retry_after({"retry-after": in_an_hour}) <= 3600
