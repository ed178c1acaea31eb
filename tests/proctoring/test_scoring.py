"""Scores: rows with the end of the test, points over all questions, re-runs, lists for staff."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common import clock
from common.retention import run as remove_expired
from judge.models import CaseSet, CodeRun
from judge.services.working import work
from judge.types import CaseResult
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent, SessionRun
from sessions_app.proctoring.selectors.scores import score_of
from sessions_app.proctoring.services import staff as acts
from sessions_app.proctoring.services.rescoring import rescore_sessions
from sessions_app.proctoring.services.sweeping import sweep_sessions
from tests.assessments.clients import bearer
from tests.assessments.factories import token_for
from tests.factories import UserFactory
from tests.judge.engines import FakeEngine, ran
from tests.proctoring.coding import (
    ECHO,
    make_assessment,
    make_question,
    make_sitting,
)
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def half(job):
    """The first case is right, the second is not."""
    return ran(CaseResult("ended", stdout="a"), CaseResult("time_limit"))


def complete(sitting):
    reply = bearer(token_for(sitting.candidate)).put(f"/api/test-session/{sitting.pk}/complete", {})
    assert reply.status_code == 200, reply.content


def score(sitting):
    return score_of(ProctoredSession.objects.get(pk=sitting.pk), now=clock.now())


def states(sitting):
    found = score(sitting)
    return found.status, [question.status for question in found.questions]


def counting():
    return SessionRun.objects.filter(counts=True)


def past(sitting, **changes):
    """Move the end of the test an hour into the past."""
    end = clock.now() - timedelta(hours=1)
    ProctoredSession.objects.filter(pk=sitting.pk).update(deadline=end, **changes)
    SessionBeat.objects.filter(pk=sitting.pk).update(deadline=end, last_heartbeat=end)


def test_the_score_is_over_all_questions_and_partial_credit_is_by_weight(echo, second, staff_api):
    sitting = make_sitting(echo, second, answers={"echo": {"code": ECHO, "language": "python"}})
    path = f"/api/test-session/{sitting.pk}/score"
    assert staff_api.get(path).json()["status"] == "not_scored", "it has not ended"
    complete(sitting)
    assert staff_api.get(path).json()["status"] == "scoring"
    work(engine=FakeEngine(half))

    found = staff_api.get(path).json()

    run = SessionRun.objects.get()
    assert (found["success"], found["status"]) == (True, "scored")
    assert (found["points"], found["max_points"], found["percentage"]) == (0.25, 2, 12.5)
    assert found["questions"] == [
        {
            "question": str(echo.pk), "title": "Echo", "language": "python",
            "verdict": "time_limit", "passed": 1, "cases": 2, "points": 0.25, "max_points": 1,
            "run_id": str(run.run.uuid), "status": "scored",
        },
        {
            "question": str(second.pk), "title": "Second", "language": "", "verdict": None,
            "passed": 0, "cases": 0, "points": 0.0, "max_points": 1, "run_id": None,
            "status": "unanswered",
        },
    ]  # fmt: skip


def test_points_of_a_question_are_what_the_assessment_said_at_the_start(echo, second):
    assessment = make_assessment(echo, second, points=4)
    sitting = make_sitting(echo, second, answers={"echo": ECHO}, assessment=assessment)
    assessment.sections.get().entries.update(points=9)
    complete(sitting)
    work(engine=FakeEngine(half))

    found = score(sitting)

    assert (found.points, found.max_points, found.percentage) == (1.0, 8, 12.5)


def test_only_what_differs_from_the_boiler_plate_is_answered_and_plain_text_is_the_first_language(
    echo,
    second,
):
    third = make_question("third", languages=["cpp", "java"])
    answers = {
        "echo": {"code": "\n#  write here \n\n", "language": "python"},
        "second": " \n",
        "third": "int x;",
    }
    sitting = make_sitting(echo, second, third, answers=answers)
    complete(sitting)

    [row] = SessionRun.objects.all()
    assert (row.question, row.run.language, row.run.source) == (third, "java", "int x;")
    assert states(sitting) == ("scoring", ["unanswered", "unanswered", "scoring"])


def test_a_language_that_was_not_offered_does_not_keep_a_test_from_ending(echo):
    sitting = make_sitting(echo, answers={"echo": {"code": ECHO, "language": "brainfuck"}})
    complete(sitting)
    assert SessionRun.objects.get().run.language == "python"


def test_a_damaged_question_does_not_keep_a_test_from_ending(echo, second):
    echo.test_cases = [{"inpt": 7}]
    echo.save()
    sitting = make_sitting(echo, second, answers={"echo": ECHO, "second": ECHO})
    complete(sitting)
    work(engine=FakeEngine())
    assert states(sitting) == ("not_scored", ["not_scored", "scored"])
    assert score(sitting).percentage is None


@pytest.mark.parametrize("way", ["expired", "requested after expiry", "staff"])
def test_every_end_queues_the_scores_in_its_own_transaction(way, echo):
    sitting = make_sitting(echo, answers={"echo": ECHO})
    if way == "staff":
        acts.end_session(
            candidate_id=sitting.pk, staff_id=UserFactory().pk, reason="over", now=clock.now()
        )
    else:
        past(sitting)
        if way == "expired":
            sweep_sessions(now=clock.now())
        else:
            bearer(token_for(sitting.candidate)).get(f"/api/test-session/{sitting.pk}")
    sitting.refresh_from_db()
    assert sitting.status == "completed" and counting().count() == 1


def test_an_abandoned_test_is_scored_by_the_sweep_once_its_time_is_over(echo):
    sitting = make_sitting(echo, answers={"echo": ECHO}, left=True)
    sweep_sessions(now=clock.now())
    assert not SessionRun.objects.exists() and states(sitting)[0] == "not_scored"
    past(sitting)

    reports = [sweep_sessions(now=clock.now()) for _ in range(2)]

    assert [report.scored for report in reports] == [1, 0]
    assert counting().count() == 1 and states(sitting)[0] == "scoring"


def test_a_void_test_is_not_scored_and_a_reopened_one_is_scored_again_at_its_end(echo):
    sitting = make_sitting(echo, answers={"echo": ECHO})
    who = {"candidate_id": sitting.pk, "staff_id": UserFactory().pk, "reason": "why"}
    complete(sitting)
    first = SessionRun.objects.get()
    work(engine=FakeEngine(half))

    acts.void_session(**who, now=clock.now())
    assert states(sitting)[0] == "not_scored" and not counting().exists()
    acts.reopen_session(**who, minutes=10, now=clock.now())
    assert states(sitting)[0] == "not_scored"
    complete(sitting)
    work(engine=FakeEngine())

    assert score(sitting).percentage == 100.0
    first.refresh_from_db()
    assert not first.counts and first.run.earned == 1, "the old result stays"


def test_a_test_that_is_voided_while_it_runs_is_not_scored(echo):
    sitting = make_sitting(echo, answers={"echo": ECHO})
    acts.void_session(
        candidate_id=sitting.pk, staff_id=UserFactory().pk, reason="why", now=clock.now()
    )
    assert not SessionRun.objects.exists()


def test_a_left_test_that_is_extended_after_its_scoring_is_scored_again(echo):
    sitting = make_sitting(echo, answers={"echo": ECHO}, left=True)
    past(sitting)
    sweep_sessions(now=clock.now())
    acts.extend_session(
        candidate_id=sitting.pk,
        minutes=90,
        staff_id=UserFactory().pk,
        reason="ill",
        now=clock.now(),
    )
    assert not counting().exists() and CodeRun.objects.get().status == "cancelled"
    past(sitting)
    assert sweep_sessions(now=clock.now()).scored == 1


def test_our_fault_is_no_zero_and_staff_are_told(echo, second, settings, staff_api):
    settings.JUDGE_MAX_TRIES = 1
    sitting = make_sitting(echo, second, answers={"echo": ECHO, "second": ECHO})
    complete(sitting)
    work(engine=FakeEngine(lambda job: ran(*[CaseResult("internal_error", note="no room")] * 2)))

    found = score(sitting)
    assert (found.status, found.points, found.percentage) == ("not_scored", None, None)
    assert {q.points for q in found.questions} == {None}
    told = SessionEvent.objects.filter(session=sitting, type="not_scored")
    assert told.count() == 2 and "no room" in told[0].why

    reply = staff_api.post(f"/api/test-session/{sitting.pk}/rescore", {})
    assert (reply.status_code, reply.json()) == (202, {"success": True, "runs": 2})
    work(engine=FakeEngine())
    assert score(sitting).percentage == 100.0


def test_a_corrected_case_scores_one_question_again_and_the_old_result_stays(
    echo,
    second,
    staff_api,
    staff,
):
    sitting = make_sitting(echo, second, answers={"echo": ECHO, "second": ECHO})
    complete(sitting)
    work(engine=FakeEngine(half))
    before = {row.question_id: row.run_id for row in counting()}
    echo.test_cases = [{"input": "z\n", "output": "z", "weight": 2}]
    echo.save()

    path = f"/api/test-session/{sitting.pk}"
    assert staff_api.post(f"{path}/rescore", {"question": str(echo.pk)}).json()["runs"] == 1
    work(engine=FakeEngine())

    after = {row.question_id: row.run_id for row in counting()}
    assert before[second.pk] == after[second.pk] and before[echo.pk] != after[echo.pk]
    assert [q.points for q in score(sitting).questions] == [1.0, 0.25]
    listed = staff_api.get(f"{path}/questions/{echo.pk}/runs").json()["runs"]
    assert [run["verdict"] for run in listed] == ["accepted", "time_limit"]
    assert [case["input"] for case in listed[1]["cases"]] == ["a\n", "b\n"]
    event = SessionEvent.objects.get(session=sitting, type="rescored")
    assert event.who == f"staff:{staff.pk}"


def test_all_of_an_assessment_are_scored_again_but_none_that_runs(echo):
    assessment = make_assessment(echo)
    sittings = [make_sitting(echo, answers={"echo": ECHO}, assessment=assessment) for _ in range(3)]
    for sitting in sittings[:2]:
        complete(sitting)
    who = {"staff_id": UserFactory().pk, "now": clock.now()}
    assert rescore_sessions([sitting.pk for sitting in sittings], **who) == (2, 1)
    assert counting().count() == 2 and SessionRun.objects.count() == 4


@pytest.mark.parametrize("body", [{"question": "x"}, {"question": 5}])
def test_rescoring_refuses_what_is_no_question(body, echo, staff_api):
    sitting = make_sitting(echo, answers={"echo": ECHO})
    path = f"/api/test-session/{sitting.pk}/rescore"
    assert staff_api.post(path, body).status_code == 400
    assert staff_api.post(path, {}).json()["code"] == "not_scorable"
    complete(sitting)
    strange = {"question": "00000000-0000-0000-0000-000000000000"}
    assert staff_api.post(path, strange).status_code == 404


def test_candidates_see_neither_the_score_nor_runs_that_score(echo):
    sitting = make_sitting(echo, answers={"echo": ECHO})
    complete(sitting)
    own, path = bearer(token_for(sitting.candidate)), f"/api/test-session/{sitting.pk}"
    assert own.get(f"{path}/score").status_code == 403
    assert own.post(f"{path}/rescore", {}).status_code == 403
    assert own.get(f"{path}/questions/{echo.pk}/runs").json()["runs"] == []
    assert own.get(f"{path}/runs/{CodeRun.objects.get().uuid}").status_code == 404


def test_two_ends_at_once_count_each_question_once(echo, second):
    sitting = make_sitting(echo, second, answers={"echo": ECHO, "second": ECHO})
    past(sitting)
    calls = [lambda: sweep_sessions(now=clock.now())] * 3
    calls += [
        lambda: bearer(token_for(sitting.candidate)).get(f"/api/test-session/{sitting.pk}")
    ] * 3

    assert not [e for e in run_together(calls) if isinstance(e, BaseException)]

    assert counting().count() == SessionRun.objects.count() == 2
    row = counting().first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRun.objects.filter(pk=row.pk).update(question=counting().last().question)


def test_the_list_of_scores_as_json_and_as_a_file(echo, second, staff_api):
    assessment = make_assessment(echo, second)
    sitting = make_sitting(echo, second, answers={"echo": ECHO}, assessment=assessment)
    make_sitting(echo, second, assessment=assessment)
    sitting.candidate.name = "=cmd()"
    sitting.candidate.save()
    complete(sitting)
    work(engine=FakeEngine(half))
    path = f"/api/assessments/{assessment.pk}/scores"

    rows = staff_api.get(path).json()["results"]
    by_id = {row["candidate_id"]: row for row in rows}
    assert len(rows) == 2 and by_id[str(sitting.pk)]["percentage"] == 12.5
    assert {row["status"] for row in rows} == {"scored", "not_scored"}

    reply = staff_api.get(f"{path}?format=csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(reply.streaming_content).decode("utf-8-sig"))))
    mine = next(line for line in lines if line["candidate_id"] == str(sitting.pk))
    assert (mine["name"], mine["percentage"], mine["Echo"], mine["Second"]) == (
        "'=cmd()", "12.5", "0.25", "0.0",
    )  # fmt: skip
    assert staff_api.get(f"{path}?format=xml").status_code == 400
    assert staff_api.get("/api/assessments/x/scores").status_code == 404


def test_the_lists_of_assessments_and_candidates(echo, staff_api):
    assessment = make_assessment(echo, title="Backend")
    sitting = make_sitting(echo, answers={"echo": ECHO}, assessment=assessment)
    left = make_sitting(echo, assessment=assessment, left=True)
    past(left)
    complete(sitting)
    work(engine=FakeEngine())

    row = next(
        row
        for row in staff_api.get("/api/assessments").json()["results"]
        if row["assessment_id"] == str(assessment.pk)
    )
    numbers = (row["questions"], row["candidates"], row["completed"], row["archived"])
    assert numbers == (1, 2, 1, False)

    found = staff_api.get(f"/api/candidates?assessment={assessment.pk}").json()["results"]
    assert {row["status"]: row["percentage"] for row in found} == {
        "completed": 100.0, "expired": 0.0,
    }  # fmt: skip
    for query, count in [
        ("status=completed", 1), ("status=created", 0), (f"search={sitting.candidate.email}", 1),
        ("search=nobody", 0), ("status=nonsense", 400), ("assessment=x", 400),
    ]:  # fmt: skip
        reply = staff_api.get(f"/api/candidates?assessment={assessment.pk}&{query}")
        got = reply.status_code if count == 400 else len(reply.json()["results"])
        assert got == count, query


def test_erasing_a_candidate_takes_the_code_along_and_old_runs_go_before(echo, settings):
    sitting = make_sitting(echo, answers={"echo": ECHO})
    complete(sitting)
    work(engine=FakeEngine())
    who = {"candidate_id": sitting.pk, "staff_id": UserFactory().pk}
    from sessions_app.proctoring.services.rescoring import rescore_session

    rescore_session(**who, now=clock.now())
    work(engine=FakeEngine())
    later = clock.now() + timedelta(days=91)

    remove_expired(now=later, names=["runs"])
    assert CodeRun.objects.get().session_run.counts, "the score stays with its test"

    remove_expired(now=later + timedelta(days=400), names=["sittings", "case_sets"])
    assert not CodeRun.objects.exists() and not CaseSet.objects.exists()


def test_the_sitting_shows_score_and_hidden_cases_and_runs_answers_again(echo, second, staff):
    sitting = make_sitting(echo, second, answers={"echo": ECHO})
    complete(sitting)
    work(engine=FakeEngine(lambda job: ran(*[CaseResult("ended", stdout="said-7")] * 2)))
    browser = Client()
    browser.force_login(staff)
    page = reverse("admin:sessions_app_proctoredsession_change", args=[sitting.pk])

    html = browser.get(page).content.decode()
    for words in ("0.0 of 2 points, 0.0 %", "said-7", "wrong_answer", "unanswered", "0 of 2"):
        assert words in html, words

    path = reverse("admin:proctoring_rescore", args=[sitting.pk])
    browser.post(path, {"question": str(echo.pk)})
    work(engine=FakeEngine())
    html = browser.get(page).content.decode()
    assert "1.0 of 2 points, 50.0 %" in html and "replaced, no longer counts" in html
    chosen = {"action": "score_again", "_selected_action": [str(sitting.pk)]}
    listed = reverse("admin:sessions_app_proctoredsession_changelist")
    assert "1 queued." in browser.post(listed, chosen, follow=True).content.decode()
    assert SessionRun.objects.count() == 3
