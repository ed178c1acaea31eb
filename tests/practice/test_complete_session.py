"""Completion, history and review: practice-sessions.md §5.3, scenarios 3 and 13."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps

from evaluation.models import Evaluation
from practice.models import (
    Practice,
    PracticeHistory,
    PracticeMain,
    PracticeMainHistory,
    SessionStatus,
    Submission,
    SubmissionHistory,
)
from practice.selectors.history import history_of, history_rows
from practice.services.completion import MOVED, complete_session
from practice.services.drafts import save_draft
from practice.services.sessions import start_session
from practice.services.submissions import submit_answer
from practice.services.whiteboards import save_whiteboard
from practice.transitions import MOVES, may_move
from tests.practice.factories import NOW, give_verdict, make_session, make_set, question_ids
from tests.practice.test_submit_answer import ANSWER
from tests.threads import run_together

SCENE = {"elements": [{"id": "a", "type": "rectangle", "x": 0, "y": 0, "width": 9, "height": 9}]}


@pytest.fixture
def session(owner):
    """Two of three questions touched: one submitted twice and scored, one only drafted."""
    session = make_session(owner)
    first, second, _ = question_ids(session)
    where = {"user": owner, "session_id": session.pk, "now": NOW}
    save_draft(**where, question_id=first, answer_text="An idea", base_version=0)
    for text in ("Three copies in three racks, nothing else, short.", ANSWER):
        submission = submit_answer(**where, question_id=first, answer_text=text)
        give_verdict(submission.evaluation_id)
    save_draft(**where, question_id=second, answer_text="Only a draft", base_version=0)
    for version in range(2):
        scene = {**SCENE, "version": version}
        save_whiteboard(**where, scene=scene, base_version=version)
    return session


@pytest.fixture
def url(session):
    return f"/api/v1/practice-main/{session.pk}"


def complete(client, url):
    return client.patch(url, {"status": "completed"}, format="json")


def test_completing_answers_with_the_documented_fields(api, session, url):
    reply = complete(api, url)

    assert reply.status_code == 200
    body = reply.json()
    assert body["practice_main_id"] == session.pk
    assert body["status"] == "completed"
    assert body["completed_at"].endswith("Z")


def test_completing_twice_is_the_same_answer_twice(api, url):
    assert complete(api, url).json() == complete(api, url).json()


def test_everything_moves_to_history_with_the_same_ids(owner, session):
    before = {live: set(live.objects.values_list("pk", flat=True)) for live, _, _ in MOVED}

    complete_session(user=owner, session_id=session.pk, now=NOW)

    for live, past, _ in MOVED:
        assert not live.objects.exists()
        assert set(past.objects.values_list("pk", flat=True)) == before[live], past
        assert before[live], f"the fixture makes no {live}"
    assert PracticeMainHistory.objects.get().pk == session.pk


def test_no_model_that_hangs_on_a_session_is_forgotten():
    """Walk everything that points at a live session, directly or through another."""
    reached, frontier = set(), {PracticeMain}
    while frontier:
        model = frontier.pop()
        related = {
            relation.related_model
            for relation in model._meta.related_objects
            if relation.related_model is not model
        }
        frontier |= related - reached
        reached |= related

    assert reached == {live for live, _, _ in MOVED}
    moved = [(PracticeMain, PracticeMainHistory), *((live, past) for live, past, _ in MOVED)]
    for live, past in moved:
        names = {field.attname for field in live._meta.concrete_fields}
        assert names == {field.attname for field in past._meta.concrete_fields}, past


def test_every_table_with_a_history_twin_is_in_the_table_of_moves():
    models = {model.__name__ for model in apps.get_app_config("practice").get_models()}
    twins = {name for name in models if f"{name}History" in models}

    assert twins == {"PracticeMain", *(live.__name__ for live, _, _ in MOVED)}


@pytest.mark.parametrize("source", SessionStatus.values)
@pytest.mark.parametrize("target", SessionStatus.values)
def test_every_pair_of_states(source, target):
    assert may_move(source, target) == ((source, target) == ("practicing", "completed"))
    assert set(MOVES) == set(SessionStatus.values)


def test_gets_go_on_answering_and_changes_are_409(api, session, url):
    first = question_ids(session)[0]
    draft = f"{url}/questions/{first}/draft"
    paths = [
        draft,
        f"{draft}/revisions",
        f"{url}/whiteboard",
        f"{url}/questions/{first}/submissions",
    ]
    before = {path: api.get(path).json() for path in paths}
    progress = api.get(url).json()["progress"]

    complete(api, url)

    assert {path: api.get(path).json() for path in paths} == before
    assert api.get(url).json()["progress"] == progress
    assert api.get(url).json()["status"] == "completed"
    assert api.get(f"{url}/review").status_code == 200
    assert api.get(f"{url}/export?format=md").status_code == 200
    put = api.put(draft, {"answer_text": "x", "base_version": 9}, format="json")
    board = api.put(f"{url}/whiteboard", {"scene": {}, "base_version": 9}, format="json")
    post = api.post(paths[3], {"answer_text": "x"}, format="json")
    assert {put.status_code, board.status_code, post.status_code} == {409}


@pytest.mark.parametrize("status", ["practicing", "paused", "", None, 5, ["completed"]])
@pytest.mark.parametrize("done", [False, True])
def test_any_other_status_is_400(api, url, status, done):
    if done:
        complete(api, url)

    reply = api.patch(url, {"status": status}, format="json")

    assert reply.status_code == 400
    assert "status" in reply.json()["fields"]


def test_a_stranger_cannot_complete_or_review(api_for, stranger, url):
    assert complete(api_for(stranger), url).status_code == 404
    assert api_for(stranger).get(f"{url}/review").status_code == 404
    assert api_for(stranger).get(f"{url}/export").status_code == 404
    assert PracticeMain.objects.exists()


def test_the_session_is_found_as_completed_and_a_new_one_may_start(api, owner, session, url):
    complete(api, url)
    query = f"?user_id={owner.pk}&question_main_id={session.question_main_id}"

    assert api.get(f"/api/v1/practice-main{query}").status_code == 404
    found = api.get(f"/api/v1/practice-main{query}&status=completed")
    assert found.json()["practice_main_id"] == session.pk
    again = api.post(
        "/api/v1/practice-main", {"question_main_id": session.question_main_id}, format="json"
    )
    assert again.status_code == 201
    assert again.json()["practice_main_id"] != session.pk


def test_ids_are_never_given_out_again(owner, session):
    complete_session(user=owner, session_id=session.pk, now=NOW)

    other = make_session(owner)

    assert other.pk > session.pk
    assert not set(other.practices.values_list("pk", flat=True)) & set(
        PracticeHistory.objects.values_list("pk", flat=True)
    )


def test_review_before_completion_is_409(api, url):
    reply = api.get(f"{url}/review")

    assert (reply.status_code, reply.json()["code"]) == (409, "not_completed")


def test_the_review_holds_everything(api, session, url):
    complete(api, url)

    body = api.get(f"{url}/review").json()

    summary = body["summary"]
    assert (summary["questions"], summary["answered"], summary["tries"]) == (3, 1, 2)
    assert [q["order"] for q in summary["unanswered"]] == [2, 3]
    first, second, _ = body["questions"]
    assert [s["number"] for s in first["submissions"]] == [2, 1]
    assert first["submissions"][0]["evaluation"]["key_points"]
    assert first["submissions"][0]["evaluation"]["overall_score"] == first["score"]
    assert summary["average_score"] == first["score"]
    assert second["unsent_draft"] == "Only a draft"
    assert body["sample_writeup"].startswith("# The thing")
    assert first["sample_answer"]


def test_the_change_between_two_scored_tries_is_told(api, owner, session, url):
    first = question_ids(session)[0]
    submission = submit_answer(
        user=owner,
        session_id=session.pk,
        question_id=first,
        now=NOW,
        answer_text=ANSWER.replace(
            "A background process", "Nothing else is done at all, and no one"
        ),
    )
    give_verdict(submission.evaluation_id, overall=7.0, Replication="partial", Repair="met")
    complete(api, url)

    newest = api.get(f"{url}/review").json()["questions"][0]["submissions"][0]

    assert newest["change"]["since_number"] == 2
    assert (newest["change"]["gained"], newest["change"]["lost"]) == (["Repair"], ["Replication"])
    assert newest["change"]["scores"]["overall_score"] == 0.6
    assert newest["change"]["scores"]["framework_score"] is None


def test_samples_are_shown_only_after_completion(api, session, url):
    detail = f"/api/v1/question-mains/{session.question_main_id}"
    hidden = api.get(detail).json()
    assert hidden["sample_writeup"] is None
    assert [q["sample_answer"] for q in hidden["questions"]] == [None, None, None]

    complete(api, url)

    shown = api.get(detail).json()
    assert shown["sample_writeup"]
    assert all(q["sample_answer"] for q in shown["questions"])


@pytest.mark.parametrize(
    ("wanted", "kind"), [("md", "text/markdown"), ("json", "application/json")]
)
def test_exports_hold_the_answer_and_the_feedback(api, url, wanted, kind):
    complete(api, url)

    reply = api.get(f"{url}/export?format={wanted}", headers={"Accept": "text/csv"})

    assert reply.status_code == 200
    assert reply["Content-Type"].startswith(kind)
    assert "attachment" in reply["Content-Disposition"]
    text = reply.content.decode()
    assert "repairs it from the others" in text
    assert "Only a draft" in text
    assert "three copies" in text


def test_an_unknown_export_format_is_400(api, url):
    assert api.get(f"{url}/export?format=pdf").status_code == 400


def test_history_lists_completed_sessions_newest_first(api, owner, session, url):
    complete(api, url)
    other = make_session(owner)
    complete(api, f"/api/v1/practice-main/{other.pk}")

    body = api.get("/api/v1/practice-history").json()

    assert [row["practice_main_id"] for row in body["results"]] == [other.pk, session.pk]
    row = body["results"][1]
    assert (row["answered"], row["questions"], row["status"]) == (1, 3, "completed")
    assert row["average_score"] is not None
    assert body["results"][0]["average_score"] is None
    page = api.get("/api/v1/practice-history?page_size=1").json()
    assert page["next"]
    assert api.get(page["next"]).json()["results"][0]["practice_main_id"] == session.pk
    assert api.get("/api/v1/practice-history?page_size=0").status_code == 400
    only = api.get(f"/api/v1/practice-history?question_main_id={session.question_main_id}").json()
    assert len(only["results"]) == 1
    assert api.get("/api/v1/practice-history?search=nothing-like-it").json()["results"] == []


def test_the_wording_that_was_answered_stays(api, session, url):
    question = session.practices.first().question
    old = question.prompt
    question.prompt = "A new wording"
    question.save()
    complete(api, url)

    assert api.get(f"{url}/review").json()["questions"][0]["prompt"] == old


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_saves_racing_with_completion_lose_nothing(api_for, owner):
    session = make_session(owner)
    url = f"/api/v1/practice-main/{session.pk}"
    draft = f"{url}/questions/{question_ids(session)[0]}/draft"
    clients = [api_for(owner) for _ in range(8)]

    def save(n):
        body = {"answer_text": f"text {n}", "base_version": 0}
        return clients[n].put(draft, body, format="json")

    calls = [lambda n=n: save(n) for n in range(6)]
    calls += [lambda n=n: complete(clients[n], url) for n in (6, 7)]
    replies = run_together(calls)

    assert {r.status_code for r in replies[:6]} <= {200, 409}
    assert {r.status_code for r in replies[6:]} == {200}
    assert not Practice.objects.exists()
    kept = {r["answer_text"] for r in clients[0].get(f"{draft}/revisions").json()["results"]}
    assert kept | {clients[0].get(draft).json()["answer_text"]} >= {f"text {n}" for n in range(6)}


def test_submissions_move_with_their_evaluations(owner, session):
    before = dict(Submission.objects.values_list("pk", "evaluation_id"))

    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert dict(SubmissionHistory.objects.values_list("pk", "evaluation_id")) == before


def test_numbers_of_different_providers_are_never_mixed(api, owner, session, url):
    second = question_ids(session)[1]
    submission = submit_answer(
        user=owner, session_id=session.pk, question_id=second, answer_text=ANSWER, now=NOW
    )
    give_verdict(submission.evaluation_id, overall=9.0)
    Evaluation.objects.filter(pk=submission.evaluation_id).update(provider="claude")
    complete(api, url)

    summary = api.get(f"{url}/review").json()["summary"]

    assert (summary["scored"], summary["average_score"]) == (2, None)
    assert api.get("/api/v1/practice-history").json()["results"][0]["average_score"] is None


def test_the_trend_of_a_set_holds_one_provider(owner):
    row = make_set(1, title="Again")
    for n, provider in enumerate(["local", "claude", "local"]):
        at = NOW + timedelta(days=n)
        one, _ = start_session(user=owner, question_main_id=row.pk, now=at)
        submission = submit_answer(
            user=owner,
            session_id=one.pk,
            question_id=question_ids(one)[0],
            answer_text=ANSWER,
            now=at,
        )
        give_verdict(submission.evaluation_id, overall=5.0 + n)
        Evaluation.objects.filter(pk=submission.evaluation_id).update(provider=provider)
        complete_session(user=owner, session_id=one.pk, now=at)

    rows = history_rows(list(history_of(owner)), with_trend=True)

    assert [[point.average for point in r.trend] for r in rows] == [[5.0, 7.0], [6.0], [5.0]]
