from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def ground(db: None) -> Any:
    """One of everything there is to ask for, and everybody who may ask."""
    from tests.rights.ground import build_ground

    return build_ground()
