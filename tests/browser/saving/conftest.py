from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def candidate(transactional_db: None) -> Any:
    from sessions_app.proctoring.services.demo import ensure_demo_candidate

    return ensure_demo_candidate()


@pytest.fixture(params=["practice", "interview", "room", "board"])
def place(request: pytest.FixtureRequest, page: Any, sign_in: Any, transactional_db: None) -> Any:
    """Each of the places where words are written, open and empty."""
    from tests.browser.saving import places

    def practice_like(kind: Any) -> Any:
        return kind(
            page, sign_in, request.getfixturevalue("session"), request.getfixturevalue("address")
        )

    if request.param == "practice":
        made = practice_like(places.PracticePlace)
    elif request.param == "board":
        made = practice_like(places.BoardPlace)
    elif request.param == "interview":
        from tests.factories import UserFactory
        from tests.interviews.factories import make_bank

        make_bank(per_category=2)
        made = places.InterviewPlace(page, sign_in, UserFactory(plan="premium"))
    else:
        from tests.assessments.factories import token_for

        candidate = request.getfixturevalue("candidate")
        made = places.RoomPlace(page, f"/t/{token_for(candidate)}", candidate)
    made.open()
    return made
