"""Texts that make careless code work for hours. What is quadratic does not end within the timeout,
which is far above what reading them once takes on any machine."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.names import key_of, mixes_look_alikes
from common.redaction import redacted
from common.sheets.texts import plain_title
from tests.factories import UserFactory
from tests.tracking.factories import SkillFactory
from tracking.names import name_key

# Normalizing sorts runs of marks by insertion, and makes eighteen characters of the last one.
MARKS, EXPANDING = "a" + "\u0301\u0327" * 500_000, "\ufdfa" * 1_000_000

pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("text", [MARKS, EXPANDING], ids=["marks", "expanding"])
@pytest.mark.parametrize("compared", [key_of, mixes_look_alikes, name_key, plain_title])
def test_names_and_titles_are_compared_by_their_beginning(compared, text):
    compared(text)


@pytest.mark.parametrize(
    "text",
    ["otp" * 300_000, "password" * 100_000, "x-api-key-" * 100_000, "a:" * 300_000, "a" + " " * 900_000,
     "csrf" * 200_000, "?csrf" + "token" * 200_000],
)  # fmt: skip
def test_secrets_are_taken_out_in_one_pass(text):
    assert redacted(text) == text


def test_a_name_in_the_middle_of_a_word_hides_its_value():
    line = "my-api-key: abc; otp_code=123456 HTTP_COOKIE='x1' plain=2"
    assert redacted(line) == "my-api-key: ***; otp_code=*** HTTP_COOKIE='***' plain=2"


@pytest.mark.django_db
def test_the_sign_in_takes_no_name_longer_than_any(client):
    page = client.post(reverse("account_login"), {"login": MARKS, "password": "a-long-sentence-7"})
    assert page.status_code == 200
    assert "at most 300 characters" in page.content.decode()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_moment_has_a_date_in_every_zone(api, owner, moment):
    shot = {"filename": "a", "uploaded_at": moment}
    body = {"skill_id": SkillFactory(user=owner).pk, "evidence_type": "screenshot"}
    refused = api.post("/api/v1/evidence", {**body, "metadata": shot})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["metadata"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", ["usersessions_usersession", "accounts_apitoken", "mfa_authenticator"]
)
def test_a_key_that_no_list_shows_cannot_be_asked_for_letter_by_letter(client, row):
    client.force_login(UserFactory(admin=True))
    address = reverse(f"admin:{row}_changelist")
    hidden = {"usersessions_usersession": "session_key", "accounts_apitoken": "digest"}
    refused = client.get(address, {f"{hidden.get(row, 'data')}__startswith": "a"})
    assert refused.status_code == 400
    assert client.get(address, {"user__id__exact": "1"}).status_code == 200
