"""The largest body that each operation of the API takes, as a function of its size: for the test of
growth (tests/test_largest_bodies.py) and for `bench.largest`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from drf_spectacular.generators import SchemaGenerator

from diagnostics.api.inputs import MOST_CHECKS
from diagnostics.registry import all_checks
from practice.api.inputs import MAX_ANSWER
from practice.scene_reader import MOST_ELEMENTS
from sessions_app.interviews.rules import LONGEST_ANSWER
from sessions_app.proctoring.services.answers import MAX_ANSWERS
from sessions_app.proctoring.services.runs import MAX_CODE_BYTES
from tests.practice.big_scenes import realistic
from tests.rights.ground import Ground, filled
from tests.tracking.files import csv_of, row
from tracking.names import LONGEST_NAME
from tracking.rules import LONGEST_DESCRIPTION, LONGEST_NOTE
from tracking.sheets.bounds import ROWS_AT_ONCE

BODY = 3 * 1024 * 1024  # DATA_UPLOAD_MAX_MEMORY_SIZE


@dataclass(frozen=True)
class Largest:
    """`body(n, ids)`: what is sent, of size n; `most` is the largest n that is taken. Growth is
    looked at from `most / 4` down, or from `grown / 4`; a size of 1 does not grow."""

    body: Callable[[int, dict[str, Any]], Any]
    most: int = 1
    grown: int = 0
    who: str = "learner"

    @property
    def at(self) -> tuple[int, int, int]:
        quarter = (self.grown or self.most) // 4
        return quarter, 2 * quarter, 4 * quarter


def words(n: int) -> str:
    """n characters of different words, in lines, of which none is trimmed."""
    text = "".join(f"word{i} in a line,{' ' if i % 8 else chr(10)}" for i in range(n // 12 + 1))
    return text[: n - 1] + "x"


def field(name: str, most: int, **more: Any) -> Largest:
    who = more.pop("who", "learner")
    return Largest(lambda n, ids: {**more, name: words(n)}, most, who=who)


def fixed(who: str = "learner", **body: Any) -> Largest:
    return Largest(lambda n, ids: body, who=who)


def with_ids(largest: Largest, *names: str) -> Largest:
    def body(n: int, ids: dict[str, Any]) -> Any:
        return {**largest.body(n, ids), **{name: ids[name] for name in names}}

    return Largest(body, largest.most, largest.grown, largest.who)


SENDER = {"tab_id": "t" * 100, "sequence": 9}
OF_CANDIDATE = {"who": "candidate"}
LOG = {"date_practiced": "2026-01-01", "duration_minutes": 5}
TABLE: dict[tuple[str, str], Largest] = {
    ("POST", "/api/admin/diagnostics/practice"): Largest(
        lambda n, ids: {"checks": [all_checks()[0].name] * n}, MOST_CHECKS, who="superuser"
    ),
    ("POST", "/api/auth/token"): field(
        "password", 1024, username="x" * 254, otp="1" * 32, who="anonymous"
    ),
    ("POST", "/api/candidates"): field("name", 200, email="ana@example.com", who="superuser"),
    ("POST", "/api/sessions"): fixed(mode="timed", timer_minutes=10),
    ("POST", "/api/sessions/{session_id}/attempts"): with_ids(
        field("answer_text", LONGEST_ANSWER), "question_id"
    ),
    ("PATCH", "/api/sessions/{session_id}/attempts/{attempt_id}"): fixed(self_rating=3),
    ("POST", "/api/sessions/{session_id}/attempts/{attempt_id}/follow-ups/{number}/answer"): field(
        "answer_text", LONGEST_ANSWER
    ),
    ("PUT", "/api/sessions/{session_id}/attempts/{attempt_id}/follow-ups/{number}/draft"): field(
        "answer_text", LONGEST_ANSWER, base_version=0
    ),
    ("POST", "/api/sessions/{session_id}/beat"): fixed(),
    ("PUT", "/api/sessions/{session_id}/questions/{question_id}/draft"): field(
        "answer_text", LONGEST_ANSWER, base_version=0
    ),
    ("POST", "/api/test-session"): with_ids(fixed("candidate", **SENDER), "candidate_id"),
    ("POST", "/api/test-session/{candidate_id}/abandon"): fixed("candidate", **SENDER),
    ("PUT", "/api/test-session/{candidate_id}/abandon"): fixed("candidate", **SENDER),
    ("PUT", "/api/test-session/{candidate_id}/complete"): field("reason", 300, **OF_CANDIDATE),
    ("POST", "/api/test-session/{candidate_id}/events"): Largest(
        lambda n, ids: {"events": [{"type": "paste", "detail": {"a": "x" * 2000}}] * n},
        50,
        **OF_CANDIDATE,
    ),
    ("PUT", "/api/test-session/{candidate_id}/heartbeat"): fixed("candidate", **SENDER),
    ("PUT", "/api/test-session/{candidate_id}/progress"): Largest(
        lambda n, ids: {**SENDER, "pending_answers": {f"q{i}": "x" * 490 for i in range(n)}},
        MAX_ANSWERS,
        **OF_CANDIDATE,
    ),
    ("POST", "/api/test-session/{candidate_id}/questions/{uuid}/runs"): field(
        "code", MAX_CODE_BYTES, language="python", **OF_CANDIDATE
    ),
    ("POST", "/api/test-session/{candidate_id}/trial/runs"): field(
        "code", MAX_CODE_BYTES, language="python", **OF_CANDIDATE
    ),
    ("POST", "/api/test-session/{candidate_id}/rescore"): fixed("superuser"),
    ("POST", "/api/v1/evaluations/{id}/retry"): fixed(provider="local"),
    ("POST", "/api/v1/evidence"): with_ids(
        field("content", LONGEST_NOTE, evidence_type="note", title="x" * 200), "skill_id"
    ),
    ("POST", "/api/v1/practice-logs"): with_ids(
        field("description", LONGEST_DESCRIPTION, **LOG), "skill_id"
    ),
    ("PATCH", "/api/v1/practice-logs/{id}"): field("description", LONGEST_DESCRIPTION),
    ("POST", "/api/v1/practice-logs/import"): Largest(
        lambda n, ids: SimpleUploadedFile(
            "logs.csv", csv_of(*(row(1 + i % 28, description="x" * 400) for i in range(n)))
        ),
        ROWS_AT_ONCE,
        grown=1000,
    ),
    ("POST", "/api/v1/practice-logs/import/{id}/apply"): fixed(skip_errors=True),
    ("POST", "/api/v1/practice-logs/quick"): with_ids(
        field("description", LONGEST_DESCRIPTION, duration_minutes=5), "skill_id"
    ),
    ("POST", "/api/v1/practice-main"): with_ids(fixed(), "question_main_id"),
    ("PATCH", "/api/v1/practice-main/{id}"): fixed(status="completed"),
    ("PUT", "/api/v1/practice-main/{id}/questions/{question_id}/draft"): field(
        "answer_text", MAX_ANSWER, base_version=0
    ),
    ("POST", "/api/v1/practice-main/{id}/questions/{question_id}/submissions"): field(
        "answer_text", MAX_ANSWER
    ),
    ("PUT", "/api/v1/practice-main/{id}/whiteboard"): Largest(
        lambda n, ids: {"scene": {"elements": realistic(n)}, "base_version": 0},
        MOST_ELEMENTS,
        grown=800,
    ),
    ("POST", "/api/v1/skills"): field("name", LONGEST_NAME),
    ("PATCH", "/api/v1/skills/{id}"): field("name", LONGEST_NAME),
}


def operations_with_a_body() -> set[tuple[str, str]]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        (method.upper(), path)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }


@dataclass(frozen=True)
class Asking:
    """One operation, ready to be sent a body of any size."""

    ground: Ground
    method: str
    path: str
    largest: Largest

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def prepared(self, n: int) -> Callable[[], Any]:
        """What sends the body, which is made now; it answers with the response."""
        body = self.largest.body(n, self.ids())
        if isinstance(body, SimpleUploadedFile):
            form = encode_multipart(BOUNDARY, {"file": body, "dry_run": "true"})
            return self.sends(form, MULTIPART_CONTENT)
        return self.sends(json.dumps(body, default=str).encode(), "application/json")

    def sends(self, body: bytes, content_type: str) -> Callable[[], Any]:
        person = self.ground.people[self.largest.who]
        headers = {"authorization": f"Bearer {person.token}"} if person.token else {}
        address = filled(self.path, self.ground.api)
        return lambda: person.calls.generic(
            self.method, address, body, content_type=content_type, headers=headers
        )

    def ids(self) -> dict[str, Any]:
        api = self.ground.api
        return {
            **api["/api/sessions/"],
            **api["/api/test-session/"],
            "skill_id": api["/api/v1/skills/"]["id"],
            "question_main_id": api["/api/v1/question-mains/"]["id"],
        }


def askings(ground: Ground) -> Iterator[Asking]:
    for (method, path), largest in sorted(TABLE.items()):
        yield Asking(ground, method, path, largest)
