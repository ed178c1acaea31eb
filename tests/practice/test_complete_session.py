"""Completion, history and review: practice-sessions.md §5.3, scenarios 3 and 13."""

from __future__ import annotations

import pytest
from django.apps import apps

from practice.models import (
    Practice,
    PracticeHistory,
    PracticeMain,
    PracticeMainHistory,
    SessionStatus,
    Submission,
    SubmissionHistory,
)
from practice.services.completion import MOVED, complete_session
from practice.transitions import MOVES, may_move
from tests.practice.factories import NOW, make_session, make_worked_session, question_ids
from tests.threads import run_together


@pytest.fixture
def session(owner):
    return make_worked_session(owner)


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


def test_every_table_with_a_history_table_is_in_the_table_of_moves():
    models = {model.__name__ for model in apps.get_app_config("practice").get_models()}
    pairs = {name for name in models if f"{name}History" in models}

    assert pairs == {"PracticeMain", *(live.__name__ for live, _, _ in MOVED)}


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
