"""Fixtures of the browser tests; pytest-playwright gives `page` and `context`.

- `page` opens pages of `live_server` (relative addresses work), never reaches another host, and
  fails the test on a script error or a breach of the content security policy.
- `sign_in(page, user)` signs in without the form; the form itself has its own test.
- `worker` runs a real Celery worker on all queues for the length of one test: what the page
  waits for (feedback, runs of code) comes by itself, through the broker.
- `check_axe(page)` fails on violations of WCAG 2 A and AA.
- `looks_good(page)` does that narrow and dark, wide and light, and looks for what is too wide.
- `session` and `address`: a practice session under way.
- `shots(page, "name")` saves the page at 1440 and 390 px, light and dark, to test-results/shots, when
  the environment says SHOTS=1: pictures for a person cost minutes.

Under the strict CSP `page.wait_for_function` fails: use locators and `expect`, and `wait_for` of
`tests.browser.waiting` for what only the database shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.browser import chromium
from tests.browser.waiting import drawn, silence

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "test-results" / "shots"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}

# Two browsers and their servers share two cores: what passes does not wait for it.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium: run `python -m tests.browser.chromium`.", pytrace=False)
    return {"executable_path": path, "args": chromium.ARGUMENTS, "headless": True}


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    if not (ROOT / "frontend" / "dist").is_dir():
        pytest.fail("The front end is not built: run `make build` first.", pytrace=False)
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    return {
        "base_url": base_url,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "timezone_id": "UTC",
        "color_scheme": "light",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def problems() -> list[str]:
    """Script errors and CSP breaches seen so far; a test that provokes one clears the list."""
    return []


@pytest.fixture
def page(context: BrowserContext, problems: list[str]) -> Iterator[Page]:
    made = context.new_page()
    watch(made, problems)
    yield made
    silence(made)
    assert not problems, "The page reported:\n" + "\n".join(problems)


def watch(page: Page, problems: list[str]) -> None:
    """Collect what a person would see in red in the console, but not plain 4xx answers."""

    def listen(message: ConsoleMessage) -> None:
        text = message.text
        if message.type == "error" and "Failed to load resource" not in text:
            problems.append(f"{page.url}: {text}")

    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("console", listen)


@pytest.fixture
def sign_in(base_url: str, client: Any) -> Callable[[Page, Any], None]:
    """`sign_in(page, user)`: the session cookie of that user, as after the sign-in form."""
    from django.conf import settings

    def sign_in(page: Page, user: Any) -> None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}]
        )

    return sign_in


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A Celery worker in a thread: the real broker, the real tasks, the test's database."""
    from celery.contrib.testing.worker import start_worker
    from celery.signals import task_postrun
    from django.db import connections

    from config.celery import app

    def let_go(**_: Any) -> None:
        connections.close_all()  # an open connection would keep the test database alive

    task_postrun.connect(let_go)
    app.loader.import_default_modules()
    app.amqp.queues.select(["default", "evaluation", "code"])
    try:
        with start_worker(app, perform_ping_check=False, loglevel="WARNING"):
            yield
    finally:
        task_postrun.disconnect(let_go)


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> None:
        drawn(page)
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def shots() -> Callable[[Page, str], None]:
    """Pictures for a person to look at; the page is put back as it was."""

    def take(page: Page, name: str) -> None:
        if not os.environ.get("SHOTS"):
            return
        SHOTS.mkdir(parents=True, exist_ok=True)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                drawn(page)
                file = SHOTS / f"{name}-{size['width']}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")

    return take


@pytest.fixture
def looks_good(check_axe: Callable[[Page], None]) -> Callable[[Page], None]:
    """`looks_good(page)`: narrow and dark, wide and light, axe finds no fault and nothing is wider
    than the screen; the page is put back as it was."""

    def check(page: Page) -> None:
        for size, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            check_axe(page)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{page.url} is {width} wide"

    return check


@pytest.fixture
def session(transactional_db: None) -> Any:
    """A practice session that was just started."""
    from common.clock import now
    from tests.practice.factories import make_session  # models: not before Django is set up

    return make_session(now=now())


@pytest.fixture
def address(session: Any) -> str:
    """The page of its first question."""
    from tests.practice.factories import address_of

    return address_of(session)
