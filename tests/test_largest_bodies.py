"""Every operation that takes a body is sent the largest one, and one step more; work grows no faster
than the body does, counted in calls (`tests.counting`), never in time."""

from __future__ import annotations

from typing import Any

import pytest

from common.text import MAX_JSON_LEVELS
from tests.counting import calls_of
from tests.largest import BODY, TABLE, Asking, askings, operations_with_a_body
from tests.rights.people import undone

# Twice the body takes at most so many times the calls that it adds; n log n takes 2.2, n squared 4.
MOST_GROWTH = 2.6
# A handful of calls more or less are caches that come and go.
FEW = 400


@pytest.fixture
def ground(db: None) -> Any:
    from tests.rights.ground import build_ground

    return build_ground()


def test_every_operation_with_a_body_is_in_the_table():
    assert set(TABLE) == operations_with_a_body()


@pytest.mark.timeout(600)
def test_the_largest_body_is_taken_one_more_is_not_and_work_grows_as_the_body(ground):
    wrong = {}
    for asking in askings(ground):
        for what, problem in (
            ("taken", taken(asking)),
            ("one step more", refused(asking)),
            ("growth", grown(asking)),
        ):
            if problem:
                wrong[f"{asking.name}, {what}"] = problem
    assert wrong == {}


def taken(asking: Asking) -> str:
    allowed = {200, 201, 202}
    if asking.path == "/api/auth/token":
        allowed = {401}  # nobody has that password
    elif asking.path.endswith(("/apply", "/rescore")):
        allowed |= {409}  # the plan of the fixtures is not ready, their test not over
    elif asking.path.endswith("/runs"):
        # Another test's question, the practice room of a test that runs, or no engine has reported.
        allowed |= {404, 409, 503}
    status = status_of(asking.prepared(asking.largest.most))
    return "" if status in allowed else f"{status}"


def refused(asking: Asking) -> str:
    """One step over the limit of the field, over that of any body, and over that of nesting."""
    deep = b'{"a":' * (MAX_JSON_LEVELS + 1) + b"1" + b"}" * (MAX_JSON_LEVELS + 1)
    bodies = [(b" " * BODY + b"{}", {413}), (deep, {400})]
    if asking.path.endswith("/import"):
        bodies = []  # a form; its file is bounded by itself (tests/tracking/test_import_bombs.py)
    for body, allowed in bodies:
        status = status_of(asking.sends(body, "application/json"))
        if status not in allowed:
            return f"{status} for {len(body)} bytes"
    # A reason is not read of a candidate, and what a board or a file has more has its own limits.
    if asking.largest.most == 1 or asking.largest.grown or asking.path.endswith("/complete"):
        return ""
    status = status_of(asking.prepared(asking.largest.most + 1))
    return "" if status in {400, 413} else f"{status} for one more"


def grown(asking: Asking) -> str:
    if asking.largest.most == 1:
        return ""
    calls = []
    for size in asking.largest.at:
        send = asking.prepared(size)
        status_of(send)  # what is read or compiled once
        with undone():
            calls.append(calls_of(send))
    once, twice = calls[1] - calls[0], calls[2] - calls[1]
    if twice <= FEW or twice <= MOST_GROWTH * once:
        return ""
    return f"{calls} calls at {asking.largest.at}"


def status_of(send: Any) -> int:
    with undone():
        return send().status_code
