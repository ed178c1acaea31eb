"""A candidate runs the samples or an input of their own: who may, when, how often, what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from judge.models import CodeRun, EngineReport
from judge.services.working import work
from judge.types import CaseResult, Probe
from sessions_app.proctoring.models import SessionBeat, SessionRun
from tests.assessments.clients import bearer
from tests.assessments.factories import CandidateFactory, token_for
from tests.judge.engines import FakeEngine, able, ran
from tests.proctoring.coding import ECHO, make_question, make_sitting
from tests.proctoring.factories import SessionFactory
from tests.services import on_sqlite
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
CODE = {"language": "python", "code": ECHO}


@pytest.fixture
def sitting(echo, runner):
    return make_sitting(echo)


@pytest.fixture
def runner(db):
    """A code worker has reported, with all languages but Java."""
    work(engine=FakeEngine(probe=able("python", "cpp", "javascript")))


@pytest.fixture
def own(sitting):
    return bearer(token_for(sitting.candidate))


@pytest.fixture
def path(sitting):
    return f"/api/test-session/{sitting.pk}"


@pytest.fixture
def runs(path, echo):
    return f"{path}/questions/{echo.pk}/runs"


def test_the_samples_are_run_and_shown_with_expected_and_actual_output(own, path, runs, echo):
    reply = own.post(runs, CODE)
    assert reply.status_code == 202, reply.content
    queued = reply.json()
    assert (queued["success"], queued["kind"], queued["status"]) == (True, "sample", "queued")

    url = f"{path}/runs/{queued['run_id']}"
    waiting = own.get(url).json()["run"]
    assert (waiting["status"], waiting["position"], waiting["cases"]) == ("queued", 1, [])
    work(engine=FakeEngine(lambda job: ran(CaseResult("ended", cpu_ms=7, stdout="hallo\n"))))

    run = own.get(url).json()["run"]
    assert (run["status"], run["verdict"], run["position"]) == ("done", "wrong_answer", None)
    assert run["question"] == str(echo.pk) and run["finished_at"]
    assert run["cases"] == [
        {
            "number": 1, "verdict": "wrong_answer", "cpu_ms": 7, "memory_kb": 0,
            "input": "hello\n", "expected": "hello", "output": "hallo\n", "error": "",
            "note": "As it came.", "difference_line": 1,
        }
    ]  # fmt: skip
    listed = own.get(runs).json()
    assert [entry["run_id"] for entry in listed["runs"]] == [queued["run_id"]]
    assert listed["next"] is None and listed["runs"][0] == run


@pytest.mark.parametrize("text", ["", "mine\n"])
def test_own_input_has_no_verdict_when_it_ends_by_itself(own, path, runs, text):
    queued = own.post(runs, {**CODE, "input": text}).json()
    assert queued["kind"] == "custom"
    work(engine=FakeEngine())

    run = own.get(f"{path}/runs/{queued['run_id']}").json()["run"]

    assert (run["status"], run["verdict"]) == ("done", None)
    case = run["cases"][0]
    assert (case["input"], case["expected"], case["output"]) == (text, None, text)


def test_a_run_is_activity_and_no_sign_of_life(own, runs, sitting):
    before = SessionBeat.objects.get(pk=sitting.pk)
    own.post(runs, CODE)
    after = SessionBeat.objects.get(pk=sitting.pk)
    assert after.last_heartbeat == before.last_heartbeat
    assert after.last_activity and after.last_activity != before.last_activity


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"language": "ruby", "code": ECHO}, 400),
        ({"language": "javascript", "code": ECHO}, 400),  # no boiler plate: not offered
        ({"language": "python", "code": " \n\t"}, 400),
        ({"language": "python"}, 400),
        ({**CODE, "input": 7}, 400),
        ({**CODE, "code": "é" * 32_769}, 413),
        ({**CODE, "input": "x" * 65_537}, 413),
        ({"language": "java", "code": ECHO}, 503),
    ],
)
def test_what_cannot_be_run_is_refused_and_queues_nothing(own, runs, body, status):
    reply = own.post(runs, body)
    assert reply.status_code == status, reply.content
    assert not reply.json()["success"] and not SessionRun.objects.exists()
    if status == 503:
        assert reply.json()["code"] == "runner_unavailable"


def test_64_kib_are_taken(own, runs):
    assert own.post(runs, {**CODE, "code": "é" * 32_768, "input": "x" * 65_536}).status_code == 202


def test_a_test_has_so_many_runs(own, runs, settings):
    """Each keeps its code, input and output: without an end, a gigabyte in a long test."""
    settings.LIMITS = {**settings.LIMITS, "runs": 1}
    assert own.post(runs, CODE).status_code == 202
    work(engine=FakeEngine())
    refused = own.post(runs, CODE)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_runs")
    assert refused.json()["limit"] == refused.json()["used"] == 1


def test_one_run_at_a_time_and_twelve_a_minute(own, runs):
    assert own.post(runs, CODE).status_code == 202
    at_once = own.post(runs, CODE)
    assert (at_once.status_code, at_once.json()["code"]) == (429, "run_in_progress")
    assert int(at_once["Retry-After"]) >= 1
    for _ in range(11):
        work(engine=FakeEngine())
        assert own.post(runs, CODE).status_code == 202
    work(engine=FakeEngine())

    reply = own.post(runs, CODE)

    assert (reply.status_code, reply.json()["code"]) == (429, "too_many_runs")
    assert 1 <= int(reply["Retry-After"]) <= 60 and reply.json()["used"] == 12
    SessionRun.objects.update(created_at=clock.now() - timedelta(seconds=61))
    assert own.post(runs, CODE).status_code == 202


def test_twenty_at_once_queue_one(own, runs):
    replies = run_together([lambda: own.post(runs, CODE)] * (4 if on_sqlite() else 20))
    assert sorted({reply.status_code for reply in replies}) == [202, 429]
    assert CodeRun.objects.count() == SessionRun.objects.count() == 1


def test_the_same_key_runs_once(own, runs):
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first, again = own.post(runs, CODE, **key), own.post(runs, CODE, **key)
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert CodeRun.objects.count() == 1


def test_outside_of_the_running_test_nothing_is_run(runner, echo, path, own, runs, sitting):
    waiting = CandidateFactory(assessment=sitting.candidate.assessment)
    before = bearer(token_for(waiting)).post(
        f"/api/test-session/{waiting.pk}/questions/{echo.pk}/runs", CODE
    )
    assert (before.status_code, before.json()["code"]) == (409, "not_started")
    other = make_question("other")
    for strange in (other.pk, "x", "00000000-0000-0000-0000-000000000000"):
        assert own.post(f"{path}/questions/{strange}/runs", CODE).status_code == 404
    own.put(f"{path}/complete", {})
    assert (own.post(runs, CODE).status_code, SessionRun.objects.count()) == (409, 0)
    assert own.get(runs).status_code == 200, "results can be read after the end"


def test_after_the_deadline_nothing_is_run_although_saves_are_taken(own, runs, sitting):
    sitting.deadline = clock.now() - timedelta(seconds=5)
    sitting.save()
    SessionBeat.objects.update(deadline=sitting.deadline)
    assert own.post(runs, CODE).status_code == 409


def test_only_the_candidate_runs_and_others_see_nothing(
    own, path, runs, staff_api, learner_api, powerless_api
):
    run_id = own.post(runs, CODE).json()["run_id"]
    stranger = SessionFactory()
    theirs = bearer(token_for(stranger.candidate))
    for client, post, get in [
        (theirs, 404, 404), (learner_api, 404, 404), (powerless_api, 403, 403),
        (staff_api, 403, 200),
    ]:  # fmt: skip
        assert client.post(runs, CODE).status_code == post
        for url in (runs, f"{path}/runs/{run_id}", f"{path}/languages"):
            assert client.get(url).status_code == get, url
    assert theirs.get(f"/api/test-session/{stranger.pk}/runs/{run_id}").status_code == 404
    assert own.get(f"{path}/runs/x").status_code == 404


def test_the_languages_are_those_of_the_runner_and_of_the_test(own, path):
    found = {entry["language"]: entry for entry in own.get(f"{path}/languages").json()["languages"]}
    assert list(found) == ["python", "javascript", "java", "cpp"]
    assert {name for name, entry in found.items() if entry["available"]} == {"python", "cpp"}
    assert found["java"]["reason"] == "not here" and found["python"]["reason"] == ""
    assert found["javascript"]["reason"] == "This test does not offer it."


def test_staff_choose_the_languages_of_a_test(runner, echo):
    echo.languages = ["cpp", "java"]
    echo.save()
    sitting = make_sitting(echo)
    own = bearer(token_for(sitting.candidate))
    path = f"/api/test-session/{sitting.pk}"
    found = own.get(f"{path}/languages").json()["languages"]
    assert [entry["language"] for entry in found if entry["available"]] == ["cpp"]
    assert own.post(f"{path}/questions/{echo.pk}/runs", CODE).status_code == 400


def test_without_a_sandbox_the_candidate_is_told_why(own, path, runs):
    EngineReport.objects.update(at=clock.now() - timedelta(minutes=4))
    work(engine=FakeEngine(probe=Probe.failed("said", "The sandbox does not hold here.")))

    reply = own.post(runs, CODE)

    assert (reply.status_code, reply.json()["code"]) == (503, "runner_unavailable")
    assert reply.json()["reason"] == "The sandbox does not hold here."
    assert not any(entry["available"] for entry in own.get(f"{path}/languages").json()["languages"])
