"""Every operation of the API, asked by everybody, against the table in docs/staff.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.rights import table
from tests.rights.ground import Ground, filled
from tests.rights.people import GROUPS, Answer, Person, mismatches

WHO = table.api()
# Not in the schema: the schema itself and its page.
BESIDE = {("GET", "/api/schema"), ("GET", "/api/docs")}
REASON = {"reason": "Because of the test"}
ANSWER = "I would first clarify the goal and the users, then list their needs and choose one."
# What gets past the first look at the body; all others are sent `{}`. Ids are filled in.
BODIES: dict[tuple[str, str], Any] = {
    ("POST with `dry_run: false`", "/api/admin/diagnostics/practice"): {
        "dry_run": False,
        "checks": ["limit_drift"],
    },
    ("POST", "/api/sessions/{session_id}/attempts"): {
        "question_id": None,
        "answer_text": ANSWER,
        "time_spent_sec": 60,
    },
    ("PATCH", "/api/sessions/{session_id}/attempts/{attempt_id}"): {"self_rating": 3},
    ("POST", "/api/test-session/{candidate_id}/questions/{uuid}/runs"): {
        "language": "python",
        "code": "print(1)",
    },
    ("POST", "/api/test-session/{candidate_id}/trial/runs"): {
        "language": "python",
        "code": "print(1)",
    },
    ("POST", "/api/sessions/{session_id}/attempts/{attempt_id}/follow-ups/{number}/answer"): {
        "answer_text": ANSWER,
    },
    ("PUT", "/api/sessions/{session_id}/attempts/{attempt_id}/follow-ups/{number}/draft"): {
        "answer_text": "Words",
        "base_version": 0,
    },
    ("PUT", "/api/sessions/{session_id}/questions/{question_id}/draft"): {
        "answer_text": "Words",
        "base_version": 0,
    },
    ("POST", "/api/v1/practice-main/{id}/questions/{question_id}/submissions"): {
        "answer_text": ANSWER
    },
    ("PUT", "/api/v1/practice-main/{id}/questions/{question_id}/draft"): {
        "answer_text": "Words",
        "base_version": 0,
    },
    ("PUT", "/api/v1/practice-main/{id}/whiteboard"): {
        "scene": {"elements": []},
        "base_version": 0,
    },
    ("PATCH", "/api/v1/practice-main/{id}"): {"status": "completed"},
    ("POST", "/api/test-session"): {"candidate_id": None, **REASON},
    ("PUT", "/api/test-session/{candidate_id}/complete"): REASON,
    ("PUT", "/api/test-session/{candidate_id}/abandon"): REASON,
    ("POST", "/api/test-session/{candidate_id}/abandon"): REASON,
    ("POST", "/api/test-session/{candidate_id}/events"): {"events": [{"type": "paste"}]},
}
# The id stands in the body: what is not theirs is 400 for those who have no staff right.
BY_BODY = {("POST", "/api/test-session")}
# The candidates of the ground have started: whose it is gets past the rights, and meets a 409.
BEFORE_THE_TEST = {("POST", "/api/test-session/{candidate_id}/trial/runs")}


def operations() -> set[tuple[str, str]]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_every_operation_has_its_row_and_every_row_its_operation():
    assert {(method.split()[0], path) for method, path in WHO} == operations() | BESIDE


def expected(who: str, person: Person, *, by_body: bool) -> set[str]:
    """How this person may be answered."""
    if who == "anyone":
        return {"in"}
    if person.name == "anonymous":
        return {"sign in"}
    is_candidate = "candidate" in person.name
    if who == "account":
        return {"in"} if person.is_account else {"sign in"}
    if who == "owner":
        others = {"not there"} if person.is_account else {"sign in"}
        return {"in"} if person.name == "learner" else others
    rights = table.names_in(who)
    if person.is_staff:
        return {"in"} if rights and person.holds(*rights) else {"forbidden"}
    if who.startswith("candidate"):
        others = {"bad"} if by_body else {"not there"}
        return {"done"} if person.name == "candidate" else others
    return {"sign in", "forbidden"} if is_candidate else {"forbidden"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", GROUPS)
def test_each_is_answered_as_the_table_says(ground: Ground, group):
    assert mismatches(GROUPS[group], lambda name: asked_by(ground.people[name], ground)) == {}


def asked_by(person: Person, ground: Ground) -> Iterator[tuple[str, Answer, set[str]]]:
    """Every operation: what was asked, the answer, and what it may be."""
    values = {**ground.api["/api/sessions/"], **ground.api["/api/test-session/"]}
    for (method, path), who in sorted(WHO.items()):
        sent = BODIES.get((method, path), {})
        named = {name: values[name] for name in sent.keys() & values.keys()}
        body = json.dumps({**sent, **named}, default=str)
        verb, address = method.split()[0], filled(path, ground.api)
        answer = person.api(verb, address, {} if verb in {"GET", "DELETE"} else body)
        allowed = expected(who, person, by_body=(method, path) in BY_BODY)
        if (method, path) in BEFORE_THE_TEST and allowed == {"done"}:
            allowed = {"bad"}
        yield f"{method} {path} ({who})", answer, allowed
