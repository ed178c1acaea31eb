from datetime import UTC, datetime

import pytest

from accounts.models import Subscription
from common import rows
from common.models import IdempotencyKey
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 2, 28, 12, 30, 15, 123456, tzinfo=UTC)


def test_a_deleted_row_comes_back_exactly():
    row = IdempotencyKey.objects.create(
        principal="user:1",
        method="POST",
        path="/x",
        key="k",
        body_hash="h",
        response=b"\x00\xff",
        created_at=MOMENT,
    )
    before = rows.image(row)
    row.delete()

    rows.restore([before])

    assert rows.image(IdempotencyKey.objects.get()) == before


def test_an_existing_row_is_overwritten_without_touching_its_stamps():
    subscription = Subscription.objects.get(user=UserFactory())
    before = rows.image(subscription)
    subscription.plan = "premium"
    subscription.save()

    rows.restore([before])

    assert rows.fetch("accounts.Subscription", [subscription.pk]) == [before]


def test_any_change_changes_the_fingerprint():
    subscription = Subscription.objects.get(user=UserFactory())
    before = rows.fingerprint(rows.image(subscription))
    subscription.status = "expired"
    subscription.save()

    assert rows.fingerprint(rows.image(subscription)) != before
