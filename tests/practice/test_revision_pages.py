"""Earlier versions as pages: every replaced text and board can be found, seen and brought back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from practice.models import WhiteboardRevision, WhiteboardRevisionHistory
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.whiteboards import save_whiteboard
from tests.practice.factories import BOARD, NOW, question_ids

TEXTS = 46


@pytest.fixture
def url(session):
    return f"/practice/sessions/{session.pk}/questions/1/revisions"


def write_many(session) -> None:
    for number in range(TEXTS):
        save_draft(
            user=session.user,
            session_id=session.pk,
            question_id=question_ids(session)[0],
            answer_text=f"words-{number:03} of an answer",
            base_version=number,
            now=NOW + timedelta(seconds=number),
        )


def draw(session, *, base: int, mark: str) -> None:
    scene = {"elements": [{**BOARD["elements"][0], "id": mark}, *BOARD["elements"][1:]]}
    where = {"user": session.user, "session_id": session.pk}
    save_whiteboard(**where, scene=scene, base_version=base, now=NOW)


def test_every_replaced_text_is_on_one_of_the_pages(page, session, url):
    write_many(session)

    bodies = [page.get(f"{url}?page={number}").content.decode() for number in (1, 2, 3)]

    assert "Page 1 of 3" in bodies[0] and "?page=2" in bodies[0]
    for number in range(TEXTS - 1):
        assert sum(f"words-{number:03}" in body for body in bodies) == 1
    assert f"words-{TEXTS - 1:03}" not in "".join(bodies)  # the draft itself


def test_a_replaced_board_is_listed_shown_and_brought_back(page, session, url):
    for base, mark in enumerate("ab"):
        draw(session, base=base, mark=mark)
    revision = WhiteboardRevision.objects.get()

    listed = page.get(url).content.decode()
    address = f"/practice/sessions/{session.pk}/questions/1/board-revisions/{revision.pk}"
    shown = page.get(address).content.decode()
    back = page.post(f"{address}/restore")

    assert address in listed
    assert '<svg class="board-svg"' in shown and "API &lt;b&gt;" in shown
    assert back["Location"] == f"/practice/sessions/{session.pk}/questions/1"
    session.board.refresh_from_db()
    assert session.board.scene["elements"][0]["id"] == "a"


def test_pages_of_texts_and_boards_turn_apart(page, session, url):
    write_many(session)
    for base in range(22):
        draw(session, base=base, mark=f"board-{base}")

    body = page.get(f"{url}?page=2&boards=1").content.decode()

    assert "Page 2 of 3" in body and "Page 1 of 2" in body
    assert "?page=2&amp;boards=2" in body and "?page=3&amp;boards=1" in body


def test_after_completion_all_can_be_seen_but_not_brought_back(page, session, url):
    write_many(session)
    for base, mark in enumerate("ab"):
        draw(session, base=base, mark=mark)
    complete_session(user=session.user, session_id=session.pk, now=NOW)

    body = page.get(url).content.decode()

    assert "words-044" in body and "Bring this text back" not in body
    revision = WhiteboardRevisionHistory.objects.get()
    address = f"/practice/sessions/{session.pk}/questions/1/board-revisions/{revision.pk}"
    shown = page.get(address).content.decode()
    assert "board-svg" in shown and "Bring this board back" not in shown
    review = page.get(f"/practice/sessions/{session.pk}/review/questions/1").content.decode()
    assert "words-044" in review and url in review


def test_a_strangers_board_is_not_there(client, stranger, session):
    for base, mark in enumerate("ab"):
        draw(session, base=base, mark=mark)
    revision = WhiteboardRevision.objects.get()
    client.force_login(stranger)
    root = f"/practice/sessions/{session.pk}/questions/1/board-revisions"

    assert client.get(f"{root}/{revision.pk}").status_code == 404
    client.force_login(session.user)
    assert client.get(f"{root}/{uuid.uuid4()}").status_code == 404


def test_without_any_the_page_says_what_will_be_there(page, url):
    assert "No earlier version yet" in page.get(url).content.decode()
