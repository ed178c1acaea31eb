"""What operators see of runs: the queue with its health, a run with source, cases and messages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from judge.services.working import work
from judge.specs import Case
from judge.types import Probe
from tests.judge.engines import FakeEngine
from tests.judge.factories import ask, spec_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_a_run_stands_with_source_input_expected_and_actual_output(browser):
    run = ask("print('<b>')", spec=spec_of(Case("in-7", "wanted-7", weight=5, hidden=True)))
    work(engine=FakeEngine())

    html = browser.get(reverse("admin:judge_coderun_change", args=[run.pk])).content.decode()

    for text in ("print(&#x27;&lt;b&gt;&#x27;)", "in-7", "wanted-7", "0 of 5", "wrong_answer"):
        assert text in html, text


def test_the_list_says_what_waits_and_why_nothing_is_run(browser):
    ask()
    work(engine=FakeEngine(probe=Probe.failed("said", "Landlock is refused here")))

    html = browser.get(reverse("admin:judge_coderun_changelist")).content.decode()

    assert "1 for scoring" in html and "No code is run: Landlock is refused here" in html
    assert (
        "Landlock is refused here"
        in browser.get(reverse("admin:judge_enginereport_changelist")).content.decode()
    )


def test_readyz_is_degraded_until_a_runner_has_reported(client):
    assert client.get("/readyz").json()["runner"] == "down"

    work(engine=FakeEngine())

    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["runner"]) == (200, "ok")


def test_a_run_that_scores_nothing_is_not_run_again(browser):
    run = ask()
    page = reverse("admin:judge_coderun_changelist")
    chosen = {"action": "run_again", "_selected_action": [run.pk]}
    assert (
        "Only runs that score an answer" in browser.post(page, chosen, follow=True).content.decode()
    )
