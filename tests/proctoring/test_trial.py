"""The practice room: a toy question that is run before the test, and of which the test knows nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from common import clock, retention
from judge.models import CodeRun
from judge.services.working import work
from judge.types import CaseResult
from sessions_app.proctoring.models import ProctoredSession, SessionRun, TrialRun
from sessions_app.proctoring.selectors.trial import toy_question
from sessions_app.proctoring.services.erasing import erase_candidates
from sessions_app.proctoring.services.trial import RUNS_A_DAY, request_trial_run
from tests.assessments.clients import bearer
from tests.assessments.factories import AssessmentFactory, CandidateFactory, token_for
from tests.judge.engines import FakeEngine, able, ran
from tests.proctoring.factories import SessionFactory

pytestmark = pytest.mark.django_db(transaction=True)
CODE = {"language": "python", "code": "print(max(map(int, input().split())))"}


@pytest.fixture(autouse=True)
def runner(db):
    work(engine=FakeEngine(probe=able("python", "cpp")))


@pytest.fixture
def own(candidate):
    return bearer(token_for(candidate))


@pytest.fixture
def runs(candidate):
    return f"/api/test-session/{candidate.pk}/trial/runs"


def right(job):
    answers = {"3 9 4\n": "9\n", "7\n": "7\n"}
    return ran(*(CaseResult("ended", stdout=answers.get(text, "")) for text in job.inputs))


def run_all(engine=None):
    while work(engine=engine or FakeEngine(right, probe=able("python", "cpp"))):
        pass


def ask(candidate, now=None, text=None):
    now = now or clock.now()
    return request_trial_run(candidate_id=candidate.pk, **CODE, text=text, now=now)


def test_the_toy_question_is_run_and_nothing_of_it_is_in_a_test(own, runs, candidate):
    queued = own.post(runs, CODE)
    assert queued.status_code == 202, queued.content
    run_all()
    run = own.get(f"{runs}/{queued.json()['run_id']}").json()["run"]
    assert (run["kind"], run["verdict"], run["question"]) == (
        "sample",
        "accepted",
        str(toy_question().pk),
    )
    assert [case["expected"] for case in run["cases"]] == ["9", "7"]
    own.post(runs, {**CODE, "input": "1 2"})
    run_all()
    assert [one["kind"] for one in own.get(runs).json()["runs"]] == ["custom", "sample"]
    assert not ProctoredSession.objects.exists() and not SessionRun.objects.exists()


def test_it_is_closed_to_strangers_and_once_the_test_has_started(own, runs, candidate):
    row = ask(candidate)
    other: Any = CandidateFactory()
    stranger = bearer(token_for(other))
    for reply in (
        stranger.get(runs),
        stranger.post(runs, CODE),
        stranger.get(f"{runs}/{row.run.uuid}"),
    ):
        assert reply.status_code == 404
    SessionFactory(candidate=candidate)
    reply = own.post(runs, CODE)
    assert (reply.status_code, reply.json()["code"]) == (409, "trial_is_over")


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({**CODE, "code": " \n"}, 400),
        ({**CODE, "language": "cpp"}, 400),
        ({**CODE, "code": "x" * 65_537}, 413),
        ({**CODE, "language": "java"}, 400),
    ],
)
def test_what_cannot_be_run_is_refused(wanted, status):
    candidate: Any = CandidateFactory(assessment=AssessmentFactory(languages=["python"]))
    reply = bearer(token_for(candidate)).post(
        f"/api/test-session/{candidate.pk}/trial/runs", wanted
    )
    assert reply.status_code == status, reply.content
    assert not CodeRun.objects.exists()


def test_one_at_a_time_twelve_a_minute_and_a_hundred_a_day(own, runs, candidate):
    now = clock.now()
    ask(candidate, now - timedelta(hours=23))
    assert own.post(runs, CODE).json()["code"] == "run_in_progress"
    run_all()
    for number in range(1, RUNS_A_DAY):
        row = ask(candidate, now - timedelta(hours=22) + timedelta(minutes=number))
        CodeRun.objects.filter(pk=row.run_id).update(status="done", verdict="accepted")
    reply = own.post(runs, CODE)
    assert (reply.status_code, reply.json()["code"]) == (429, "too_many_trial_runs")
    assert 3500 < int(reply["Retry-After"]) <= 3600
    TrialRun.objects.all().update(created_at=now)
    assert own.post(runs, CODE).json()["code"] == "too_many_runs"


def test_its_runs_go_with_the_candidate_or_when_they_are_old(candidate):
    ask(candidate)
    run_all()
    CodeRun.objects.update(finished_at=clock.now() - timedelta(days=91))
    ask(candidate)
    run_all()
    retention.run(now=clock.now())
    assert (CodeRun.objects.count(), TrialRun.objects.count()) == (1, 1)
    erase_candidates([candidate.pk])
    assert not CodeRun.objects.exists()


def test_the_page_is_there_before_the_test_alone(client, candidate):
    client.get(f"/t/{token_for(candidate)}")
    assert "Largest number" in client.get("/test/practice").content.decode()
    SessionFactory(candidate=candidate)
    assert client.get("/test/practice")["Location"] == "/test"
