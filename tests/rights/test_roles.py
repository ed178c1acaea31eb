"""The ready roles: as the table says, there after a migration, and only ever added to."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate

from accounts.roles import ROLES
from tests.factories import UserFactory, staff_with
from tests.rights import table

pytestmark = pytest.mark.django_db


def rights_of(name: str) -> set[str]:
    rights = Permission.objects.filter(group__name=name).select_related("content_type")
    return {f"{right.content_type.app_label}.{right.codename}" for right in rights}


def migrated() -> None:
    for config in apps.get_app_configs():
        post_migrate.send(
            sender=config, app_config=config, verbosity=0, interactive=False,
            using="default", apps=apps, plan=[],
        )  # fmt: skip


def test_the_table_is_what_the_code_gives():
    assert table.roles() == {name: set(rights) for name, rights in ROLES.items()}


@pytest.mark.parametrize("name", ROLES)
def test_every_role_is_there_with_all_of_its_rights(name):
    assert rights_of(name) == set(ROLES[name])


def test_a_migration_adds_what_is_missing_and_takes_nothing_away():
    given = Permission.objects.get(codename="delete_candidate")
    proctors = Group.objects.get(name="Proctor")
    proctors.permissions.set([given])
    Group.objects.get(name="Author").delete()

    migrated()

    assert rights_of("Proctor") == {*ROLES["Proctor"], "sessions_app.delete_candidate"}
    assert rights_of("Author") == set(ROLES["Author"])


def test_nobody_but_a_superuser_may_give_rights_by_a_role():
    held = set().union(*ROLES.values())

    assert not {right for right in held if right.startswith("auth.")}


@pytest.mark.parametrize("role", ROLES)
def test_each_roles_start_page_leads_to_its_work_and_to_nothing_it_may_not_do(client, role):
    member = UserFactory(staff=True)
    member.groups.add(Group.objects.get(name=role))
    client.force_login(member)

    page = client.get("/admin/").content.decode()
    work = page.partition('id="console-work"')[2].partition("</section>")[0]
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', work)]

    assert re.findall(r"<h3>(\w+)</h3>", work) == [role]
    assert len(links) >= 2
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_staff_in_no_role_are_offered_what_their_own_rights_allow(client):
    client.force_login(staff_with("sessions_app.view_assessment"))
    work = client.get("/admin/").content.decode().partition('id="console-work"')[2]
    assert re.findall(r'<a href="([^"]+)"', work.partition("</section>")[0]) == [
        "/admin/sessions_app/assessment/"
    ]
    client.force_login(UserFactory(staff=True))
    assert "console-work" not in client.get("/admin/").content.decode()
