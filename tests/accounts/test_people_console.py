"""People in the console: the right to change them gives no rights away, and removal erases everything."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LimitGrant, Subscription, User
from tests import NOW
from tests.any_row import any_row
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
    address = reverse("admin:accounts_user_change", args=[owner.pk])
    group = Group.objects.get(name="Operator").pk
    sent = {**form_of(owner), "is_superuser": "on", "is_staff": "on", "groups": [group]}
    assert client.post(address, sent).status_code == 302
    owner.refresh_from_db()
    assert owner.weekly_goal_minutes == 60
    assert (owner.is_staff, owner.is_superuser, owner.groups.count()) == (False, False, 0)


@pytest.mark.parametrize("above", ["superuser", "colleague", "themselves"])
def test_the_right_to_change_people_does_not_reach_staff(client, helpdesk, above) -> None:
    people = {"superuser": {"is_superuser": True}, "colleague": {"is_staff": True}}
    person = UserFactory(**people[above]) if above in people else helpdesk
    before = User.objects.filter(pk=person.pk).values().get()
    password = {"password1": "another-pass-9", "password2": "another-pass-9"}
    sent = {**form_of(person), "email": "mine@example.com", "password1": "x"}
    calls = [
        ("admin:accounts_user_change", sent),
        ("admin:auth_user_password_change", password),
        ("admin:accounts_user_delete", {"post": "yes"}),
    ]
    for name, body in calls:
        assert client.post(reverse(name, args=[person.pk]), body).status_code == 403, name
    assert (
        client.get(reverse("admin:auth_user_password_change", args=[person.pk])).status_code == 403
    )
    assert User.objects.filter(pk=person.pk).values().get() == before


def test_groups_are_a_superusers_even_for_who_holds_djangos_right_to_them(client, helpdesk) -> None:
    """A member of a group who may change it could take every right."""
    helpdesk.user_permissions.add(*Permission.objects.filter(content_type__model="group"))
    group = Group.objects.get(name="Support")
    helpdesk.groups.add(group)
    rights = [right.pk for right in Permission.objects.filter(codename="change_repairrun")]
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert client.post(address, {"name": "Support", "permissions": rights}).status_code == 403
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
    delete = reverse("admin:auth_group_delete", args=[group.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "model",
    [
        model
        for model in admin.site._registry
        if model._meta.label_lower
        in {"accounts.apitoken", "account.emailaddress", "mfa.authenticator",
            "usersessions.usersession", "socialaccount.socialaccount"}
    ],
    ids=lambda model: model._meta.label,
)  # fmt: skip
def test_what_opens_an_account_of_staff_is_not_shown_to_who_is_no_superuser(
    client, helpdesk, owner, model
) -> None:
    """A token, an address or a second factor of a colleague is a way to their rights."""
    helpdesk.user_permissions.add(
        *Permission.objects.filter(content_type__model=model._meta.model_name)
    )
    rows = {person: any_row(model, user=person) for person in (UserFactory(is_staff=True), owner)}
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = client.get(reverse(f"{page}_changelist")).context["cl"].queryset
    assert list(found) == [rows[owner]]
    for name in ("change", "delete", "history"):
        colleague = reverse(f"{page}_{name}", args=[next(iter(rows.values())).pk])
        assert client.get(colleague).status_code in (302, 403, 404), name


def test_removing_a_person_erases_what_every_app_holds(client, helpdesk, owner) -> None:
    create_skill(user=owner, name="Design", now=NOW)
    client.post(reverse("admin:accounts_user_delete", args=[owner.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=owner.pk).exists()
    assert not Skill.objects.exists()


def test_many_at_once_are_erased_but_no_staff_among_them(client, helpdesk, owner) -> None:
    create_skill(user=owner, name="Design", now=NOW)
    above = UserFactory(staff=True)
    address = reverse("admin:accounts_user_changelist")
    sent = {"action": "delete_selected", "post": "yes", "_selected_action": [owner.pk, above.pk]}
    client.post(address, sent)
    assert User.objects.filter(pk__in=[owner.pk, above.pk]).count() == 2
    client.post(address, {**sent, "_selected_action": [owner.pk]})
    assert not User.objects.filter(pk=owner.pk).exists()
    assert not Skill.objects.exists()


def test_the_console_has_no_sign_in_of_its_own(client: Client) -> None:
    """Another one would need no second factor, and count no failed tries."""
    staff = UserFactory(admin=True)
    address = reverse("admin:login", query={"next": "/admin/"})
    sent = {"username": staff.username, "password": "secret-pass-1"}
    answer = client.post(address, sent)
    assert answer.url == f"{reverse('account_login')}?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session
    entered = client.post(answer.url, {"login": staff.username, "password": "secret-pass-1"})
    assert entered.url == "/admin/"


def test_an_address_that_staff_change_is_told_recorded_and_unconfirmed(
    client, helpdesk, owner, mailoutbox
) -> None:
    old = owner.email
    EmailAddress.objects.create(user=owner, email=old, primary=True, verified=True)
    sent = {**form_of(owner), "email": "new@example.com"}
    answer = client.post(reverse("admin:accounts_user_change", args=[owner.pk]), sent)

    assert answer.status_code == 302
    rows = EmailAddress.objects.filter(user=owner).values_list("email", "primary", "verified")
    assert list(rows) == [("new@example.com", True, False)]
    entry = AuditEntry.objects.get(action="email.changed")
    assert (entry.actor_name, entry.subject_name) == (helpdesk.username, owner.username)
    assert entry.detail == {"old": old, "new": "new@example.com"}
    assert [(mail.to, "new@example.com" in mail.body) for mail in mailoutbox] == [([old], True)]


def test_so_is_one_in_the_list_of_addresses(client, staff, owner, mailoutbox) -> None:
    client.force_login(staff)
    old = owner.email
    row = EmailAddress.objects.create(user=owner, email=old, primary=True, verified=True)
    sent = {"user": owner.pk, "email": "new@example.com", "verified": "on", "primary": "on"}
    client.post(reverse("admin:account_emailaddress_change", args=[row.pk]), sent)

    row.refresh_from_db()
    owner.refresh_from_db()
    assert (row.email, row.verified, owner.email) == ("new@example.com", False, "new@example.com")
    entry = AuditEntry.objects.get(action="email.changed")
    assert entry.detail == {"old": old, "new": "new@example.com"}
    assert [mail.to for mail in mailoutbox] == [[old]]

    client.post(reverse("admin:account_emailaddress_delete", args=[row.pk]), {"post": "yes"})
    assert AuditEntry.objects.get(action="email.removed").detail == {"email": "new@example.com"}


def test_a_password_that_staff_set_is_told_to_its_owner(
    client, helpdesk, owner, mailoutbox
) -> None:
    address = reverse("admin:auth_user_password_change", args=[owner.pk])
    new = {"password1": "another-sentence-8", "password2": "another-sentence-8"}
    client.post(address, {**new, "password2": "x", "usable_password": "true"})
    assert (mailoutbox, AuditEntry.objects.filter(action__startswith="password").count()) == ([], 0)
    client.post(address, {**new, "usable_password": "true"})
    assert [mail.to for mail in mailoutbox] == [[owner.email]]
    entry = AuditEntry.objects.get(action="password.changed_by_staff")
    assert entry.subject_name == owner.username


@pytest.mark.parametrize("name", ["admin:password_change", "admin:password_change_done"])
def test_the_console_has_no_page_for_ones_own_password(client: Client, staff: User, name) -> None:
    """Another one would count no wrong passwords, tell nobody of the new one and record nothing."""
    client.force_login(staff)
    new = {"new_password1": "another-sentence-8", "new_password2": "another-sentence-8"}
    answers = [
        client.get(reverse(name)),
        client.post(reverse(name), {**new, "old_password": "secret-pass-1"}),
    ]
    assert {answer.url for answer in answers} == {reverse("account_change_password")}
    staff.refresh_from_db()
    assert staff.check_password("secret-pass-1")
    assert client.get("/admin/").status_code == 200
    assert Client().get(reverse(name)).url.startswith(reverse("admin:login"))


def test_a_learner_does_not_enter_the_console(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get(reverse("admin:login")).status_code == 403


def test_nobody_is_given_a_name_that_looks_like_another(client, staff, owner) -> None:
    client.force_login(staff)
    address = reverse("admin:accounts_user_add")
    new = {
        "email": "new@example.com",
        "usable_password": "true",
        "password1": "a-long-sentence-7",
        "password2": "a-long-sentence-7",
        "subscription-TOTAL_FORMS": 0,
        "subscription-INITIAL_FORMS": 0,
    }
    page = client.post(address, {**new, "username": "OWNER"})
    assert "or looks like one that is" in page.content.decode()
    assert client.post(address, {**new, "username": "somebody"}).status_code == 302


def test_the_address_of_staff_is_out_of_reach_too(client, helpdesk, owner) -> None:
    """Whoever holds a confirmed address holds the way to a new password."""
    rights = Permission.objects.filter(content_type__app_label="account")
    helpdesk.user_permissions.add(*rights)
    above = UserFactory(staff=True)
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


@pytest.fixture
def supporter(client: Client) -> User:
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name="Support"))
    client.force_login(person)
    return person


GRANT = {"kind": "evaluation", "extra": 50, "until_0": "2099-01-01", "reason": "Because"}
PREMIUM = {"plan": "premium", "status": "active"}


@pytest.mark.parametrize("who", ["supporter", "staff"])
def test_nobody_gives_a_plan_or_a_limit_to_themselves(client, owner, request, who) -> None:
    """Support for one; a superuser neither."""
    me = request.getfixturevalue(who)
    client.force_login(me)
    grants, plans = "admin:accounts_limitgrant", "admin:accounts_subscription"
    until = {"until": "2099-01-01"}
    for person, count in ((me, 0), (owner, 1)):
        client.post(reverse(f"{grants}_add"), {**GRANT, **until, "user": person.pk})
        assert LimitGrant.objects.filter(user=person).count() == count

    for person, plan in ((me, "free"), (owner, "premium")):
        row = Subscription.objects.get(user=person)
        client.post(reverse(f"{plans}_change", args=[row.pk]), {**PREMIUM, "user": person.pk})
        row.refresh_from_db()
        assert row.plan == plan
    Subscription.objects.filter(user=me).delete()
    client.post(reverse(f"{plans}_add"), {**PREMIUM, "user": me.pk})
    theirs = Subscription.objects.get(user=owner)
    client.post(reverse(f"{plans}_change", args=[theirs.pk]), {**PREMIUM, "user": me.pk})
    assert not Subscription.objects.filter(user=me).exists()


def test_a_grant_of_ones_own_is_looked_at_only(client, supporter) -> None:
    supporter.user_permissions.add(Permission.objects.get(codename="delete_limitgrant"))
    grant = any_row(LimitGrant, user=supporter, extra=5, reason="By a colleague")
    page = reverse("admin:accounts_limitgrant_change", args=[grant.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {**GRANT, "user": supporter.pk}).status_code == 403
    listed = reverse("admin:accounts_limitgrant_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [grant.pk], "post": "yes"}
    client.post(listed, chosen)
    grant.refresh_from_db()
    assert grant.extra == 5


def test_a_superuser_changes_ones_own_rights_and_plan_as_little(client, staff) -> None:
    client.force_login(staff)
    address = reverse("admin:accounts_user_change", args=[staff.pk])
    row = Subscription.objects.get(user=staff)
    inline = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": row.pk, "0-user": staff.pk}
    plan = {f"subscription-{name}": value for name, value in inline.items()}
    plan |= {f"subscription-0-{name}": value for name, value in PREMIUM.items()}
    group = Group.objects.get(name="Operator").pk
    sent = {**form_of(staff), **plan, "groups": [group]}  # and neither staff nor superuser

    assert client.post(address, sent).status_code == 302

    staff.refresh_from_db()
    row.refresh_from_db()
    assert (staff.is_staff, staff.is_superuser, staff.groups.count()) == (True, True, 0)
    assert (staff.weekly_goal_minutes, row.plan) == (60, "free")
