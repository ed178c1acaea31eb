from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One of everything there is to ask for, and everybody who may ask: made once for all walks, in
    a transaction around theirs, since each request is taken back."""
    from tests.rights.ground import build_ground
    from tests.rights.people import undone

    with ExitStack() as transaction:
        with django_db_blocker.unblock():
            transaction.enter_context(undone())
            ground = build_ground()
        yield ground
        with django_db_blocker.unblock():
            transaction.close()


@pytest.fixture
def ground(built: Any, db: None) -> Any:
    return built
