"""Waiting for a condition, never for a time: what the server knows, and what a page has drawn."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.signals import request_finished, request_started
from playwright.sync_api import Error, Page

# Colors that are still fading over have no contrast to speak of; endless animations are left out.
FADED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ending = document.getAnimations().filter(
    (animation) => animation.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map((animation) => animation.finished));
}"""


def wait_for(
    condition: Callable[[], object], page: Page | None = None, *, seconds: float = 15
) -> None:
    """The database changes behind the page's back: ask until it has. An open page is let go on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not happen."
        page.wait_for_timeout(100) if page else time.sleep(0.1)


def drawn(page: Page) -> None:
    """Loaded, and nothing fades or moves any more."""
    page.wait_for_load_state()
    page.evaluate(FADED)


MUTE = """() => {
  navigator.sendBeacon = () => true;
  window.fetch = () => new Promise(() => {});
  XMLHttpRequest.prototype.send = () => {};
}"""
# Threads of the live server that answer a request now.
at_work: set[int] = set()


def _begins(**_: Any) -> None:
    at_work.add(threading.get_ident())


def _ends(**_: Any) -> None:
    at_work.discard(threading.get_ident())


request_started.connect(_begins)
request_finished.connect(_ends)


def silence(page: Page) -> None:
    """No page of the browser sends anything more, not even its beacon when it is closed, and what
    was sent is answered: a request amid the emptying of the database would deadlock with it."""
    assert page.context.browser
    for context in page.context.browser.contexts:
        for one in context.pages:
            with contextlib.suppress(Error):  # closed, or on its way to another page
                one.evaluate(MUTE)
    wait_for(lambda: not at_work)
