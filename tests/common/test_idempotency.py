from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import LimitGrant
from common.models import IdempotencyKey
from tests.factories import UserFactory
from tests.threads import run_together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.common.idempotency_views"),
]


def post(user, body, key=None):
    client = APIClient()
    client.force_authenticate(user)
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key is not None else {}
    return client.post("/api/grants", body, format="json", **headers)


def test_the_same_key_and_body_get_the_first_answer_again():
    user = UserFactory()

    first = post(user, {"extra": 1}, "k")
    second = post(user, {"extra": 1}, "k")

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert LimitGrant.objects.count() == 1


def test_the_same_key_with_another_body_is_422():
    user = UserFactory()
    post(user, {"extra": 1}, "k")

    answer = post(user, {"extra": 2}, "k")

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert LimitGrant.objects.count() == 1


def test_keys_belong_to_their_user():
    assert post(UserFactory(), {"extra": 1}, "k").status_code == 201
    assert post(UserFactory(), {"extra": 1}, "k").status_code == 201
    assert LimitGrant.objects.count() == 2


def test_a_refusal_rolls_back_is_not_stored_and_keeps_what_must_not_be_lost():
    user = UserFactory()

    assert post(user, {"extra": 1, "refuse": True}, "k").status_code == 409
    assert post(user, {"extra": 1, "refuse": True}, "k").status_code == 409

    assert list(LimitGrant.objects.values_list("extra", flat=True)) == [999, 999]
    assert not IdempotencyKey.objects.exists()


def test_after_a_day_a_key_is_free_again():
    user = UserFactory()
    post(user, {"extra": 1}, "k")
    row = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(created_at=row.created_at - timedelta(hours=24, minutes=1))

    assert post(user, {"extra": 2}, "k").status_code == 201
    assert LimitGrant.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\tb"])
def test_keys_that_are_none_are_400(key):
    assert post(UserFactory(), {"extra": 1}, key).status_code == 400


def test_without_a_key_each_request_counts():
    user = UserFactory()
    post(user, {"extra": 1})
    post(user, {"extra": 1})

    assert LimitGrant.objects.count() == 2


@pytest.mark.sqlite
def test_twenty_concurrent_duplicates_give_one_row_and_one_answer():
    user = UserFactory()

    answers = run_together([lambda: post(user, {"extra": 1}, "k")] * 20)

    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum("Idempotency-Replayed" not in a for a in answers) == 1
    assert LimitGrant.objects.count() == 1
