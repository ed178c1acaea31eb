"""The operator's command, the admin, own data."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.services.own_data import export_everything
from common import clock
from evaluation.models import ClaudeSwitch, Evaluation, ModelCall, Objection
from evaluation.services.objections import object_to_point
from evaluation.services.running import run_evaluation
from tests.evaluation.factories import make_evaluation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scored():
    evaluation = make_evaluation(owner=UserFactory(username="ana"), now=clock.now())
    run_evaluation(evaluation_id=evaluation.pk)
    evaluation.refresh_from_db()
    return evaluation


def queue(*arguments: str) -> str:
    out = StringIO()
    call_command("evaluation_queue", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_the_queue(scored):
    make_evaluation(owner=scored.owner, now=clock.now())
    shown = queue()
    assert "queued             1" in shown and "succeeded          1" in shown
    assert "due now 1" in shown and "Claude: no key" in shown


def test_reevaluation_is_a_dry_run_unless_executed_and_keeps_the_former_verdict(scored):
    assert "1 evaluations would be judged again" in queue("--reevaluate", "--owner", "ana")
    assert "0 evaluations would" in queue("--reevaluate", "--status", "failed")
    scored.refresh_from_db()
    assert scored.status == "succeeded"
    assert "1 of 1" in queue("--reevaluate", "--ids", str(scored.pk), "--execute")
    again = Evaluation.objects.get(pk=scored.pk)
    assert again.status == "queued" and again.overall_score is None
    assert again.former_verdicts[0]["overall_score"] == scored.overall_score
    run_evaluation(evaluation_id=again.pk)
    again.refresh_from_db()
    assert again.overall_score == scored.overall_score
    assert "0 of 0" in queue("--reevaluate", "--provider", "claude", "--execute")


def test_arguments_that_make_no_sense_are_refused():
    with pytest.raises(CommandError):
        queue("--reevaluate", "--ids", "one")
    with pytest.raises(CommandError):
        queue("--execute", "--dry-run")


def test_staff_see_every_list_and_row_and_may_judge_again(scored, client):
    object_to_point(evaluation=scored, point_title=scored.key_points[0]["title"], now=clock.now())
    ModelCall.objects.create(evaluation=scored, at=clock.now(), model="m", cost_usd=0)
    client.force_login(UserFactory(admin=True))
    for model in (Evaluation, Objection, ModelCall, ClaudeSwitch):
        name = f"admin:evaluation_{model._meta.model_name}_changelist"
        assert client.get(reverse(name)).status_code == 200
    row = reverse("admin:evaluation_evaluation_change", args=[scored.pk])
    assert client.get(row).status_code == 200
    data = {"action": "judge_again", "_selected_action": [scored.pk]}
    client.post(reverse("admin:evaluation_evaluation_changelist"), data)
    assert Evaluation.objects.get(pk=scored.pk).status == "queued"
    client.post(reverse("admin:evaluation_claudeswitch_add"), {"off": "on", "note": "Pause."})
    assert ClaudeSwitch.objects.get(pk=1).off


def test_people_take_their_evaluations_with_them(scored):
    exported = export_everything(scored.owner)["evaluation"]
    assert exported[0]["answer"] == scored.answer and exported[0]["key_points"]
