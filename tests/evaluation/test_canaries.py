"""Answers with known marks, judged again by a command that fails when the judge has drifted."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluation.canaries import read_canaries
from evaluation.models import Evaluation, ModelCall
from evaluation.scoring import CUTS
from tests.evaluation import loopback
from tests.evaluation.loopback import answer_of, everything_met, judged

pytestmark = pytest.mark.django_db(transaction=True)


def checked(*options: str) -> list[dict]:
    out = StringIO()
    try:
        call_command("check_canaries", "--json", *options, stdout=out)
    except CommandError as error:
        assert "drifted" in str(error)
    return json.loads(out.getvalue())


def test_the_local_check_judges_them_as_marked(settings):
    out = StringIO()
    call_command("check_canaries", "--local", stdout=out)
    assert "canaries as marked" in out.getvalue()


def test_a_changed_cut_is_noticed(monkeypatch):
    monkeypatch.setitem(CUTS, "local", (2.0, 4.0))
    with pytest.raises(CommandError, match="drifted"):
        call_command("check_canaries", "--local", stdout=StringIO())


def fair(body):
    """A judge who finds what the marks say, in the answer's own words."""
    answer = answer_of(body)
    canary = next(one for one in read_canaries() if one.answer == answer)
    reply = everything_met(body)
    sentences = [part.strip() for part in answer.split(".") if part.strip()]
    for point, level in zip(reply["key_points"], canary.levels, strict=True):
        point.update(level=level, quotes=[] if level == "missed" else sentences)
    found = canary.band != "weak"
    for step in (*reply["framework_steps"], *reply["structure_steps"]):
        step.update(found=found)
    return reply


def test_a_model_is_asked_once_for_each_and_its_calls_are_nobody_s(server):
    server.play(judged(fair))
    results = checked()
    assert [one["drift"] for one in results] == [[]] * len(read_canaries())
    # The word list is withheld before any call.
    calls = ModelCall.objects.all()
    assert calls.count() == len(server.requests) == len(read_canaries()) - 1
    assert not calls.filter(owner__isnull=False).exists() and not Evaluation.objects.exists()


def test_a_model_that_obeys_or_praises_everything_has_drifted(server):
    drifted = {one["name"] for one in checked() if one["drift"]}
    assert {"rate-limit denying", "failed-project middling"} <= drifted
    # What addresses the grader earns nothing, whatever the model says.
    assert "failed-project instruction" not in drifted


def test_a_model_that_cannot_be_reached_is_reported(server):
    server.play(loopback.status(401, "authentication_error"))
    results = checked()
    assert results[0]["drift"] == ["not judged: misconfigured 401 authentication_error"]
