"""A model on one's own machine: the same provider against a server that knows only the basics."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from common import clock
from evaluation.models import Evaluation, ModelCall
from evaluation.providers import chosen_provider
from evaluation.services.running import run_evaluation
from tests.evaluation import loopback
from tests.evaluation.factories import RUBRIC, due_again, make_evaluation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "qwen3:8b"
WRAPPED = {
    "alone": str,
    "fenced": lambda text: f"```json\n{text}\n```",
    "with words around": lambda text: f"Here is my judgment:\n\n{text}\n\nLet me know.",
    "after thoughts": lambda text: f"<think>\nIs {{this}} right?\n</think>\n\n{text}",
}


@pytest.fixture
def own(server, settings):
    """The three lines of docs/evaluation.md, and nothing else: no key."""
    settings.EVALUATION_PROVIDER = "auto"
    settings.ANTHROPIC_API_KEY = ""
    settings.ANTHROPIC_MODEL = MODEL
    server.play(loopback.own())
    return server


@pytest.mark.parametrize("name", WRAPPED)
def test_it_judges_without_a_key_and_for_nothing_however_it_wraps_its_json(own, name):
    own.play(loopback.own(WRAPPED[name]))
    row = make_evaluation(owner=UserFactory(), now=clock.now())
    assert run_evaluation(evaluation_id=row.pk) == "succeeded"
    row.refresh_from_db()
    assert (row.provider, row.model, row.cost_usd) == ("own_model", MODEL, 0)
    assert row.overall_score == 10 and row.input_tokens == 900
    call = ModelCall.objects.get()
    assert call.cost_usd == 0 and call.outcome == "succeeded"


def test_the_schema_stands_in_the_prompt_and_settings_of_claude_are_left_out(own):
    row = make_evaluation(owner=UserFactory(), now=clock.now())
    run_evaluation(evaluation_id=row.pk)
    _, body = own.requests[0]
    schema = json.loads(body["system"][0]["text"].rsplit("JSON schema:\n", 1)[1])
    assert set(schema["required"]) >= {"key_points", "follow_ups", "injection_suspected"}
    assert body["model"] == MODEL and "effort" not in body["output_config"]


@pytest.mark.parametrize(
    "script",
    [
        loopback.own(lambda text: f"{text}\n{text}"),
        loopback.own(lambda text: text.replace('"met"', '"perfect"')),
        loopback.own(lambda text: f"```json\n{text[:-20]}\n```"),
        loopback.own(lambda text: "I would say eight out of ten."),
    ],
    ids=["twice", "a level of its own", "cut off in a fence", "prose"],
)
def test_what_is_not_the_agreed_shape_is_no_verdict_here_either(own, script):
    own.play(script)
    row = make_evaluation(owner=UserFactory(), now=clock.now())
    assert run_evaluation(evaluation_id=row.pk) == "queued"
    row.refresh_from_db()
    assert row.error_code == "bad_reply" and row.overall_score is None
    assert MODEL in row.error and "Claude" not in row.error
    own.play(loopback.own())
    due_again(row)
    assert run_evaluation(evaluation_id=row.pk) == "succeeded"


PAGES = {
    "scored": (loopback.own(), "succeeded"),
    "scored by a server that calls every model Claude": (
        loopback.own(model="claude-sonnet-5-5"), "succeeded",
    ),
    "no counts": (loopback.own(usage=None), "succeeded"),
    "refused": (loopback.own(stop="refusal"), "refused"),
    "too long": (loopback.status(413, "request_too_large"), "failed"),
    "wrong model": (loopback.status(404, "not_found_error"), "failed"),
    "busy": (loopback.status(529, "overloaded_error"), "queued"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_page_names_the_model_that_judged_and_never_claude(own, client, name):
    script, status = PAGES[name]
    own.play(script)
    row = make_evaluation(owner=UserFactory(), now=clock.now())
    assert run_evaluation(evaluation_id=row.pk) == status
    client.force_login(row.owner)
    shown = client.get(reverse("evaluation:page", args=[row.pk])).content.decode()
    assert MODEL in shown and "Claude" not in shown
    assert ModelCall.objects.get().cost_usd == Decimal(0)


def test_spent_budgets_of_claude_do_not_hold_what_costs_nothing(own, settings):
    row = make_evaluation(owner=UserFactory(), now=clock.now())
    ModelCall.objects.create(
        owner=row.owner, model="claude-sonnet-5-5", cost_usd=Decimal(200), at=clock.now()
    )
    assert run_evaluation(evaluation_id=row.pk) == "succeeded"


def test_results_of_another_model_are_not_compared(own, settings, client):
    owner = UserFactory()
    for model in (MODEL, "llama4"):
        settings.ANTHROPIC_MODEL = model
        run_evaluation(evaluation_id=make_evaluation(owner=owner, now=clock.now()).pk)
    first, second = Evaluation.objects.order_by("pk")
    assert (first.model, second.model) == (MODEL, "llama4")
    client.force_login(owner)
    shown = client.get(reverse("evaluation:page", args=[second.pk])).content.decode()
    assert "Compared with" not in shown


@pytest.mark.parametrize(
    ("url", "key", "model", "chosen"),
    [
        ("http://127.0.0.1:11434", "", MODEL, "own_model"),
        ("http://127.0.0.1:4000", "a-key", MODEL, "own_model"),
        ("https://proxy.example", "a-key", "claude-sonnet-5-5", "claude"),
        ("", "a-key", "claude-sonnet-5-5", "claude"),
        ("https://proxy.example", "", "claude-sonnet-5-5", "local"),
        ("", "", MODEL, "local"),
    ],
)
def test_who_judges_by_address_key_and_model(settings, url, key, model, chosen):
    settings.EVALUATION_PROVIDER = "auto"
    settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_API_KEY = url, key
    settings.ANTHROPIC_MODEL = model
    assert chosen_provider() == chosen


def test_guards_withhold_before_the_model_is_asked(own):
    row = make_evaluation(owner=UserFactory(), now=clock.now(), answer=RUBRIC.prompt * 4)
    assert run_evaluation(evaluation_id=row.pk) == "withheld"
    row.refresh_from_db()
    assert row.judge_words == MODEL and own.requests == []
