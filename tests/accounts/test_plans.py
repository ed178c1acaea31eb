"""Plans: until when a granted one lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Subscription
from accounts.selectors.plans import plan_of
from accounts.services.people import grant_plan
from accounts.services.plan_repairs import create_free

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def test_premium_granted_until_a_date_ends_then(owner, now):
    grant_plan(user=owner, plan="premium", valid_until=now + MONTH)

    assert Subscription.objects.get(user=owner).valid_until == now + MONTH
    assert plan_of(owner, now=now + MONTH - timedelta(seconds=1)) == "premium"
    assert plan_of(owner, now=now + MONTH) == "free"


def test_premium_granted_without_a_date_has_no_end(owner, now):
    grant_plan(user=owner, plan="premium", valid_until=now + MONTH)
    grant_plan(user=owner, plan="premium")

    assert Subscription.objects.get(user=owner).valid_until is None
    assert plan_of(owner, now=now + 100 * MONTH) == "premium"


def test_a_free_plan_has_no_date_whatever_is_asked(owner, now):
    grant_plan(user=owner, plan="free", valid_until=now + MONTH)

    subscription = Subscription.objects.get(user=owner)
    assert (subscription.plan, subscription.status) == ("free", "active")
    assert subscription.valid_until is None


def test_a_grant_makes_an_expired_subscription_active_again(owner, now):
    Subscription.objects.filter(user=owner).update(status="expired")

    grant_plan(user=owner, plan="premium", valid_until=now + MONTH)

    assert plan_of(owner, now=now) == "premium"


def test_a_missing_subscription_is_made_free_and_one_that_exists_is_kept(owner, now):
    grant_plan(user=owner, plan="premium")
    assert create_free(user_id=owner.pk).plan == "premium"

    Subscription.objects.all().delete()

    assert create_free(user_id=owner.pk) == Subscription.objects.get(user=owner, plan="free")
