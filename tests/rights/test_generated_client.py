"""The API as a generated client sees it: openapi-python-client makes one of /api/schema, which
calls every operation, with an `Idempotency-Key` wherever the schema declares it."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args

import httpx
import pytest
from django.core import signals
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.strings import PythonIdentifier

from sessions_app.proctoring.models import ProctoredSession, TrialRun
from tests import largest
from tests.rights import table
from tests.rights.ground import Ground, values_for
from tests.rights.people import Person, undone
from tests.rights.test_api import BEFORE_THE_TEST, BODIES
from tracking.models import ImportPlan

PACKAGE = "etude_client"
READS = {"GET"}
MORE_BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/auth/token"): {"username": "", "password": "secret-pass-1"},
}
MORE_QUERY = {("DELETE", "/api/v1/skills/{id}"): {"cascade": True}}
# What has to be done before.
BEFORE = {
    ("DELETE", "/api/sessions/{session_id}"): ("POST", "/api/sessions/{session_id}/end"),
    ("DELETE", "/api/v1/practice-main/{id}"): ("PATCH", "/api/v1/practice-main/{id}"),
    ("GET", "/api/v1/practice-main/{id}/review"): ("PATCH", "/api/v1/practice-main/{id}"),
    ("POST", "/api/v1/evaluations/{id}/cancel"): ("POST", "/api/v1/evaluations/{id}/retry"),
    ("POST", "/api/test-session/{candidate_id}/rescore"): (
        "PUT",
        "/api/test-session/{candidate_id}/complete",
    ),
}
# The state that the import of the ground has to be in.
IMPORT = "/api/v1/practice-logs/import/{id}"
STATES = {("POST", f"{IMPORT}/apply"): "planned", ("POST", f"{IMPORT}/undo"): "applied"}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    said: dict[str, Any]

    @property
    def name(self) -> tuple[str, str]:
        return self.method, self.path

    @property
    def takes_key(self) -> bool:
        return any(p["name"] == "Idempotency-Key" for p in self.said.get("parameters", []))

    @property
    def asker(self) -> str:
        who = WHO[self.name].split(",")[0]
        askers = {"anyone": "anonymous", "account": "learner", "owner": "learner"}
        return "candidate" if who == "candidate" else askers.get(who, "superuser")


WHO = table.api()
SCHEMA = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = {
    (method.upper(), path): Operation(method.upper(), path, said)
    for path, methods in SCHEMA["paths"].items()
    for method, said in methods.items()
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package that openapi-python-client makes; it left nothing out and warned of nothing."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "schema.json").write_text(json.dumps(SCHEMA, default=str))
    config = Config.from_sources(
        config_file=ConfigFile(post_hooks=[]),
        meta_type=MetaType.NONE,
        document_source=folder / "schema.json",
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder / PACKAGE,
    )
    assert [f"{e.header} {e.detail}" for e in generate(config=config)] == []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module(PACKAGE)
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@dataclass
class Caller:
    """Calls operations by the functions of the generated package."""

    package: ModuleType
    ground: Ground
    transport: httpx.WSGITransport

    def call(self, operation: Operation, *, key: str = "", declared: bool = True) -> Any:
        """With a key as the declared parameter, or as a header that the schema does not name."""
        said = operation.said
        tag = PythonIdentifier(said["tags"][0], "tag")
        name = PythonIdentifier(said["operationId"], "field_")
        module = importlib.import_module(f"{PACKAGE}.api.{tag}.{name}")
        found = values_for(operation.path, self.ground.api)
        given = {
            PythonIdentifier(parameter["name"], "field_"): found[parameter["name"]]
            for parameter in said.get("parameters", [])
            if parameter["in"] == "path"
        }
        given |= self.query(operation)
        if "body" in inspect.signature(module.sync_detailed).parameters:
            given["body"] = self.body(operation, module.sync_detailed)
        if key and declared:
            given["idempotency_key"] = key
        headers = {"Idempotency-Key": key} if key and not declared else {}
        client = self.client(self.ground.people[operation.asker], headers)
        return module.sync_detailed(client=client, **given)

    def client(self, person: Person, headers: dict[str, str]) -> Any:
        client_module = importlib.import_module(f"{PACKAGE}.client")
        how = {
            "base_url": "http://testserver",
            "headers": headers,
            "httpx_args": {"transport": self.transport},
            "raise_on_unexpected_status": True,
        }
        if not person.token:
            return client_module.Client(**how)
        return client_module.AuthenticatedClient(token=person.token, **how)

    def query(self, operation: Operation) -> dict[str, Any]:
        """Of the required parameters of the query, and what the state of the ground asks for."""
        known = {"user_id": self.ground.owner.pk, **self.ids()}
        required = {
            parameter["name"]: known[parameter["name"]]
            for parameter in operation.said.get("parameters", [])
            if parameter["in"] == "query" and parameter.get("required")
        }
        return required | MORE_QUERY.get(operation.name, {})

    def ids(self) -> dict[str, Any]:
        return largest.Asking(self.ground, "", "", largest.fixed()).ids()

    def body(self, operation: Operation, function: Callable[..., Any]) -> Any:
        kind = inspect.signature(function).parameters["body"].annotation
        model = next(part for part in (*get_args(kind), kind) if hasattr(part, "from_dict"))
        sent = self.sent(operation)
        if isinstance(sent, SimpleUploadedFile):
            types = importlib.import_module(f"{PACKAGE}.types")
            return model(file=types.File(io.BytesIO(sent.read()), "logs.csv", "text/csv"))
        return model.from_dict(json.loads(json.dumps(sent, default=str)))

    def sent(self, operation: Operation) -> Any:
        if operation.name == ("POST", "/api/auth/token"):
            return {**MORE_BODIES[operation.name], "username": self.ground.owner.username}
        if operation.name in MORE_BODIES:
            return MORE_BODIES[operation.name]
        if operation.name in largest.TABLE:
            example = largest.TABLE[operation.name]
            return example.body(min(60, example.most), self.ids())
        return BODIES.get(operation.name, {})


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests use the test's own transaction: the server must not close it behind each."""
    heard = (signals.request_started, signals.request_finished)
    for signal in heard:
        signal.disconnect(close_old_connections)
    yield
    for signal in heard:
        signal.connect(close_old_connections)


@pytest.mark.timeout(900)
def test_it_calls_every_operation(generated: ModuleType, ground: Ground, one_connection: None):
    caller = Caller(generated, ground, httpx.WSGITransport(app=WSGIHandler()))
    wrong = {}
    for operation in OPERATIONS.values():
        with undone():
            try:
                if operation.name in STATES:
                    ImportPlan.objects.update(status=STATES[operation.name])
                if operation.name in BEFORE_THE_TEST:
                    ProctoredSession.objects.all().delete()
                    TrialRun.objects.all().delete()
                if operation.name in BEFORE:
                    caller.call(OPERATIONS[BEFORE[operation.name]])
                problem = problem_of(caller, operation)
            except Exception as error:  # what the client cannot send or read is a finding, too
                problem = f"{type(error).__name__}: {error}"
            if problem:
                wrong[" ".join(operation.name)] = problem
    assert not wrong, "\n".join(f"{name}: {problem}" for name, problem in wrong.items())


def problem_of(caller: Caller, operation: Operation) -> str:
    """What is wrong with the answers to a call and to its repetition with the same key."""
    if operation.method in READS:
        return unexpected(operation, caller.call(operation))
    key = {"key": "once", "declared": operation.takes_key}
    first, second = caller.call(operation, **key), caller.call(operation, **key)
    replayed = second.headers.get("Idempotency-Replayed") == "true"
    if replayed != operation.takes_key:
        honored = "honored" if replayed else "not honored"
        return f"Idempotency-Key is {honored}, {second.status_code} {second.content[:200]!r}"
    return unexpected(operation, first)


def unexpected(operation: Operation, answer: Any) -> str:
    status, parsed = int(answer.status_code), answer.parsed
    is_refusal = type(parsed).__name__ == "Error"
    is_right = status == 204 or (200 <= status < 300 and parsed is not None and not is_refusal)
    return "" if is_right else f"{status} {type(parsed).__name__} {answer.content[:300]!r}"
