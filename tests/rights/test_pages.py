"""Every page outside the console, asked by everybody, against the table in docs/staff.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from tests.rights import table
from tests.rights.ground import Ground, filled
from tests.rights.people import GROUPS, Answer, Person, mismatches

WHO = table.pages()
# Signing in and one's own account: django-allauth's addresses name no row of anybody's.
ALLAUTH = "/accounts/*"
BODIES: dict[str, Any] = {}


def addresses() -> Iterator[str]:
    """All of the resolver but the API's and the console's, as urls.py writes them."""
    for pattern in _walk(get_resolver()):
        if pattern.startswith(("accounts/", "^accounts/")):
            yield ALLAUTH
        elif not pattern.startswith(("api/", "admin/")):
            yield f"/{pattern}"


def _walk(resolver: Any, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern
        else:
            yield from _walk(entry, pattern)


def test_every_page_has_its_row_and_every_row_its_page():
    assert set(WHO) == set(addresses())


def expected(who: str, person: Person) -> set[str]:
    if who.startswith("anyone"):
        return {"in"}
    if who == "nobody":
        return {"not there"}
    if who == "candidate":
        return {"in"} if "candidate" in person.name else {"sign in"}
    if rights := table.names_in(who):
        return {"in"} if person.holds(*rights) else {"forbidden", "sign in"}
    if not person.is_account:
        return {"sign in"}
    return {"in"} if who == "account" or person.name == "learner" else {"not there"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", GROUPS)
def test_each_is_answered_as_the_table_says(ground: Ground, group):
    assert mismatches(GROUPS[group], lambda name: asked_by(ground.people[name], ground)) == {}


def asked_by(person: Person, ground: Ground) -> Iterator[tuple[str, Answer, set[str]]]:
    """Every page, by each method that it takes."""
    for address, who in sorted(WHO.items()):
        if address == ALLAUTH:
            continue
        path, met = filled(address, ground.pages), 0
        for method in ("GET", "POST"):
            answer = person.page(method, path, BODIES.get(address, {}))
            if answer.outcome != "no such method":
                met += 1
                yield f"{method} {address} ({who})", answer, expected(who, person)
        assert met, f"{address} takes neither GET nor POST"
