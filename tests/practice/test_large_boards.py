"""The largest boards: saved, handed in, reviewed, without anybody waiting for them."""

from __future__ import annotations

import pytest
from django.db import connection

from practice import scene_reader
from practice.models import Submission, Whiteboard
from practice.scene_reader import MOST_ELEMENTS, MOST_REMARKS
from practice.selectors import boards
from practice.services.completion import complete_session
from practice.services.whiteboards import save_whiteboard
from tests.counting import calls_of
from tests.practice.big_scenes import plain, realistic, tiny_frames
from tests.practice.factories import ANSWER, NOW, question_ids


@pytest.fixture
def base(session):
    return f"/api/v1/practice-main/{session.pk}"


def draw(owner, session, elements):
    scene = {"elements": elements}
    save_whiteboard(user=owner, session_id=session.pk, scene=scene, base_version=0, now=NOW)


def hand_in(api, base, question, **headers):
    url = f"{base}/questions/{question}/submissions"
    return api.post(url, {"answer_text": ANSWER}, format="json", **headers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
def test_a_board_is_read_outside_any_transaction(api, owner, session, base, monkeypatch, headers):
    draw(owner, session, plain(30))
    seen = []

    def read(elements):
        seen.append(connection.in_atomic_block)
        return scene_reader.read_elements(elements)

    monkeypatch.setattr(boards, "read_elements", read)

    assert hand_in(api, base, question_ids(session)[0], **headers).status_code == 201
    assert seen == [False]
    assert Submission.objects.get().diagram["boxes"][0] == "Service 0"


def test_the_same_board_is_read_once(api, owner, session, base, monkeypatch):
    draw(owner, session, plain(30))
    question = question_ids(session)[0]
    hand_in(api, base, question)
    monkeypatch.setattr(boards, "read_elements", None)

    assert hand_in(api, base, question).status_code == 201

    first, second = Submission.objects.order_by("number")
    assert (second.board_hash, second.diagram) == (first.board_hash, first.diagram)
    assert len(first.board_hash) == 64
    assert second.evaluation.input["diagram"]["boxes"][0] == "Service 0"


@pytest.mark.parametrize("layout, size", [(tiny_frames, 2000), (plain, 7200), (realistic, 2700)])
def test_boards_that_held_up_the_house(api, page, owner, session, base, layout, size):
    """38 s, 59 s and 7 s inside the transaction, and 7 s for the review page."""
    draw(owner, session, layout(size))
    question = question_ids(session)[1]  # the second, whose frame the board has
    review = f"/practice/sessions/{session.pk}/review"

    work = calls_of(lambda: hand_in(api, base, question))
    complete_session(user=owner, session_id=session.pk, now=NOW)
    assert page.get(review).status_code == 200  # its templates are compiled now
    shown = calls_of(lambda: page.get(review))

    assert Submission.objects.count() == 0  # it moved to history
    assert work < size * 1500
    assert shown < size * 300 + 100_000


def test_too_many_elements_are_413_and_nothing_is_stored(api, session, base):
    scene = {"elements": [{"id": "a"}] * (MOST_ELEMENTS + 1)}

    reply = api.put(f"{base}/whiteboard", {"scene": scene, "base_version": 0}, format="json")

    assert reply.status_code == 413
    assert not Whiteboard.objects.exists()


def test_a_scene_nested_too_deep_is_400(api, session, base):
    deep = {"id": "a"}
    for _ in range(100):
        deep = {"customData": deep}
    scene = {"elements": [deep]}

    reply = api.put(f"{base}/whiteboard", {"scene": scene, "base_version": 0}, format="json")

    assert reply.status_code == 400
    assert not Whiteboard.objects.exists()


def test_remarks_are_bounded(owner, session):
    draw(owner, session, [e for e in plain(3000) if e["type"] == "arrow"])
    first = question_ids(session)[0]

    drawing = boards.drawing_for(owner, session_id=session.pk, question_id=first)

    assert len(drawing.text["remarks"]) <= MOST_REMARKS + 1
