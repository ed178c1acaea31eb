"""Limits under load: at the edge, across midnight, and given back once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.db.models import F

from accounts.models import DailyUsage
from accounts.services import usage
from common import clock
from practice.models import PracticeMain
from tests.factories import UserFactory
from tests.practice.factories import QuestionFactory, QuestionMainFactory
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def sets(count):
    made = [QuestionMainFactory() for _ in range(count)]
    for row in made:
        QuestionFactory(question_main=row)
    return made


def start_all(user, question_sets, api_for, *, at_once):
    """POST a start for every set, many at once; the status codes."""

    def start(row):
        try:
            client = api_for(user)
            return client.post(
                "/api/v1/practice-main", {"question_main_id": row.pk}, format="json"
            ).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(start, question_sets))


@pytest.mark.sqlite
def test_of_200_parallel_starts_exactly_the_three_left_succeed(api_for):
    user = UserFactory()

    codes = start_all(user, sets(200), api_for, at_once=20)

    assert sorted(set(codes)) == [201, 429]
    assert codes.count(201) == 3
    assert PracticeMain.objects.filter(user=user).count() == 3
    assert DailyUsage.objects.get(user=user).taken == 3


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "UTC", "Pacific/Kiritimati"])
def test_across_utc_midnight_each_start_counts_for_its_own_utc_day(zone):
    user = UserFactory(timezone=zone)
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    for n, moment in enumerate([midnight - timedelta(microseconds=1), midnight]):
        usage.reserve(user=user, kind="practice_start", subject_kind="x", subject_id=n, now=moment)

    counts = dict(DailyUsage.objects.filter(user=user).values_list("day", "taken"))

    assert counts == {(midnight - timedelta(days=1)).date(): 1, midnight.date(): 1}


@pytest.mark.sqlite
def test_rapid_clicks_make_one_session(api_for):
    user = UserFactory(plan="premium")
    (row,) = sets(1)

    codes = start_all(user, [row] * 50, api_for, at_once=20)

    assert codes.count(201) == 1
    assert codes.count(200) == 49
    assert PracticeMain.objects.filter(user=user).count() == 1


def test_released_twice_gives_back_once():
    user = UserFactory()
    now = clock.now()
    usage.reserve(user=user, kind="practice_start", subject_kind="x", subject_id=1, now=now)
    DailyUsage.objects.update(taken=F("taken") + 1)

    released = run_together([lambda: usage.release(subject_kind="x", subject_id=1, now=now)] * 10)

    assert released.count(True) == 1
    assert DailyUsage.objects.get(user=user).taken == 1
