"""Saving that never loses a word: offline, a crash, two tabs, and a server that fails one save in
three (practice-sessions.md §7: 25, 26, 27)."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from common.clock import now
from practice.models import Practice
from tests.browser.conftest import watch
from tests.factories import UserFactory
from tests.practice.factories import make_session

pytestmark = pytest.mark.django_db(transaction=True)

DRAFTS = re.compile(r"/api/v1/practice-main/\d+/questions/\d+/draft$")
BOARD = re.compile(r"/api/v1/practice-main/\d+/whiteboard$")


@pytest.fixture
def learner():
    return UserFactory(plan="premium")


@pytest.fixture
def session(learner):
    return make_session(learner, now=now())


@pytest.fixture
def address(session):
    return f"/practice/sessions/{session.pk}/questions/1"


def opened(page: Page, address: str):
    page.goto(address)
    expect(page.locator(".workspace[data-ready]")).to_be_visible()
    return page.get_by_label("Your answer")


def state(page: Page):
    return page.locator("[data-save-state]")


def practice_of(session) -> Practice:
    return Practice.objects.get(session_id=session.pk, order=1)


def kept_texts(practice: Practice) -> set[str]:
    practice.refresh_from_db()
    return {practice.answer_text, *practice.revisions.values_list("answer_text", flat=True)}


def offline(route: Route) -> None:
    route.abort("internetdisconnected")


def test_words_typed_offline_survive_a_reload_and_arrive(page, sign_in, session, address):
    sign_in(page, session.user)
    answer = opened(page, address)
    page.route(DRAFTS, offline)
    answer.fill("Written on a train, in a tunnel.")
    expect(state(page)).to_contain_text("Offline: kept on this device")

    answer = opened(page, address)

    expect(answer).to_have_value("Written on a train, in a tunnel.")
    expect(page.get_by_text("what you had written on this device")).to_be_visible()
    back_online(page)
    expect(state(page)).to_have_text("Saved")
    assert practice_of(session).answer_text == "Written on a train, in a tunnel."


def test_words_typed_offline_arrive_from_another_page_too(page, sign_in, session, address):
    sign_in(page, session.user)
    answer = opened(page, address)
    page.route(DRAFTS, offline)
    answer.fill("Left behind, not lost.")
    expect(state(page)).to_contain_text("Offline")
    page.unroute(DRAFTS)

    page.goto("/history")

    for _ in range(40):
        if practice_of(session).answer_text:
            break
        page.wait_for_timeout(250)
    assert practice_of(session).answer_text == "Left behind, not lost."


def back_online(page: Page) -> None:
    """Press "Try now", unless the page was faster and tries by itself already."""
    page.unroute(DRAFTS)
    with contextlib.suppress(Error):
        page.get_by_role("button", name="Try now").click(timeout=1500)


def kill_renderers(context: BrowserContext) -> None:
    """SIGKILL the processes that draw the pages: no handler of the page gets to run."""
    processes = context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    for process in processes["processInfo"]:
        if process["type"] == "renderer":
            os.kill(process["id"], signal.SIGKILL)


def test_a_killed_page_resumes_with_the_last_autosave(context, page, sign_in, session, address):
    sign_in(page, session.user)
    answer = opened(page, address)
    answer.fill("On the server.")
    expect(state(page)).to_have_text("Saved")
    page.route(DRAFTS, offline)
    answer.fill("On the server. And this on the device only.")
    expect(state(page)).to_contain_text("Offline")
    with page.expect_event("crash"):
        kill_renderers(context)
    page.close()

    after = context.new_page()
    answer = opened(after, address)

    expect(answer).to_have_value("On the server. And this on the device only.")
    expect(state(after)).to_have_text("Saved")
    assert practice_of(session).answer_text == "On the server. And this on the device only."


def test_two_tabs_know_each_other_and_a_conflict_shows_both_texts(
    context, page, problems, sign_in, session, address
):
    sign_in(page, session.user)
    first = opened(page, address)
    other = context.new_page()
    watch(other, problems)
    second = opened(other, address)
    expect(page.get_by_text("also open in another tab")).to_be_visible()

    second.fill("From the second tab.")
    expect(state(other)).to_have_text("Saved")
    expect(first).to_have_value("From the second tab.")  # nothing of its own: it follows

    page.route(DRAFTS, offline)
    first.fill("From the first tab, while it was cut off.")
    expect(state(page)).to_contain_text("Offline")
    second.fill("From the second tab, newer.")
    expect(state(other)).to_have_text("Saved")
    back_online(page)

    dialog = page.get_by_role("dialog", name="Two versions of this text")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("newer")
    expect(dialog).to_contain_text("while it was cut off")
    dialog.get_by_role("button", name="Keep both").click()
    expect(first).to_have_value(re.compile("cut off.*newer", re.DOTALL))
    expect(state(page)).to_have_text("Saved")
    practice = practice_of(session)
    assert "cut off" in practice.answer_text and "newer" in practice.answer_text
    assert practice.revisions.filter(
        conflict=True, answer_text="From the second tab, newer."
    ).exists()
    page.goto(f"{address}/revisions")
    expect(page.get_by_text("Replaced from another tab")).to_be_visible()


def test_a_drawing_is_there_again_after_a_reload(page, sign_in, session, address):
    sign_in(page, session.user)
    opened(page, address)
    draw_a_box(page)
    expect(page.locator("[data-board-state]")).to_have_text("Saved", timeout=15_000)
    scene = board_scene(session)
    box = next(e for e in scene["elements"] if e["type"] == "rectangle")
    frame = next(e for e in scene["elements"] if e["id"] == box["frameId"])
    assert frame["name"] == "1. Question 1"

    opened(page, address)

    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)
    draw_a_box(page, shift=200)
    for _ in range(60):
        elements = board_scene(session)["elements"]
        if sum(e["type"] == "rectangle" for e in elements) == 2:
            break
        page.wait_for_timeout(250)
    kept = [e for e in elements if e["id"] == box["id"]]
    assert kept and (kept[0]["x"], kept[0]["width"]) == (box["x"], box["width"])


def test_without_the_board_the_words_still_work(page, sign_in, session, address):
    sign_in(page, session.user)
    page.route(BOARD, offline)
    answer = opened(page, address)

    expect(page.get_by_text("The board could not be loaded")).to_be_visible()
    answer.fill("Words only.")
    expect(state(page)).to_have_text("Saved")
    page.unroute(BOARD)
    page.get_by_role("button", name="Load the board again").click()
    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)


def draw_a_box(page: Page, shift: int = 0) -> None:
    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)
    box = page.locator(".excalidraw canvas.interactive").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x + 250, y + 100)
    page.keyboard.press("r")
    page.mouse.move(x - 40 + shift, y - 30)
    page.mouse.down()
    page.mouse.move(x + 60 + shift, y + 40, steps=6)
    page.mouse.up()


def board_scene(session) -> dict:
    from practice.models import Whiteboard

    return Whiteboard.objects.get(session_id=session.pk).scene


RUN = """
async ({url, name, edits, seed}) => {
  const { createSaver } = await import("/static/dist/saving.js");
  let random = seed;
  const next = () => ((random = (random * 1103515245 + 12345) % 2147483648) / 2147483648);
  let text = "";
  const shown = [];
  const saver = createSaver({
    key: `draft:fault:${seed}`, url, baseVersion: 0, savedValue: "", delay: 8, jitter: 8, longest: 60,
    firstWait: 15, keepEvery: 4,
    readValue: () => text,
    writeValue: (value) => { text = value; },
    onState: ({ state, at }) => state === "saved" && at && shown.push(text),
    onSaved: (answer, value) => shown.push(value),
  });
  await saver.ready;
  for (let n = 1; n <= edits; n += 1) {
    const at = Math.floor(next() * (text.length + 1));
    text = next() < 0.8 ? `${text.slice(0, at)} ${name}${n} ${text.slice(at)}`.slice(-400) : text.slice(0, at);
    saver.changed();
    await new Promise((done) => setTimeout(done, next() * 70));
  }
  const before = Date.now();
  while (saver.pending && Date.now() - before < 40000) {
    await saver.flush();
    await new Promise((done) => setTimeout(done, 30));
  }
  return { shown, text, pending: saver.pending };
}
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_nothing_shown_as_saved_is_ever_lost(context, page, problems, sign_in, session, seed):
    """One save in three is dropped, loses its answer, is late, comes twice or meets a 500; 200
    edits in two tabs."""
    sign_in(page, session.user)
    page.goto("/practice")
    other = context.new_page()
    other.goto("/practice")
    dice = random.Random(seed)
    faults = dict.fromkeys(("drop", "deaf", "late", "twice", "broken"), 0)

    def unreliable(route: Route) -> None:
        if dice.random() >= 1 / 3:
            route.continue_()
            return
        fault = dice.choice(list(faults))
        faults[fault] += 1
        if fault == "drop":
            route.abort()
        elif fault == "deaf":  # the server has it, the page never hears so
            route.fetch()
            route.abort()
        elif fault == "late":
            page.wait_for_timeout(60)
            route.continue_()
        elif fault == "twice":
            route.fetch()
            route.continue_()
        else:
            route.fulfill(
                status=500, json={"error": "Broken.", "code": "server_error", "fields": {}}
            )

    context.route(DRAFTS, unreliable)
    practice = practice_of(session)
    url = f"/api/v1/practice-main/{session.pk}/questions/{practice.question_id}/draft"
    start = f"(what) => {{ window.run = ({RUN})(what); }}"
    other.evaluate(start, {"url": url, "name": "b", "edits": 100, "seed": seed})
    first = page.evaluate(RUN, {"url": url, "name": "a", "edits": 100, "seed": seed + 100})
    second = other.evaluate("() => window.run")

    kept = kept_texts(practice)
    for tab in (first, second):
        assert not tab["pending"]
        assert tab["text"] in kept
        lost = [text for text in tab["shown"] if text and text not in kept]
        assert not lost, f"{len(lost)} texts that were shown as saved are gone: {lost[:2]}"
    assert sum(faults.values()) >= 8, faults
    assert len(set(first["shown"]) | set(second["shown"])) > 15
    problems.clear()  # the faults were ours
