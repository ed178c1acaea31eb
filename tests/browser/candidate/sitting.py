"""What the tests of a candidate's sitting do and look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from common import clock
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.rules import DEADLINE_GRACE

SAVED = "Everything is saved"
# Two hours fast: nothing on the page may go by it.
SKEWED_CLOCK = "const real = Date.now; Date.now = () => real() + 7200000;"


def wait_until_ready(page: Page) -> None:
    expect(page.locator("[data-room][data-ready=yes]")).to_be_attached()
    expect(page.locator(".cm-content")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def stored(candidate: Any) -> ProctoredSession:
    return ProctoredSession.objects.get(pk=candidate.pk)


def codes(candidate: Any) -> list[str]:
    return [value["code"] for value in stored(candidate).pending_answers.values()]


def seconds_shown(page: Page) -> int:
    shown = 0
    for part in page.locator("[data-timer-text]").inner_text().split(":"):
        shown = shown * 60 + int(part)
    return shown


def move_deadline(candidate: Any, *, seconds_left: float) -> None:
    deadline = clock.now() + timedelta(seconds=seconds_left)
    ProctoredSession.objects.filter(pk=candidate.pk).update(
        deadline=deadline, next_check_at=deadline + DEADLINE_GRACE
    )
    SessionBeat.objects.filter(pk=candidate.pk).update(deadline=deadline)


def start(page: Page, link: str) -> Page:
    page.goto(link)
    page.get_by_role("button", name="Start the test").click()
    wait_until_ready(page)
    return page


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)


def truly_left(candidate: Any) -> float:
    """Seconds, by the server."""
    return (stored(candidate).deadline - clock.now()).total_seconds()


def is_right(page: Page, candidate: Any, *, within: float = 2) -> bool:
    """The timer, read between two looks at the server's clock, agrees with it."""
    before = truly_left(candidate)
    shown = seconds_shown(page)
    return truly_left(candidate) - within <= shown <= before + within
