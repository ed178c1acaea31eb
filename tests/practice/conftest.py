from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def session(owner: Any) -> Any:
    """A session of the owner that was just started."""
    from tests.practice.factories import make_session  # models: not before Django is set up

    return make_session(owner)


@pytest.fixture
def page(client: Any, owner: Any) -> Any:
    """The pages as their owner sees them, without JavaScript."""
    client.force_login(owner)
    return client
