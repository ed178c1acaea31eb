from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.fixture
def candidate() -> Any:
    from sessions_app.proctoring.services.demo import ensure_demo_candidate

    return ensure_demo_candidate()


@pytest.fixture
def link(candidate: Any) -> str:
    from tests.assessments.factories import token_for

    return f"/t/{token_for(candidate)}"


@pytest.fixture
def room(page: Page, link: str) -> Page:
    """The page of a candidate who has just started."""
    from tests.browser.candidate.sitting import SKEWED_CLOCK, start

    page.add_init_script(SKEWED_CLOCK)
    return start(page, link)
