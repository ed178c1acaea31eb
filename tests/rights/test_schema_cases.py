"""Cases that schemathesis makes of /api/schema, sent by everybody to the real web server on
PostgreSQL: never a 5xx, and no status that is not documented.

Half of the cases come from somebody who may do it, half from all in turn; half ask for what is
there. SCHEMA_CASES says how many (2,000), SCHEMA_SEED which (1).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.largest import Asking, fixed
from tests.proctoring.real_services import Service, close_other_connections
from tests.rights import table
from tests.rights.ground import Ground, build_ground, values_for

CASES = int(os.environ.get("SCHEMA_CASES", "2000"))
SEED = int(os.environ.get("SCHEMA_SEED", "1"))
WHO = table.api()
SCHEMA = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
# What ends or takes away comes late, since it is not undone.
LATE = re.compile(r"DELETE |.*/(abandon|complete|end|undo|cancel)$")
# Such rates would be all that is seen.
NO_RATES = {
    "THROTTLE_EXPENSIVE": "100000/min",
    "LIMIT_SIGN_IN_HERE": "100000/5m",
    "LIMIT_SIGN_IN_ADDRESS": "100000/5m",
}


def documented_refusals() -> set[int]:
    """The table in docs/api.md, which holds for all operations."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
    return {int(status) for status in re.findall(r"^\| ([45]\d\d) \|", text, re.MULTILINE)}


REFUSALS = documented_refusals()


@dataclass
class Walk:
    """Sends cases, and notes what was answered."""

    address: str
    ground: Ground
    ids: dict[str, Any]
    line: requests.Session = field(default_factory=requests.Session)
    sent: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def ask(self, operation: Any, case: Any, *, is_theirs: bool) -> None:
        number = self.sent.total()
        name = (
            self.asker(operation) if number % 2 else [*self.ground.people][number // 2 % self.most]
        )
        person = self.ground.people[name]
        headers = {"Accept-Encoding": "identity"}
        if person.token:
            headers["Authorization"] = f"Bearer {person.token}"
        if is_theirs and isinstance(case.body, dict):
            case.body = {
                **case.body,
                **{k: self.ids[k] for k in case.body.keys() & self.ids.keys()},
            }
        answer = case.call(base_url=self.address, session=self.line, headers=headers, timeout=60)
        self.sent[name] += 1
        self.answers[answer.status_code] += 1
        problem = problem_of(operation, case, answer)
        if problem:
            what = f"{operation.label}, {name}: {problem.partition(':')[0]}"
            self.wrong.setdefault(what, f"{problem}\n{case.as_curl_command(headers)}"[:3000])

    @property
    def most(self) -> int:
        return len(self.ground.people)

    def asker(self, operation: Any) -> str:
        who = WHO[(operation.method.upper(), operation.path)].split(",")[0]
        may = {"anyone": "anonymous", "account": "learner", "owner": "learner"}
        return "candidate" if who == "candidate" else may.get(who, "superuser")


def order_of(operation: Any) -> int:
    """A token that was given up asks for nothing more."""
    name = f"{operation.method.upper()} {operation.path}"
    return 2 if name == "DELETE /api/auth/token" else int(bool(LATE.match(name)))


def problem_of(operation: Any, case: Any, answer: Any) -> str:
    status = answer.status_code
    if status >= 500:
        return f"{status}: {answer.text[:1000]}"
    if status < 400 and str(status) not in operation.definition.raw["responses"]:
        return f"{status} is not documented: {answer.text[:300]}"
    if status >= 400:
        if status not in REFUSALS:
            return f"{status} is in no table of docs/api.md: {answer.text[:300]}"
        if not {"error", "code", "fields"} <= json.loads(answer.content).keys():
            return f"{status} in another shape: {answer.text[:300]}"
    try:
        checks = [content_type_conformance, response_schema_conformance]
        case.validate_response(answer, checks=checks)
    except (Failure, FailureGroup) as failure:
        parts = getattr(failure, "exceptions", [failure])
        return f"{status} otherwise than documented: {parts!r} {answer.text[:300]}"
    return ""


def cases_of(operation: Any, ground: Ground) -> Iterator[tuple[bool, st.SearchStrategy[Any]]]:
    """Of what is there and of anything, as documented and not."""
    named = {p["name"] for p in operation.definition.raw.get("parameters", []) if p["in"] == "path"}
    found = {k: v for k, v in values_for(operation.path, ground.api).items() if k in named}
    theirs = {name: str(value) for name, value in found.items()}
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        yield True, operation.as_strategy(generation_mode=mode, path_parameters=theirs)
        yield False, operation.as_strategy(generation_mode=mode)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_no_case_breaks_the_server_or_is_answered_as_nobody_said(tmp_path: Path, capsys: Any):
    ground = build_ground()
    server = Service(tmp_path, **NO_RATES)
    server.start()
    try:
        ids = json.loads(json.dumps(Asking(ground, "", "", fixed()).ids(), default=str))
        walk = Walk(f"http://127.0.0.1:{server.port}", ground, ids)
        operations = [result.ok() for result in SCHEMA.get_all_operations()]
        operations.sort(key=order_of)
        for index, operation in enumerate(operations):
            upto = CASES * (index + 1) // len(operations)
            for done, (is_theirs, cases) in enumerate(cases_of(operation, ground)):
                number = (upto - walk.sent.total()) // (4 - done)
                play(walk, operation, cases, is_theirs=is_theirs, number=number)
    finally:
        server.kill()
        close_other_connections()
    with capsys.disabled():
        print(f"\n{walk.sent.total()} cases, seed {SEED}: {dict(walk.answers)}, {dict(walk.sent)}")  # noqa: T201
    assert walk.wrong == {}
    assert set(walk.sent) == set(ground.people)


def play(walk: Walk, operation: Any, cases: Any, *, is_theirs: bool, number: int) -> None:
    if number < 1:
        return

    @seed(SEED)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def ask(case: Any) -> None:
        walk.ask(operation, case, is_theirs=is_theirs)

    # An operation without anything to fill in has no case that is not as documented.
    with suppress(Unsatisfiable):
        ask()
