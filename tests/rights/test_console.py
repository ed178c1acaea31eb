"""Every address of the console, asked by everybody, against the tables in docs/staff.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import reverse

from evaluation.models import ClaudeSwitch
from judge.models import CodeRun
from sessions_app.assessments.services.checking import QUESTION_CHECK
from tests.rights import table
from tests.rights.ground import Ground
from tests.rights.people import GROUPS, Answer, Person, mismatches, undone
from tests.rights.test_pages import _walk, get_resolver

ROWS = table.console_rows()
OWN = table.console_addresses()
LABELS = {model._meta.label_lower for model in admin.site._registry}
# (end of the name of the address, methods, what it does with rows)
PAGES = [
    ("changelist", ["GET"], "look"),
    ("add", ["GET", "POST"], "add"),
    ("change", ["GET"], "look"),
    ("change", ["POST"], "change"),
    ("history", ["GET"], "look"),
    ("delete", ["GET", "POST"], "delete"),
]
AUTOCOMPLETE = {
    "app_label": "sessions_app",
    "model_name": "proctoredsession",
    "field_name": "candidate",
}
BODIES = {"delete": {"post": "yes"}}


def own_addresses() -> Iterator[str]:
    """What is no list or form of rows, as the table writes it."""
    forms = "|".join(label.replace(".", "/") for label in LABELS)
    for pattern in _walk(get_resolver()):
        address = f"/{pattern}"
        if not pattern.startswith("admin/") or pattern == "admin/(?P<url>.*)$":
            continue
        if re.fullmatch(rf"/admin/({forms})/((add|<path:object_id>(/\w+)?)/)?", address):
            continue
        address = re.sub(r"\^\(\?P<app_label>.*", "<app>/", address)
        yield re.sub(r"/r/.*", "/r/…", address)


def test_every_address_has_its_row_and_every_row_its_address():
    assert set(ROWS) == LABELS
    assert set(OWN) == set(own_addresses())


def may(person: Person, label: str, does: str) -> bool:
    """By the table of rows."""
    cell = ROWS[label][does]
    app, _, model = label.partition(".")
    own = {verb: f"{app}.{verb}_{model}" for verb in ("view", "add", "change", "delete")}
    if cell == "no" or not person.is_staff:
        return False
    if cell == "superuser":
        return person.rights is None
    if rights := table.names_in(cell):
        return person.holds(*rights) or (does == "look" and person.holds(own["view"]))
    if does == "look":
        return person.holds(own["view"]) or person.holds(own["change"])
    return person.holds(own[does])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", GROUPS)
def test_rows_are_reached_as_the_table_says(ground: Ground, group):
    assert mismatches(GROUPS[group], lambda name: rows_asked_by(ground.people[name], ground)) == {}


def rows_asked_by(person: Person, ground: Ground) -> Iterator[tuple[str, Answer, set[str]]]:
    for label in sorted(ROWS):
        row, refused = ground.rows[label], {"forbidden"} if person.is_staff else {"sign in"}
        for page, methods, does in PAGES:
            args = [row.pk] if page in {"change", "history", "delete"} else []
            address = reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)
            allowed = {"in"} if may(person, label, does) else refused
            for method in methods:
                with undone():
                    if (page, label) == ("add", "evaluation.claudeswitch"):
                        ClaudeSwitch.objects.all().delete()  # one may be added while there is none
                    answer = person.page(method, address, BODIES.get(page, {}))
                shown = (method, ROWS[label][does]) == ("POST", "no") and may(person, label, "look")
                if shown and not answer.writes:  # a page of its own, which is shown again
                    answer.outcome = "forbidden"
                yield f"{method} {label} {page} ({does})", answer, allowed


def expected(who: str, person: Person) -> set[str]:
    if who.startswith("anyone"):  # signing out takes POST and leads to the form of signing in
        return {"in", "sign in", "no such method"}
    if who.startswith("nobody"):
        return {"in", "sign in"} if person.is_staff or not person.is_account else {"forbidden"}
    if not person.is_staff:
        return {"sign in"}
    if who.startswith("staff (leads nowhere"):
        return {"not there"}
    if who == "staff with a right to something in it":
        rights = person.rights is None or {right.partition(".")[0] for right in person.rights}
        return {"in"} if rights is True or "sessions_app" in rights else {"not there"}
    if who.startswith("staff who may look"):
        return {"in"} if person.holds("sessions_app.view_candidate") else {"forbidden"}
    if who == "staff":
        return {"in"}
    return {"in"} if person.holds(*table.names_in(who)) else {"forbidden"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", GROUPS)
def test_other_addresses_are_reached_as_the_table_says(ground: Ground, group):
    assert (
        mismatches(GROUPS[group], lambda name: others_asked_by(ground.people[name], ground)) == {}
    )


def others_asked_by(person: Person, ground: Ground) -> Iterator[tuple[str, Answer, set[str]]]:
    values = {
        "<app>": "sessions_app",
        "r/…": "r/1/1/",
        "<id>": str(ground.rows["account.emailaddress"].user.pk),
        "<path:object_id>": str(ground.rows["sessions_app.proctoredsession"].pk),
        "<uuid:run_id>": str(CodeRun.objects.get(kind=QUESTION_CHECK).uuid),
        "<int:object_id>": str(ground.rows["evaluation.wordingcandidate"].pk),
        "<uuid:pk>": str(ground.rows["diagnostics.repairrun"].pk),
    }
    for address, (methods, who) in sorted(OWN.items()):
        path = address
        for placeholder, value in values.items():
            path = path.replace(placeholder, value)
        body = AUTOCOMPLETE if "autocomplete" in path else {}
        for method in methods:
            yield (
                f"{method} {address} ({who})",
                person.page(method, path, body),
                expected(who, person),
            )
