"""Which tests stand on the live board, and what a candidate's room shows at a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.selectors.board import live_board
from sessions_app.proctoring.selectors.candidate_page import candidate_page_of
from tests.proctoring.factories import SessionFactory

pytestmark = pytest.mark.django_db


def test_a_test_that_was_left_stays_on_the_board_for_half_an_hour():
    now = clock.now()
    recent, old = SessionFactory(left=True), SessionFactory(left=True)
    for session, minutes in ((recent, 29), (old, 30.5)):
        at = now - timedelta(minutes=minutes)
        ProctoredSession.objects.filter(pk=session.pk).update(updated_at=at)

    board = live_board(now=now)

    assert [row.session.pk for row in board.rows] == [recent.pk]
    assert (board.rows[0].state, board.left, board.live) == ("left", 1, 0)


@pytest.mark.parametrize(("past", "stage"), [(-1, "running"), (1, "after")])
def test_a_test_that_was_left_can_be_resumed_until_its_deadline(past, stage):
    session = SessionFactory(left=True)

    page = candidate_page_of(session.candidate, now=session.deadline + timedelta(seconds=past))

    assert page.stage == stage


def test_before_its_start_a_test_has_no_answers(candidate):
    page = candidate_page_of(candidate, now=clock.now())

    assert (page.stage, page.data["answers"], page.data["deadline"]) == ("before", {}, None)
