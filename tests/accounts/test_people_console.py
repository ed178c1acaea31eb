"""People in the console: the right to change them gives no rights away, and removal erases everything."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import NOW
from tests.factories import UserFactory
from tracking.models import Skill
from tracking.services.skills import create_skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def helpdesk(client: Client) -> User:
    """Staff who may change and remove people, and nothing else."""
    person = UserFactory(staff=True)
    names = ["view_user", "change_user", "delete_user"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(person)
    return person


def form_of(person: User) -> dict[str, object]:
    return {
        "username": person.username,
        "email": person.email,
        "is_active": "on",
        "timezone": "UTC",
        "theme": "light",
        "day_start_hour": 0,
        "weekly_goal_minutes": 60,
        "reminder_after_days": 3,
        "subscription-TOTAL_FORMS": 0,
        "subscription-INITIAL_FORMS": 0,
    }


def test_the_list_says_each_plan_in_one_query_more(client, helpdesk) -> None:
    UserFactory(plan="premium")
    page = client.get(reverse("admin:accounts_user_changelist"), {"subscription__plan": "premium"})
    assert page.context["cl"].result_count == 1
    assert b'<td class="field-plan">Premium</td>' in page.content


def test_the_right_to_change_people_grants_no_rights(client, helpdesk, owner) -> None:
    for person in (owner, helpdesk):
        address = reverse("admin:accounts_user_change", args=[person.pk])
        sent = {**form_of(person), "is_superuser": "on", "is_staff": "on"}
        assert client.post(address, sent).status_code == 302
    owner.refresh_from_db()
    helpdesk.refresh_from_db()
    assert owner.weekly_goal_minutes == 60
    assert (owner.is_staff, owner.is_superuser, helpdesk.is_superuser) == (False, False, False)


def test_a_superuser_is_out_of_reach(client, helpdesk) -> None:
    above = UserFactory(admin=True)
    sent = {**form_of(above), "email": "mine@example.com"}
    change = client.post(reverse("admin:accounts_user_change", args=[above.pk]), sent)
    password = client.get(reverse("admin:auth_user_password_change", args=[above.pk]))
    removal = client.post(reverse("admin:accounts_user_delete", args=[above.pk]), {"post": "yes"})
    assert [change.status_code, password.status_code, removal.status_code] == [403, 403, 403]


def test_removing_a_person_erases_what_every_app_holds(client, helpdesk, owner) -> None:
    create_skill(user=owner, name="Design", now=NOW)
    client.post(reverse("admin:accounts_user_delete", args=[owner.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=owner.pk).exists()
    assert not Skill.objects.exists()


def test_many_at_once_are_erased_but_no_superuser_among_them(client, helpdesk, owner) -> None:
    create_skill(user=owner, name="Design", now=NOW)
    above = UserFactory(admin=True)
    address = reverse("admin:accounts_user_changelist")
    sent = {"action": "delete_selected", "post": "yes", "_selected_action": [owner.pk, above.pk]}
    client.post(address, sent)
    assert User.objects.filter(pk__in=[owner.pk, above.pk]).count() == 2
    client.post(address, {**sent, "_selected_action": [owner.pk]})
    assert not User.objects.filter(pk=owner.pk).exists()
    assert not Skill.objects.exists()


def test_a_learner_does_not_enter_the_console(client: Client, owner: User) -> None:
    sent = {"username": owner.username, "password": "secret-pass-1"}
    assert client.post(reverse("admin:login"), sent).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_address_of_a_superuser_is_out_of_reach_too(client, helpdesk, owner) -> None:
    """A confirmed address receives the link for a new password."""
    rights = Permission.objects.filter(content_type__app_label="account")
    helpdesk.user_permissions.add(*rights)
    above = UserFactory(admin=True)
    theirs = EmailAddress.objects.create(user=above, email="above@example.com")
    other = EmailAddress.objects.create(user=owner, email="mine@example.com")

    change = client.get(reverse("admin:account_emailaddress_change", args=[theirs.pk]))
    client.post(
        reverse("admin:account_emailaddress_changelist"),
        {"action": "make_verified", "_selected_action": [theirs.pk, other.pk]},
    )
    moved = {"user": above.pk, "email": other.email, "verified": "on", "primary": "on"}
    client.post(reverse("admin:account_emailaddress_change", args=[other.pk]), moved)

    theirs.refresh_from_db()
    other.refresh_from_db()
    assert change.status_code == 302
    assert client.get(reverse("admin:account_emailaddress_add")).status_code == 403
    assert (theirs.verified, other.verified, other.user) == (False, True, owner)
