"""Handing in: numbered tries, an evaluation each, the text becomes the draft (scenario 23)."""

from __future__ import annotations

import pytest

from evaluation.models import Evaluation
from practice.models import Submission
from practice.services.completion import complete_session
from practice.services.whiteboards import save_whiteboard
from tests.practice.factories import ANSWER, NOW, question_ids


@pytest.fixture
def base(session):
    return f"/api/v1/practice-main/{session.pk}/questions/{question_ids(session)[0]}"


def post(client, base, text=ANSWER, **kwargs):
    return client.post(f"{base}/submissions", {"answer_text": text}, format="json", **kwargs)


def test_a_submission_has_a_number_and_asks_for_an_evaluation(api, owner, base):
    reply = post(api, base)

    assert reply.status_code == 201
    body = reply.json()
    assert body["number"] == 1
    assert body["submission_id"] == Submission.objects.get().pk
    assert set(body["evaluation"]) >= {"evaluation_id", "status"}
    evaluation = Evaluation.objects.get(pk=body["evaluation"]["evaluation_id"])
    assert body["evaluation"]["status"] == "queued"
    assert (evaluation.owner, evaluation.kind) == (owner, "practice_submission")
    assert evaluation.input["answer"] == ANSWER
    assert evaluation.input["rubric"]["key_points"][0]["title"] == "Replication"


def test_the_text_becomes_the_draft_and_the_replaced_one_is_kept(api, base):
    api.put(f"{base}/draft", {"answer_text": "An idea", "base_version": 0}, format="json")

    post(api, base)

    assert api.get(f"{base}/draft").json()["answer_text"] == ANSWER
    revisions = api.get(f"{base}/draft/revisions").json()["results"]
    assert [(r["answer_text"], r["conflict"]) for r in revisions] == [("An idea", False)]


def test_the_same_text_again_without_a_key_is_a_new_submission(api, base):
    numbers = [post(api, base).json()["number"] for _ in range(3)]

    assert numbers == [1, 2, 3]
    listed = api.get(f"{base}/submissions").json()
    assert [row["number"] for row in listed["results"]] == [3, 2, 1]
    assert listed["next"] is None


def test_with_a_key_it_is_the_first_submission_again(api, base):
    replies = [post(api, base, headers={"Idempotency-Key": "try"}) for _ in range(2)]

    assert replies[0].json() == replies[1].json()
    assert Submission.objects.count() == Evaluation.objects.count() == 1


def test_another_body_under_the_same_key_is_422(api, base):
    post(api, base, headers={"Idempotency-Key": "try"})

    assert post(api, base, "Other words", headers={"Idempotency-Key": "try"}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer_text": ""},
        {"answer_text": " \n"},
        {"answer_text": 3},
        {"answer_text": "x" * 50_001},
    ],
)
def test_a_bad_submission_is_400_and_asks_for_nothing(api, base, body):
    reply = api.post(f"{base}/submissions", body, format="json")

    assert reply.status_code == 400
    assert "answer_text" in reply.json()["fields"]
    assert not Evaluation.objects.exists()
    assert api.get(f"{base}/draft").json()["version"] == 0


def test_a_stranger_gets_404(api_for, stranger, base):
    assert post(api_for(stranger), base).status_code == 404
    assert api_for(stranger).get(f"{base}/submissions").status_code == 404


def test_after_completion_it_is_409_and_the_text_is_kept(api, owner, session, base):
    complete_session(user=owner, session_id=session.pk, now=NOW)

    assert post(api, base, "Written too late").status_code == 409
    assert not Submission.objects.exists()
    kept = api.get(f"{base}/draft/revisions").json()["results"]
    assert [r["answer_text"] for r in kept] == ["Written too late"]


def test_over_the_daily_limit_it_is_429_and_the_text_is_kept_as_the_draft(api, base, settings):
    settings.DAILY_LIMITS = {
        **settings.DAILY_LIMITS,
        "free": {"practice_start": 3, "evaluation": 1},
    }
    post(api, base)

    reply = post(api, base, "A better answer")

    assert reply.status_code == 429
    assert (reply.json()["limit"], reply.json()["used"]) == (1, 1)
    assert Submission.objects.count() == 1
    assert api.get(f"{base}/draft").json()["answer_text"] == "A better answer"


def test_the_board_is_read_and_stored_with_the_submission(api, owner, session, base):
    elements = [
        {
            "id": "f1",
            "type": "frame",
            "name": "1. First",
            "x": 0,
            "y": 0,
            "width": 800,
            "height": 600,
        },
        {
            "id": "a",
            "type": "rectangle",
            "x": 10,
            "y": 10,
            "width": 90,
            "height": 50,
            "frameId": "f1",
        },
        {
            "id": "t",
            "type": "text",
            "containerId": "a",
            "text": "API",
            "x": 20,
            "y": 20,
            "frameId": "f1",
        },
        {
            "id": "f2",
            "type": "frame",
            "name": "2. Second",
            "x": 900,
            "y": 0,
            "width": 800,
            "height": 600,
        },
        {
            "id": "b",
            "type": "ellipse",
            "x": 950,
            "y": 10,
            "width": 90,
            "height": 50,
            "frameId": "f2",
        },
    ]
    save_whiteboard(
        user=owner, session_id=session.pk, scene={"elements": elements}, base_version=0, now=NOW
    )

    body = post(api, base).json()

    assert body["diagram"]["boxes"] == ["API"]
    submission = Submission.objects.get()
    assert [e["id"] for e in submission.board["elements"]] == ["a", "t"]
    assert Evaluation.objects.get().input["diagram"]["boxes"] == ["API"]


def test_the_verdict_is_shown_by_progress_and_list(api, session, base):
    from evaluation.services.running import run_evaluation

    evaluation_id = post(api, base).json()["evaluation"]["evaluation_id"]
    assert api.get(f"/api/v1/practice-main/{session.pk}").json()["progress"][0]["score"] is None

    run_evaluation(evaluation_id=evaluation_id)

    score = Evaluation.objects.get().overall_score
    assert score is not None
    assert api.get(f"/api/v1/practice-main/{session.pk}").json()["progress"][0]["score"] == score
    listed = api.get(f"{base}/submissions").json()["results"][0]
    assert (listed["evaluation"]["status"], listed["evaluation"]["overall_score"]) == (
        "succeeded",
        score,
    )
