"""Who did what stays: recorded wherever it is done, changed by nobody, read by those who may."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry, User
from accounts.services import audit
from accounts.services.own_data import delete_user
from accounts.services.people import grant_plan
from common import clock
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.services.candidates import create_candidate, invite
from tests.any_row import any_row
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "secret-pass-1"
raw = models.QuerySet(AuditEntry)


def entries(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


def only(action: str) -> AuditEntry:
    (entry,) = entries(action)
    return entry


def test_a_sign_in_and_a_failure_are_recorded_at_every_door(client, anonymous_api, owner, staff):
    page = reverse("account_login")
    client.post(page, {"login": owner.username, "password": "wrong"}, REMOTE_ADDR="192.0.2.7")
    client.post(page, {"login": owner.username, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    Client().post(page, {"login": staff.username, "password": "wrong"})
    Client().post(page, {"login": staff.username, "password": PASSWORD})
    sent = {"username": owner.email.upper(), "password": "wrong"}
    anonymous_api.post("/api/auth/token", sent)
    anonymous_api.post("/api/auth/token", {"username": owner.username, "password": PASSWORD})

    failed, succeeded = entries("sign_in.failed"), entries("sign_in.succeeded")
    assert [entry.subject_name for entry in failed] == [
        owner.username,
        staff.username,
        owner.username,
    ]
    assert {entry.actor_kind for entry in failed} == {"nobody"}
    names = [owner.username, staff.username, owner.username]
    assert [entry.actor_name for entry in succeeded] == names
    assert [entry.detail.get("via") for entry in succeeded] == [None, None, "API"]
    assert (failed[0].address, len(failed[0].request_id)) == ("192.0.2.7", 32)
    assert only("token.issued").actor_id == str(owner.pk)


def test_what_was_typed_as_a_name_is_kept_only_if_it_is_one(client, owner):
    client.post(reverse("account_login"), {"login": "my-secret-password", "password": "x"})

    entry = only("sign_in.failed")
    assert (entry.subject_id, entry.subject_name, entry.detail) == ("", "", {})


def test_rights_groups_and_plans_are_recorded_with_what_was_given(client, staff, owner):
    client.force_login(staff)
    group = Group.objects.create(name="Proctors")
    form = {
        **{"username": owner.username, "email": owner.email, "is_active": "on", "is_staff": "on"},
        **{"timezone": "UTC", "theme": "light", "day_start_hour": 0, "weekly_goal_minutes": 60},
        **{"reminder_after_days": 3, "groups": [group.pk], "weekly_summary": "on"},
        **{"subscription-TOTAL_FORMS": 1, "subscription-INITIAL_FORMS": 1},
        **{"subscription-0-id": owner.subscription.pk, "subscription-0-user": owner.pk},
        **{"subscription-0-plan": "premium", "subscription-0-status": "active"},
    }
    answer = client.post(reverse("admin:accounts_user_change", args=[owner.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]

    changed, added, plan = only("rights.changed"), only("rights.added"), only("plan.changed")
    assert (changed.actor_name, changed.detail) == (staff.username, {"is_staff": True})
    assert (added.subject_name, added.detail["rows"]) == (owner.username, ["Proctors"])
    assert (plan.subject_name, plan.detail["plan"]) == (owner.username, "premium")


def test_rights_of_a_group_are_recorded_whoever_gives_them():
    group = Group.objects.create(name="Proctors")
    group.permissions.add(Permission.objects.get(codename="view_user"))
    group.permissions.clear()

    assert only("rights.added").detail["kind"] == "permission"
    assert only("rights.cleared").subject_name == "Proctors"


def test_every_act_in_the_console_leaves_an_entry_also_in_bulk(client, staff):
    client.force_login(staff)
    people = UserFactory.create_batch(2)
    listed = reverse("admin:accounts_user_changelist")
    wanted = {"action": "delete_selected", "_selected_action": [one.pk for one in people]}

    client.post(listed, wanted)
    assert entries("console.deleted") == entries("console.acted") == []  # it asks once more
    client.post(listed, {**wanted, "post": "yes"})

    assert {one.detail["name"] for one in entries("console.deleted")} == {
        one.username for one in people
    }
    assert {one.actor_name for one in entries("account.deleted")} == {staff.username}


def test_an_action_that_writes_no_log_of_its_own_is_named(client, staff):
    client.force_login(staff)
    question = any_row(CodingQuestion)
    listed = reverse("admin:sessions_app_codingquestion_changelist")

    client.post(listed, {"action": "retire", "_selected_action": [question.pk]})

    entry = only("console.acted")
    assert (entry.detail["action"], entry.detail["rows"]) == ("retire", 1)


def test_an_entry_outlives_those_it_names(owner):
    name = owner.username
    audit.record("plan.changed", subject=owner, actor=owner)
    delete_user(user=owner)

    kept = AuditEntry.objects.filter(actor_name=name)
    assert {entry.action for entry in kept} == {"plan.changed", "account.deleted"}


def test_what_staff_do_to_a_candidate_is_recorded(staff, api_for):
    sent = {"name": "Kim", "email": "kim@example.com", "extra_minutes": 5}
    api_for(staff).post("/api/candidates", sent)

    entry = only("candidate.created")
    assert (entry.actor_name, entry.subject_name) == (staff.username, "Kim")
    assert entry.detail == {"extra_minutes": 5}


def test_without_a_request_the_actor_is_the_system(owner):
    grant_plan(user=owner, plan="premium")

    assert only("plan.changed").actor_kind == "system"


def test_a_refused_act_leaves_nothing(owner):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        grant_plan(user=owner, plan="premium")
        1 / 0  # noqa: B018

    assert entries("plan.changed") == []


def test_the_model_refuses_changes_and_deletion():
    entry = audit.record("plan.changed")
    for change in (
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="x"),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_the_database_refuses_changes_behind_the_model():
    entry = audit.record("plan.changed")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw.filter(pk=entry.pk).update(action="nothing.happened")
    entry.action = "nothing.happened"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no settings to go by")
def test_postgresql_refuses_deletion_behind_the_model():
    entry = audit.record("plan.changed")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw.filter(pk=entry.pk).delete()


def test_only_what_is_older_than_the_setting_goes(settings):
    settings.AUDIT_DAYS = 365
    now = clock.now()
    old, young = audit.record("old.entry"), audit.record("young.entry")
    AuditEntry(at=now - timedelta(days=366), action="older.entry", actor_kind="system").save()
    later = old.at + timedelta(days=365)

    assert AuditEntry.objects.due(now).count() == 1
    assert sum(audit.forget_due(now=now)) == 1
    assert {entry.pk for entry in AuditEntry.objects.all()} == {old.pk, young.pk}
    assert sum(audit.forget_due(now=later - timedelta(seconds=1))) == 0
    settings.AUDIT_DAYS = 0
    assert sum(audit.forget_due(now=later + timedelta(hours=1))) == 0
    settings.AUDIT_DAYS = 365
    assert sum(audit.forget_due(now=later + timedelta(hours=1))) == 2


def test_the_console_shows_searches_and_exports_it(client):
    looker = UserFactory(staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    client.force_login(looker)
    entry = audit.record("limit.granted", subject=UserFactory(username="=cmd()"), reason="@SUM(1)")
    audit.record("plan.changed", subject=UserFactory(username="other"))
    listed = reverse("admin:accounts_auditentry_changelist")

    page = client.get(listed, {"q": "@SUM(1)"})
    assert page.context["cl"].result_count == 1
    chosen = {"action": "export_as_csv", "_selected_action": [entry.pk]}
    written = client.post(listed, chosen).getvalue().decode()
    assert written.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written[1:])))

    assert [(row["subject_name"], row["reason"]) for row in rows] == [("'=cmd()", "'@SUM(1)")]
    assert only("audit.exported").detail == {"rows": 1}
    chosen["action"] = "export_as_xlsx"
    sheet = load_workbook(io.BytesIO(client.post(listed, chosen).getvalue())).worksheets[0]
    header, row = sheet.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["reason"] == "'@SUM(1)"


def test_without_the_permission_there_is_nothing_to_see(client):
    client.force_login(UserFactory(staff=True))
    assert client.get(reverse("admin:accounts_auditentry_changelist")).status_code == 403


def test_every_action_stands_in_the_docs():
    """Of those whose name is written out; `test.…` and `console.…` are families."""
    table = (ROOT / "docs/staff.md").read_text().partition("## Traces")[2]
    written = re.compile(r'record\(\s*"([a-z_]+\.[a-z_]+)"')
    named = re.compile(r':\s*"((?:sign_in|account|password|email|mfa|rights|console)\.[a-z_]+)"')
    found: set[str] = set()
    for app in ("accounts", "config", "diagnostics", "evaluation", "practice", "sessions_app"):
        for path in (ROOT / app).rglob("*.py"):
            found |= set(written.findall(path.read_text()))
    for name in ("accounts/audit_of_sign_ins.py", "accounts/middleware.py"):
        found |= set(named.findall((ROOT / name).read_text()))

    assert len(found) > 20
    assert [action for action in sorted(found) if f"`{action}`" not in table] == []


def test_people_export_what_the_audit_says_of_them(owner):
    from accounts.services.own_data import export_everything

    audit.record("plan.changed", subject=owner)
    audit.record("plan.changed", subject=UserFactory())

    exported = export_everything(User.objects.get(pk=owner.pk))["account"]["audit"]

    assert [row["action"] for row in exported] == ["account.exported", "plan.changed"]


def test_no_candidate_is_recorded_by_a_link_that_is_only_shown():
    candidate = create_candidate(name="Kim", email="kim@example.com")
    token = invite(candidate=candidate, now=clock.now()).token
    assert token not in " ".join(str(vars(entry)) for entry in AuditEntry.objects.all())
    assert only("candidate.created").subject_id == str(candidate.pk)
