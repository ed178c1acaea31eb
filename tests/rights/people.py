"""Everybody who may ask: each kind of person, with what they ask by."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.test.client import ClientHandler

from accounts.services.tokens import issue_token
from sessions_app.assessments.api.authentication import COOKIE
from tests.assessments.factories import token_for
from tests.factories import UserFactory
from tests.rights import table

ROLES = table.roles()
# One test each: what there is to ask for is made once for all of a group.
GROUPS = {
    "outsiders": [
        "anonymous", "learner", "another learner", "candidate", "another candidate"
    ],
    "staff": ["staff without rights", *list(ROLES)[:3]],
    "more staff": [*list(ROLES)[3:], "superuser"],
}  # fmt: skip
# For these the pages are drawn. The console's are in tests/test_console_sweep.py, each role's start
# page in test_roles.py.
DRAWN = {"anonymous", "learner", "candidate"}
SIGN_IN = ("/accounts/login/", "/admin/login/")


class SignedIn(Client):
    """Signed in as always, but neither session nor rights are read anew for each request."""

    def __init__(self, user: Any) -> None:
        super().__init__()
        self.force_login(user)
        user.get_all_permissions()  # kept on the object
        self.handler = HandlerOf(user, enforce_csrf_checks=False)


class HandlerOf(ClientHandler):
    def __init__(self, user: Any, **options: Any) -> None:
        super().__init__(**options)
        self.user = user

    def get_response(self, request: Any) -> Any:
        request._cached_user = copy.copy(self.user)  # where Django's middleware looks first
        return super().get_response(request)


@dataclass
class Person:
    """`rights`: the permissions held, by the table of roles; None for a superuser's all."""

    name: str
    is_staff: bool = False
    is_account: bool = False
    rights: set[str] | None = field(default_factory=set)
    token: str = ""
    # One each for all requests: a client's first request loads the middlewares.
    calls: Client = field(default_factory=Client)
    pages: Client = field(default_factory=Client)

    def holds(self, *rights: str) -> bool:
        return self.is_staff and (self.rights is None or self.rights.issuperset(rights))

    def api(self, method: str, path: str, body: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        more = {"content_type": "application/json"} if method not in {"GET", "DELETE"} else {}
        return asked(self.calls, method, path, body, headers=headers, **more)

    def page(self, method: str, path: str, body: Any = None) -> Answer:
        return asked(self.pages, method, path, body)


@dataclass
class Answer:
    """`outcome`: "in", or how one is turned away; `writes`: the tables' own statements."""

    status: int
    outcome: str
    writes: list[str]

    @property
    def result(self) -> str:
        """Of what was let in: "done", or "bad" for a body that names what is not theirs."""
        return {2: "done", 4: "bad"}.get(self.status // 100, "") if self.outcome == "in" else ""


def asked(client: Client, method: str, path: str, body: Any, **more: Any) -> Answer:
    """Send it, and take back whatever it did."""
    cookies, writes = copy.deepcopy(client.cookies), list[str]()

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            writes.append(sql[:120])
        return execute(sql, *rest)

    with undone(), connection.execute_wrapper(note):
        response = getattr(client, method.lower())(path, body, **more)
    client.cookies = cookies
    return Answer(response.status_code, outcome_of(response), writes)


def mismatches(
    names: list[str], ask: Callable[[str], Iterator[tuple[str, Answer, set[str]]]]
) -> dict[str, str]:
    """What was answered otherwise than expected, by all of these people; a refused request that
    wrote to the database counts, too."""
    wrong = {}
    for name in names:
        with nullcontext() if name in DRAWN else nothing_drawn():
            for what, answer, allowed in ask(name):
                if answer.status >= 500 or not {answer.outcome, answer.result} & allowed:
                    wrong[f"{name}: {what}"] = f"{answer.status}, not {' or '.join(allowed)}"
                elif not {"in", "done"} & allowed and answer.writes:
                    wrong[f"{name}: {what}"] = f"refused, and wrote: {answer.writes}"
    return wrong


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Views decide as ever, their templates are left out: half of the time of a walk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *args, **kwargs: "")
        patch.setattr(admin.site, "each_context", lambda request: {})
        yield


def outcome_of(response: HttpResponse) -> str:
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "sign in"
    names = {401: "sign in", 403: "forbidden", 404: "not there", 405: "no such method"}
    return names.get(response.status_code, "in")


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back; services may be durable in it, as in a test."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    block.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


def everybody(owner: Any, candidate: Any, other_candidate: Any) -> dict[str, Person]:
    """By the names of `NAMES`; the learner is the owner of what the tests ask for."""
    people = {"anonymous": Person("anonymous")}
    accounts = {
        "learner": (owner, set()),
        "another learner": (UserFactory(), set()),
        "staff without rights": (UserFactory(staff=True), set()),
        "superuser": (UserFactory(admin=True), None),
    }
    for role, rights in ROLES.items():
        member = UserFactory(staff=True)
        member.groups.add(Group.objects.get(name=role))
        accounts[role] = (member, rights)
    for name, (user, rights) in accounts.items():
        _, token = issue_token(user=user)
        person = Person(name, user.is_staff, True, rights, token, pages=SignedIn(user))
        people[name] = person
    for name, row in (("candidate", candidate), ("another candidate", other_candidate)):
        person = Person(name, token=token_for(row))
        person.pages.cookies[COOKIE] = person.token
        person.pages.defaults["HTTP_ORIGIN"] = "http://testserver"
        people[name] = person
    return people
