"""Real concurrency for tests: many callers through one gate, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def run_together(calls: Sequence[Callable[[], Result]]) -> list[Result | BaseException]:
    """Run all calls at once and return what each returned or raised, in their order.

    The test needs `@pytest.mark.django_db(transaction=True)`: other threads see only what is
    committed.
    """
    gate = threading.Barrier(len(calls))

    def through_the_gate(call: Callable[[], Result]) -> Result | BaseException:
        gate.wait(timeout=30)
        try:
            return call()
        except BaseException as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(through_the_gate, calls))
