"""The workspace is light: everything it loads before the board is under 100 kB on the wire, fonts
and icons counted, and the words can be written and saved while the board is still on its way."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from common.clock import now
from practice.services.submissions import submit_answer
from tests.browser.conftest import ROOT
from tests.browser.workspace import board_ready, opened, state
from tests.practice.factories import ANSWER, address_of, give_verdict, make_session

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 100_000
DIST = ROOT / "frontend" / "dist"


def on_the_wire(response: Response) -> int:
    """Bytes of the body as sent. The test server sends files as they are; WhiteNoise sends what
    the build compressed beside them, so its gzip counts."""
    path = urlsplit(response.url).path
    if not path.startswith("/static/dist/"):
        return response.request.sizes()["responseBodySize"]
    file = DIST / path.removeprefix("/static/dist/")
    packed = Path(f"{file}.gz")
    return (packed if packed.exists() else file).stat().st_size


@pytest.fixture
def session():
    """With a scored answer: the heaviest the page gets in ordinary use."""
    session = make_session(now=now())
    first = session.practices.get(order=1)
    tried = submit_answer(
        user=session.user,
        session_id=session.pk,
        question_id=first.question_id,
        answer_text=ANSWER * 6,
        now=now(),
    )
    give_verdict(tried.evaluation_id, overall=7.0)
    return session


def test_without_the_board_it_stays_under_the_limit(page: Page, sign_in, session):
    sign_in(page, session.user)
    loaded: list[Response] = []
    held = []
    page.on("response", lambda response: loaded.append(response))
    page.route("**/chunks/board-*.js", lambda route: held.append(route))

    answer = opened(page, address_of(session))
    answer.fill("Usable before the board is there.")
    expect(state(page)).to_have_text("Saved")  # while the board's script is held back
    expect(page.locator("[data-whiteboard][data-ready]")).to_have_count(0)

    html = next(r for r in loaded if r.request.resource_type == "document")
    assert html.headers["content-encoding"] == "gzip"
    ours = [r for r in loaded if "/api/" not in r.url and "whiteboard" not in r.url]
    parts = {urlsplit(r.url).path: on_the_wire(r) for r in ours}
    assert len(parts) > 8
    assert sum(parts.values()) < LIMIT, parts
    for route in held:
        route.continue_()
    board_ready(page)


def test_the_board_is_asked_for_after_the_words_can_be_written(page: Page, sign_in, session):
    sign_in(page, session.user)
    order = []
    page.on("request", lambda request: order.append(urlsplit(request.url).path))
    page.add_init_script(
        "new MutationObserver(() => document.querySelector('.workspace[data-ready]') &&"
        " performance.mark('usable')).observe(document, {subtree: true, attributes: true});"
    )

    opened(page, address_of(session))
    board_ready(page)

    usable, board = page.evaluate(
        "[performance.getEntriesByName('usable')[0].startTime,"
        " performance.getEntriesByType('resource').find(e => /chunks.board-/.test(e.name)).startTime]"
    )
    assert usable < board
    assert any("/chunks/board-" in path for path in order)
