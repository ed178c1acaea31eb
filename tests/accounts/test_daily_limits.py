from datetime import UTC, datetime, timedelta

import pytest

from accounts.errors import DailyLimitReached
from accounts.models import DailyUsage, LimitGrant, UsageReservation
from accounts.services import usage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
KIND = "practice_start"


def take(user, subject, now=NOW):
    return usage.reserve(user=user, kind=KIND, subject_kind="practice", subject_id=subject, now=now)


def taken(user, now=NOW):
    return sum(
        DailyUsage.objects.filter(user=user, day=now.date(), kind=KIND).values_list(
            "taken", flat=True
        )
    )


def test_a_free_user_starts_three_a_day_and_is_told_when_more():
    user = UserFactory()
    for subject in range(3):
        take(user, subject)

    with pytest.raises(DailyLimitReached) as refusal:
        take(user, 3)

    assert refusal.value.status == 429
    assert refusal.value.extra["limit"] == 3
    assert refusal.value.extra["used"] == 3
    assert refusal.value.extra["resets_at"] == "2026-03-02T00:00:00Z"
    assert refusal.value.headers["Retry-After"] == "1"


def test_the_next_utc_day_is_a_new_key():
    user = UserFactory(timezone="Pacific/Kiritimati")
    for subject in range(3):
        take(user, subject)

    take(user, 3, now=NOW + timedelta(seconds=1))

    assert taken(user) == 3
    assert taken(user, NOW + timedelta(seconds=1)) == 1


def test_premium_has_no_limit_but_is_counted():
    user = UserFactory(plan="premium")
    for subject in range(10):
        take(user, subject)

    assert taken(user) == 10


def test_a_grant_of_staff_raises_the_limit():
    user = UserFactory()
    LimitGrant.objects.create(user=user, kind=KIND, extra=1, until=NOW.date())
    for subject in range(4):
        take(user, subject)

    with pytest.raises(DailyLimitReached):
        take(user, 4)


def test_the_same_subject_is_taken_once():
    user = UserFactory()
    take(user, 1)
    take(user, 1)

    assert taken(user) == 1


def test_a_release_gives_back_once():
    user = UserFactory()
    take(user, 1)

    assert usage.release(subject_kind="practice", subject_id=1, now=NOW)
    assert not usage.release(subject_kind="practice", subject_id=1, now=NOW)
    assert taken(user) == 0


def test_what_was_used_is_given_back_only_when_we_spoiled_it():
    user = UserFactory()
    take(user, 1)
    usage.mark_used(subject_kind="practice", subject_id=1, now=NOW)

    assert not usage.release(subject_kind="practice", subject_id=1, now=NOW)
    assert usage.release(subject_kind="practice", subject_id=1, now=NOW, spoiled=True)
    assert taken(user) == 0


def test_a_reservation_without_a_word_is_released_after_two_hours():
    user = UserFactory()
    take(user, 1)
    take(user, 2)
    usage.keep_reserved(subject_kind="practice", subject_id=2, user=user, now=NOW)

    assert usage.release_stale(now=NOW + timedelta(hours=1, minutes=59)) == 0
    assert usage.release_stale(now=NOW + timedelta(hours=2, seconds=1)) == 1
    assert taken(user) == 1


def test_the_first_word_takes_a_released_reservation_again_even_over_the_limit():
    user = UserFactory()
    take(user, 1)
    usage.release(subject_kind="practice", subject_id=1, now=NOW)
    for subject in range(2, 5):
        take(user, subject)

    usage.keep_reserved(subject_kind="practice", subject_id=1, user=user, now=NOW)

    assert taken(user) == 4
    assert UsageReservation.objects.filter(subject_id="1", state="reserved").exists()
