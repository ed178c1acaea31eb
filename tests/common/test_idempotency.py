from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import LimitGrant
from accounts.services.own_data import delete_user
from common.http.idempotency import KEY_BYTES
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


def test_stored_answers_of_one_person_end_at_their_bytes_however_small(settings):
    settings.LIMITS = {**settings.LIMITS, "idempotency_bytes": 5_300}
    user, other = UserFactory(), UserFactory()
    replies = [post(user, {"extra": 1}, f"k{n}") for n in range(20)]

    refused = [reply for reply in replies if reply.status_code != 201]
    kept = IdempotencyKey.objects.filter(principal=f"user:{user.pk}")
    assert len(kept) == 5
    assert sum(len(row.response) + KEY_BYTES for row in kept) <= 5_300
    assert LimitGrant.objects.filter(user=user).count() == len(kept) == 20 - len(refused)
    body = refused[-1].json()
    assert (refused[-1].status_code, body["kind"]) == (429, "idempotency_bytes")
    assert body["limit"] == 5_300 and 5_120 < body["used"] <= 5_300 and body["resets_at"]
    assert 86_000 < int(refused[-1]["Retry-After"]) <= 86_400

    assert post(user, {"extra": 1}, "k0")["Idempotency-Replayed"] == "true"
    assert post(user, {"extra": 1}).status_code == 201
    assert post(other, {"extra": 1}, "k").status_code == 201
    IdempotencyKey.objects.update(created_at=kept[0].created_at - timedelta(hours=25))
    assert post(user, {"extra": 1}, "k99").status_code == 201


def test_stored_answers_go_with_their_person():
    user, other = UserFactory(), UserFactory()
    post(user, {"extra": 1}, "k")
    post(other, {"extra": 1}, "k")

    delete_user(user=user)

    assert [row.principal for row in IdempotencyKey.objects.all()] == [f"user:{other.pk}"]
