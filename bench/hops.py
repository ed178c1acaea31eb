"""How much of the project one request goes through: files, functions, statements.

    python -m bench.hops

Runs on the test servers (PostgreSQL, Valkey) and the tests' own database. Each request is sent
twice before it is counted, so that what is compiled or cached once stays out. A statement is
whatever a cursor executes, savepoints too; BEGIN and COMMIT are not. Functions are counted once
each; `-v` lists them.
"""

import tests.services  # noqa: F401  isort: skip  - before anything that reads the settings

import sys
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import django
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
NOT_COUNTED = tuple(str(ROOT / name) for name in (".venv", "bench", "tests"))


def main() -> None:
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with ExitStack() as stack:
            for name, send in journeys(stack).items():
                print(f"{name}: {hops(send)}")
    finally:
        teardown_databases(databases, verbosity=0)


def journeys(stack: ExitStack) -> dict[str, Callable[[], Any]]:
    """Each sends one request and returns its answer."""
    from rest_framework.test import APIClient

    from accounts.services.tokens import issue_token
    from sessions_app.proctoring.hot.wsgi import HotPath
    from tests.assessments.clients import bearer
    from tests.assessments.factories import token_for
    from tests.factories import UserFactory
    from tests.interviews.factories import ANSWER, make_bank
    from tests.interviews.factories import SessionFactory as InterviewFactory
    from tests.practice.factories import make_session, question_ids
    from tests.proctoring.factories import SessionFactory as SittingFactory
    from tests.proctoring.roads import client_of, leave_to_django

    user, numbers = UserFactory(plan="premium"), count(1)
    learner = APIClient()
    learner.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user=user, name='hops')[1]}")
    practice = make_session(user)
    draft = f"/api/v1/practice-main/{practice.pk}/questions/{question_ids(practice)[0]}/draft"
    question = make_bank(1)[0]
    attempts = f"/api/sessions/{InterviewFactory(user=user).pk}/attempts"
    sitting = SittingFactory()
    candidate = bearer(token_for(sitting.candidate))
    hot = HotPath(leave_to_django)
    stack.callback(hot.close)  # its connection would keep the test database in use
    in_front = client_of(hot, token_for(sitting.candidate))
    beat = f"/api/test-session/{sitting.candidate.pk}/heartbeat"

    def put_draft() -> Any:
        n = next(numbers)
        return learner.put(draft, {"answer_text": f"Text {n}", "base_version": n}, format="json")

    def post_attempt() -> Any:
        body = {"question_id": question.pk, "answer_text": f"{ANSWER} {next(numbers)}"}
        return learner.post(attempts, body, format="json")

    return {
        "PUT of a draft": put_draft,
        "POST of an attempt": post_attempt,
        "a heartbeat through Django": lambda: candidate.put(beat),
        # Its one statement is on a connection of its own, which is not counted here.
        "a heartbeat in front of Django": lambda: in_front.put(beat),
    }


def hops(send: Callable[[], Any]) -> str:
    files: set[str] = set()
    functions: set[Any] = set()
    statements: list[str] = []

    def note_call(frame: Any, event: str, _: Any) -> None:
        code = frame.f_code
        ours = code.co_filename.startswith(str(ROOT)) and not code.co_filename.startswith(
            NOT_COUNTED
        )
        if event == "call" and ours and not code.co_name.startswith("<"):
            files.add(code.co_filename)
            functions.add(code)

    def note_statement(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        statements.append(sql)
        return execute(sql, *args)

    send(), send()
    with connection.execute_wrapper(note_statement):
        sys.setprofile(note_call)
        answer = send()
        sys.setprofile(None)
    assert answer.status_code < 300, answer.content  # noqa: S101 - a refusal measures nothing
    if "-v" in sys.argv:
        print(
            *statements,
            *sorted(f"{c.co_filename[len(str(ROOT)) :]} {c.co_name}" for c in functions),
            sep="\n",
        )
    return f"{len(files)} files, {len(functions)} functions, {len(statements)} statements"


if __name__ == "__main__":
    main()
