"""Practice for everyone: axe on every page, in both themes, on a wide and a narrow screen."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from common.clock import now
from evaluation.models import Evaluation
from practice.models import WhiteboardRevision
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.submissions import submit_answer
from practice.services.whiteboards import save_whiteboard
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.workspace import board_ready, check_workspace, draw_a_box, opened
from tests.factories import UserFactory
from tests.practice.factories import BOARD, give_verdict, make_session, make_set

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [
    pytest.param(size, scheme, id=f"{size['width']}-{scheme}")
    for size in (DESKTOP, PHONE)
    for scheme in ("light", "dark")
]


@pytest.fixture
def learner():
    return UserFactory(plan="premium")


def practiced(learner) -> SimpleNamespace:
    """A session with two scored tries, one withheld, one empty question, and replaced versions."""
    session = make_session(learner, questions=3, now=now())
    first, second, _ = session.practices.order_by("order")
    where = {"user": learner, "session_id": session.pk}
    for base in (0, 1):
        scene = {"elements": [{**BOARD["elements"][0], "id": f"v{base}"}, *BOARD["elements"][1:]]}
        save_whiteboard(**where, scene=scene, base_version=base, now=now())
    for number, text in enumerate(["An older text. " * 20, "A newer text. " * 20]):
        at = {**where, "question_id": first.question_id, "answer_text": text}
        save_draft(**at, base_version=number, now=now())
        tried = submit_answer(**at, now=now())
        give_verdict(tried.evaluation_id, overall=5.0 + number)
    tried = submit_answer(
        **where, question_id=second.question_id, answer_text="the the the " * 20, now=now()
    )
    Evaluation.objects.filter(pk=tried.evaluation_id).update(
        status="withheld", withheld_reason="too_little_to_score"
    )
    root = f"/practice/sessions/{session.pk}"
    return SimpleNamespace(session=session, root=root, slug=session.question_main.slug)


def prepare(page: Page, size, scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


@pytest.mark.parametrize(("size", "scheme"), SCREENS)
def test_pages_of_a_session_under_way(page, sign_in, check_axe, learner, size, scheme):
    make_set(title="Not started yet")
    work = practiced(learner)
    board = WhiteboardRevision.objects.get()
    sign_in(page, learner)
    prepare(page, size, scheme)

    for order in (1, 2, 3):
        opened(page, f"{work.root}/questions/{order}")
        if size == DESKTOP:
            board_ready(page)
        check_workspace(page)
    page.get_by_label("Question 3 of 3, show all").click()
    check_workspace(page)
    for path in (
        "/dashboard",
        "/practice",
        "/practice?kind=interview",
        "/practice?search=nothing-like-it",
        f"/practice/{work.slug}",
        f"{work.root}/questions/1/revisions",
        f"{work.root}/questions/2/revisions",
        f"{work.root}/questions/1/board-revisions/{board.pk}",
        "/history",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        check_axe(page)


@pytest.mark.parametrize(("size", "scheme"), SCREENS)
def test_pages_of_a_finished_session(page, sign_in, check_axe, learner, size, scheme):
    work = practiced(learner)
    complete_session(user=learner, session_id=work.session.pk, now=now())
    sign_in(page, learner)
    prepare(page, size, scheme)

    for path in (
        "/dashboard",
        "/history",
        "/history?search=nothing-like-it",
        f"/practice/{work.slug}",
        f"{work.root}/review#question-1",
        f"{work.root}/review/questions/1",
        f"{work.root}/review/questions/3",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        check_axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_on_a_phone_and_its_tools(page, sign_in, check_axe, learner, scheme):
    session = make_session(learner, now=now())
    sign_in(page, learner)
    prepare(page, PHONE, scheme)
    opened(page, f"/practice/sessions/{session.pk}/questions/1")
    page.get_by_role("tab", name="Board").click()
    board_ready(page)
    draw_a_box(page)

    check_axe(page)
