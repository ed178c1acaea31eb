"""Names and addresses are unique together, to a reader's eye: `shared/data/cases/signup-names.txt`."""

from __future__ import annotations

import unicodedata
from functools import partial
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.names import key_of
from tests.accounts.steps import PASSWORD, confirm
from tests.factories import UserFactory
from tests.threads import run_together

SMALL = "ABCDEFGHIJKLMNOPQRSTUVWYZ"  # there is no small capital X
NEW = {"password1": "a-long-sentence-7", "password2": "a-long-sentence-7"}
TWINS = ["ana", "Ana", "ＡＮＡ", "аna", "anа", "ɑna", "an\u200ba", "an\u3164a", "ana\u00ad", "ᴀɴᴀ"]


def sign_up(client: Client, **form: str):
    return client.post(reverse("account_signup"), {**NEW, **form})


@pytest.mark.django_db
def test_the_address_of_another_account_is_no_username(client: Client) -> None:
    UserFactory(username="learner", email="learner@example.com")
    for name in ("learner@example.com", "LEARNER＠example.com", "nobody@example.com"):
        page = sign_up(client, username=name, email="own@example.com").content.decode()
        assert 'id="id_username-error"' in page
    assert not User.objects.filter(email="own@example.com").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", TWINS)
def test_a_name_that_looks_like_anothers_is_refused(client: Client, name: str) -> None:
    UserFactory(username="ana", email="first@example.com")
    page = sign_up(client, username=name, email="own@example.com").content.decode()
    assert 'id="id_username-error"' in page
    assert not User.objects.filter(email="own@example.com").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [
    "josé", "Наташа", "田中tom", "kadır", "ana-maria", "ana2", "КӀантӀ", "Ӏали", "хьӏалу", "Ανδρέας",
    "ألي", "สมชาย", "ศรีสุดา", "தமிழ்", "ꓮꓡꓲ", "שרה", "अनिता", "Ⴌინო", "ᏣᎳᎩ", "ąžuolas", "Ærø",
])  # fmt: skip
def test_honest_names_of_any_alphabet_are_taken(client: Client, name: str) -> None:
    assert sign_up(client, username=name, email="own@example.com").status_code == 302
    assert User.objects.get(email="own@example.com").username == name


@pytest.mark.django_db
def test_an_address_that_looks_like_anothers_is_refused(client: Client) -> None:
    UserFactory(username="ana", email="ana@example.com")
    page = sign_up(client, username="new", email="ana@ехample.com").content.decode()
    assert 'id="id_email-error"' in page


@pytest.mark.django_db
@override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory")
def test_with_confirmed_addresses_a_twin_is_answered_like_any_new_address(
    client: Client, mailoutbox
) -> None:
    UserFactory(username="ana", email="ana@example.com")
    answer = sign_up(client, username="new", email="ana@ехample.com")
    assert answer.url == reverse("account_email_verification_sent")
    assert not User.objects.filter(username="new").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_twins_at_once_one_gets_in(transactional_db) -> None:
    names = ["ana", "ＡＮＡ", "Ana", "ana"]
    calls = [
        partial(sign_up, Client(), username=name, email=f"{number}@example.com")
        for number, name in enumerate(names)
    ]
    codes = [answer.status_code for answer in run_together(calls)]
    assert codes.count(302) == 1, codes
    assert set(codes) <= {200, 302, 409}
    assert User.objects.filter(name_key="ana").count() == 1


@pytest.mark.django_db
def test_the_database_itself_refuses_a_twin() -> None:
    UserFactory(username="ana")
    with pytest.raises(IntegrityError):
        UserFactory(username="Ana")


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["ana", "ANA", "ana@example.com", "Ana@Example.COM"])
def test_people_sign_in_in_any_case(client: Client, login: str) -> None:
    user = UserFactory(username="ana", email="ana@example.com")
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_old_rows_that_look_alike_keep_their_words_and_sign_in(client: Client, caplog) -> None:
    first, second = UserFactory(username="ana"), UserFactory(username="other")
    third = UserFactory(username="ana@old.example", email="third@example.com")
    User.objects.filter(pk=second.pk).update(username="Ana", name_key=None)
    User.objects.update(name_key=None, email_key=None)

    import_module("accounts.migrations.0004_fill_sign_in_keys").fill(
        apps, SimpleNamespace(connection=connection)
    )

    keys = dict(User.objects.values_list("pk", "name_key"))
    assert keys == {first.pk: "ana", second.pk: f"~{second.pk}", third.pk: f"~{third.pk}"}
    assert caplog.text.count("give it another in the console") == 2
    for login, user in (("ana", first), ("Ana", second), ("ana@old.example", third)):
        User.objects.get(pk=user.pk).save()  # as a new password does: it stays as it is
        browser = Client()
        # The password decides: each has the same here, so they are told apart by it.
        user.set_password(f"{PASSWORD}-{user.pk}")
        user.save(update_fields=["password"])
        browser.post(
            reverse("account_login"), {"login": login, "password": f"{PASSWORD}-{user.pk}"}
        )
        assert browser.session["_auth_user_id"] == str(user.pk), login


@pytest.mark.django_db
def test_a_changed_address_takes_its_key_along(client: Client, owner: User) -> None:
    owner.email = "Other@Example.com"
    owner.save(update_fields=["email"])
    assert User.objects.get(pk=owner.pk).email_key == "other@example.com"


@pytest.mark.django_db
def test_the_address_of_another_account_never_becomes_ones_own(client: Client, owner: User) -> None:
    UserFactory(email="taken@example.com")
    client.force_login(owner)
    confirm(client)
    address = reverse("account_email")
    client.post(address, {"action_add": "", "email": "taken@example.com"})
    answer = client.post(address, {"action_primary": "", "email": "taken@example.com"}, follow=True)
    assert answer.status_code == 200
    owner.refresh_from_db()
    assert owner.email == "owner@example.com"


@pytest.mark.parametrize(
    ("twin", "name"),
    [
        ("\u04cf\u043e\u04cf\u0430", "lola"),  # Cyrillic alone, the palochka as l
        ("\u0430\u04c0\u04c0\u0435", "alle"),
        *((f"{unicodedata.lookup(f'LATIN LETTER SMALL CAPITAL {c}')}o", f"{c}o") for c in SMALL),
    ],
)
def test_small_capitals_and_the_palochka_are_read_as_they_look(twin, name):
    assert key_of(twin) == key_of(name)


@pytest.mark.django_db
def test_keys_of_names_that_are_read_anew_are_filled_anew(caplog) -> None:
    first, twin, small = (UserFactory(username=name) for name in ("ana", "other", "third"))
    User.objects.filter(pk=twin.pk).update(username="ᴀɴᴀ", name_key="ᴀɴᴀ")
    User.objects.filter(pk=small.pk).update(username="ʟɪᴀ", name_key="ʟɪᴀ")
    import_module("accounts.migrations.0006_refill_sign_in_keys").refill(
        apps, SimpleNamespace(connection=connection)
    )
    keys = dict(User.objects.values_list("pk", "name_key"))
    assert keys == {first.pk: "ana", twin.pk: f"~{twin.pk}", small.pk: "lia"}
    assert caplog.text.count("give it another in the console") == 1


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)


@pytest.mark.parametrize(
    "name",
    [
        "a@b",
        "adminа",
        "an\u200ba",
        "\u3164",
        "a\u0323\u0301\u0302\u0303\u0304na",
        "\u0301",
        "a b",
        "a/b",
    ],
)
def test_names_that_deceive_are_no_names(name: str) -> None:
    with pytest.raises(ValidationError):
        User._meta.get_field("username").run_validators(name)
