"""A browser that is killed: the next one from the same profile goes on with the last autosave
(practice-sessions.md §7: 26)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from common.clock import now
from tests.browser import chromium
from tests.browser.waiting import wait_for
from tests.browser.workspace import (
    board_ready,
    board_scene,
    board_state,
    boxes_of,
    draw_a_box,
    opened,
    practice_of,
    state,
)
from tests.practice.factories import address_of, make_session

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[], tuple[subprocess.Popen[bytes], BrowserContext]]


@pytest.fixture
def start(playwright: Playwright, tmp_path: Path) -> Iterator[Start]:
    """`start()`: a browser process of our own on a profile that outlives it."""
    profile = tmp_path / "profile"
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[subprocess.Popen[bytes], BrowserContext]:
        (profile / "DevToolsActivePort").unlink(missing_ok=True)
        command = [
            str(chromium.find()),
            *chromium.ARGUMENTS,
            "--headless=new",
            f"--user-data-dir={profile}",
            "--remote-debugging-port=0",
            "--window-size=1440,900",
            "about:blank",
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(process)
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{_port(profile)}")
        return process, browser.contexts[0]

    yield start
    for process in started:
        process.kill()
        process.wait()


def _port(profile: Path) -> int:
    """Chromium writes its port there once it listens."""
    for _ in range(300):
        try:
            return int((profile / "DevToolsActivePort").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError):
            time.sleep(0.1)
    raise AssertionError("The browser did not start.")


def on_the_device(page: Page) -> list[str]:
    """Every text and scene that the page has put into IndexedDB for later."""
    return page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open("etude-saving").onsuccess = ({target}) => {
                const all = target.result.transaction("queue").objectStore("queue").getAll();
                all.onsuccess = () => {
                    target.result.close();
                    done(all.result.map(({value}) => JSON.stringify(value)));
                };
            };
        })"""
    )


def test_a_killed_browser_resumes_with_the_last_autosave(start, sign_in, base_url):
    session = make_session(now=now())
    address = base_url + address_of(session)
    process, context = start()
    page = context.pages[0]
    sign_in(page, session.user)
    answer = opened(page, address)
    draw_a_box(page)
    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    answer.fill("On the server.")
    expect(state(page)).to_have_text("Saved")
    context.set_offline(True)
    answer.fill("On the server. And this on the device only.")
    expect(state(page)).to_contain_text("Offline: kept on this device")
    draw_a_box(page, shift=200)
    expect(board_state(page)).to_contain_text("Offline")
    answer.press_sequentially(" Typed last.")
    wait_for(lambda: any("Typed last." in text for text in on_the_device(page)), page)
    process.kill()
    process.wait()
    assert practice_of(session).answer_text == "On the server."
    assert len(boxes_of(board_scene(session))) == 1

    _, context = start()
    page = context.pages[0]
    sign_in(page, session.user)
    answer = opened(page, address)

    words = "On the server. And this on the device only. Typed last."
    expect(answer).to_have_value(words)
    expect(page.get_by_text("what you had written on this device")).to_be_visible()
    expect(state(page)).to_have_text("Saved")
    assert practice_of(session).answer_text == words
    board_ready(page)
    expect(board_state(page)).to_have_text("Saved", timeout=15_000)
    assert len(boxes_of(board_scene(session))) == 2
