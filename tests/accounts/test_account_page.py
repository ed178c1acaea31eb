"""The account page: plan and use, profile, tokens, one's data and leaving."""

from __future__ import annotations

import json
import re
import tracemalloc
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.services.tokens import issue_token
from common import clock
from practice.models import DraftRevision
from practice.services.sessions import start_session
from tests.accounts.steps import confirm
from tests.practice.factories import QuestionFactory

PAGE = "/account"
PROFILE = {
    "first_name": "Ana",
    "last_name": "",
    "timezone": "Asia/Tokyo",
    "day_start_hour": "4",
    "weekly_goal_minutes": "120",
    "reminder_after_days": "0",
    "theme": "dark",
}


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    """Signed in, and asked for the password just now."""
    client.force_login(owner)
    confirm(client)
    return client


def test_it_is_only_for_people_who_are_signed_in(client: Client, db: None) -> None:
    for name in ("account",):
        answer = client.get(reverse(f"accounts:{name}"))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_it_shows_the_plan_and_what_is_used_of_it(page: Client) -> None:
    text = page.get(PAGE).content.decode()
    assert "Free plan" in text
    assert 'aria-label="Practice starts: 0 of 3 used"' in text


def test_the_profile_is_saved_and_nothing_else(page: Client, owner: User) -> None:
    sent = {**PROFILE, "is_staff": "on", "email": "other@example.com"}
    assert page.post(PAGE, sent).url == PAGE
    saved = User.objects.get(pk=owner.pk)
    assert (saved.timezone, saved.theme, saved.day_start_hour) == ("Asia/Tokyo", "dark", 4)
    assert (saved.is_staff, saved.email) == (False, owner.email)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Nowhere"),
        ("day_start_hour", "24"),
        ("theme", "pink"),
        ("first_name", "x" * 151),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(page, owner, field: str, value: str) -> None:
    answer = page.post(PAGE, {**PROFILE, field: value})
    assert answer.status_code == 400
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert User.objects.get(pk=owner.pk).timezone == owner.timezone


def test_a_token_is_shown_once_and_opens_the_api(page: Client) -> None:
    text = page.post(reverse("accounts:create-token"), {"name": "notebook", "days": 7}).content
    token = re.search(rb'token-text">([^<]+)<', text)
    assert token
    me = Client().get("/api/auth/me", headers={"authorization": f"Bearer {token[1].decode()}"})
    assert me.json()["username"] == "owner"
    later = page.get(PAGE).content
    assert b"notebook" in later
    assert token[1] not in later


def test_a_token_needs_a_name_and_a_life_of_a_year_at_most(page: Client) -> None:
    answer = page.post(reverse("accounts:create-token"), {"name": "", "days": 366})
    assert answer.status_code == 400
    assert not ApiToken.objects.exists()


def test_an_expired_token_is_not_listed(page: Client, owner: User) -> None:
    token, _ = issue_token(user=owner, name="old one", days=1)
    assert b"old one" in page.get(PAGE).content
    ApiToken.objects.filter(pk=token.pk).update(expiry=clock.now() - timedelta(seconds=1))
    assert b"old one" not in page.get(PAGE).content


def test_only_its_owner_revokes_a_token(page: Client, owner: User, stranger: User) -> None:
    mine, _ = issue_token(user=owner)
    theirs, _ = issue_token(user=stranger)
    answers = [
        page.post(reverse("accounts:revoke-token", args=[token.token_key]))
        for token in (mine, theirs)
    ]
    assert [answer.status_code for answer in answers] == [302, 404]
    assert list(ApiToken.objects.values_list("user_id", flat=True)) == [stranger.pk]


def test_the_export_is_a_file_with_all_that_is_held(page: Client) -> None:
    assert reverse("accounts:export-file") in page.get(reverse("accounts:export")).content.decode()
    answer = page.get(reverse("accounts:export-file"))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.getvalue())["account"]["username"] == "owner"


def test_the_export_is_written_in_pieces_and_not_all_day(page: Client, owner: User) -> None:
    """Of a full quota four at once took 3.5 GB, and none came within a minute."""
    set_id = QuestionFactory().question_main_id
    session, _ = start_session(user=owner, question_main_id=set_id, now=clock.now())
    practice = session.practices.get()
    DraftRevision.objects.bulk_create(
        DraftRevision(practice=practice, answer_text="x" * 50_000, version=n, saved_at=clock.now())
        for n in range(1, 301)
    )
    tracemalloc.start()
    answer = page.get(reverse("accounts:export-file"))
    size = sum(len(piece) for piece in answer.streaming_content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 15_000_000 > 2 * most, most

    codes = [page.get(reverse("accounts:export-file")).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


def test_leaving_asks_for_the_username_and_removes_the_person(page: Client, owner: User) -> None:
    address = reverse("accounts:delete")
    assert page.get(address).status_code == 200
    assert page.post(address, {"username": "someone"}).status_code == 400
    assert User.objects.filter(pk=owner.pk).exists()
    assert page.post(address, {"username": "owner"}).url == reverse("landing")
    assert not User.objects.filter(pk=owner.pk).exists()
    assert page.get(PAGE).status_code == 302
