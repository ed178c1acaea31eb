from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.fixture(autouse=True)
def last_beacon(transactional_db: None) -> Any:
    """A page that is closed at the end of a test still sends its beacon: let it arrive before the
    database is emptied."""
    yield
    time.sleep(1)


@pytest.fixture
def candidate() -> Any:
    from sessions_app.proctoring.services.demo import ensure_demo_candidate

    return ensure_demo_candidate()


@pytest.fixture
def link(candidate: Any) -> str:
    from tests.proctoring.factories import token_for

    return f"/t/{token_for(candidate)}"


@pytest.fixture
def room(page: Page, link: str) -> Page:
    """The page of a candidate who has just started."""
    from tests.browser.candidate.sitting import SKEWED_CLOCK, start

    page.add_init_script(SKEWED_CLOCK)
    return start(page, link)
