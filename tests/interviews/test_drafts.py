"""Drafts in the room: the last save wins, nothing that was saved is lost."""

from __future__ import annotations

import pytest

from tests.interviews.factories import ANSWER, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(api, owner, question):
    session = SessionFactory(user=owner)
    return f"/api/sessions/{session.pk}/questions/{question.pk}/draft"


def save(api, draft, text, base):
    reply = api.put(draft, {"answer_text": text, "base_version": base})
    assert reply.status_code == 200, reply.content
    return reply.json()


def test_before_the_first_save_it_is_empty_with_version_0(api, draft):
    assert api.get(draft).json() == {"answer_text": "", "version": 0, "saved_at": None}


def test_a_stale_save_wins_says_so_and_keeps_the_other_text(api, draft):
    assert save(api, draft, "mine", 0)["version"] == 1
    other = save(api, draft, "theirs", 0)

    assert (other["version"], other["conflict"]) == (2, True)
    assert api.get(draft).json()["answer_text"] == "theirs"
    kept = api.get(f"{draft}/revisions").json()["results"]
    assert [(row["answer_text"], row["version"], row["conflict"]) for row in kept] == [
        ("mine", 1, True)
    ]


def test_after_a_restore_the_base_of_the_page_is_no_conflict_and_beats_tell_it(
    api, draft, question
):
    save(api, draft, "before the backup", 0)
    beat = draft.split("/questions")[0] + "/beat"
    asked = {"question_id": question.pk}
    assert api.post(beat, asked).json()["draft_version"] == 1

    again = save(api, draft, "saved since", 6)

    assert (again["version"], again["conflict"]) == (7, False)
    assert api.post(beat, asked).json()["draft_version"] == 7
    assert api.post(beat, {"question_id": 2**62}).json()["draft_version"] == 0
    assert api.post(beat).json()["draft_version"] is None


def test_an_equal_text_is_neither_a_version_nor_a_conflict(api, draft):
    first = save(api, draft, "mine", 0)

    assert save(api, draft, "mine", 0) == first | {"conflict": False}
    assert api.get(f"{draft}/revisions").json()["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"answer_text": "x"},
        {"base_version": 0},
        {"answer_text": "x" * 50_001, "base_version": 0},
        {"answer_text": "x", "base_version": -1},
        {"answer_text": "x", "base_version": "0"},
        {"answer_text": 1, "base_version": 0},
        [],
    ],
)
def test_a_bad_save_is_400_and_changes_nothing(api, draft, body):
    assert api.put(draft, body).status_code == 400
    assert api.get(draft).json()["version"] == 0


def test_an_answer_becomes_the_draft_and_keeps_what_it_replaced(api, draft, question):
    save(api, draft, "An earlier thought", 0)
    path = draft.split("/questions/")[0]
    api.post(f"{path}/attempts", {"question_id": question.pk, "answer_text": ANSWER})

    assert api.get(draft).json()["answer_text"] == ANSWER
    kept = api.get(f"{draft}/revisions").json()["results"]
    assert [row["answer_text"] for row in kept] == ["An earlier thought"]


def test_a_save_after_the_end_is_409_and_its_text_is_kept(api, draft):
    save(api, draft, "in time", 0)
    api.post(f"{draft.split('/questions/')[0]}/end")

    reply = api.put(draft, {"answer_text": "too late", "base_version": 1})

    assert reply.status_code == 409
    assert api.get(draft).json()["answer_text"] == "in time"
    kept = api.get(f"{draft}/revisions").json()["results"]
    assert [(row["answer_text"], row["late"]) for row in kept] == [("too late", True)]


@pytest.mark.parametrize("bad", ["0", "x", "99999999", str(2**80), "-1"])
def test_an_unknown_question_is_404(api, draft, bad):
    path = draft.split("/questions/")[0]

    assert api.get(f"{path}/questions/{bad}/draft").status_code == 404
