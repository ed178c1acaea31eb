"""Selectors that other apps show: the dashboard's summary and the number beside the flame."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import NOW
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog, StreakPause
from tracking.selectors.dashboard import dashboard_summary
from tracking.selectors.days import all_days, current_streak, days_by_skill, merged

TODAY = date(2026, 3, 11)  # a Wednesday


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner)


def practised(skill, *ages, minutes=30):
    PracticeLog.objects.bulk_create(
        PracticeLogFactory.build(
            skill=skill,
            user=skill.user,
            date_practiced=TODAY - timedelta(days=age),
            duration_minutes=minutes,
        )
        for age in ages
    )


def test_the_dashboard_in_two_queries(owner, skill, django_assert_num_queries):
    practised(skill, 0, 1, 2, 3, 10)
    practised(SkillFactory(user=owner), 0, minutes=60)

    with django_assert_num_queries(2):
        summary = dashboard_summary(owner, TODAY)
    assert summary.streak.current == 4
    assert (summary.week_minutes, summary.goal_minutes) == (150, 180)
    assert summary.goal_percentage == 83
    assert len(summary.heat) == 12
    assert summary.heat[-1].days[2].minutes == 90
    assert summary.heat[-1].days[3].ahead
    assert summary.sentence == "You practised on 4 of the last 7 days."


def test_grouped_by_the_database_or_by_us_it_is_the_same(owner, skill):
    practised(skill, 0, 0, 1, 5, 9)
    practised(SkillFactory(user=owner), 0, 5, 6, minutes=7)

    assert all_days(owner) == merged(days_by_skill(owner))


@pytest.mark.parametrize("length", [0, 1, 59, 60, 61, 599, 600, 601, 700])
def test_the_flame_counts_as_far_back_as_the_streak_goes(owner, skill, length):
    practised(skill, *range(length), *range(length + 5, length + 80))

    assert current_streak(owner, TODAY) == length


def test_the_flame_of_a_streak_that_was_broken_looks_no_further(
    owner, skill, django_assert_num_queries
):
    practised(skill, *range(10), *range(20, 200))

    with django_assert_num_queries(2):
        assert current_streak(owner, TODAY) == 10


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ages=st.sets(st.integers(0, 90), max_size=90), pause=st.integers(0, 90) | st.none())
def test_the_flame_and_the_dashboard_agree(owner, skill, ages, pause):
    PracticeLog.objects.all().delete()
    StreakPause.objects.all().delete()
    practised(skill, *ages)
    if pause is not None:
        start = TODAY - timedelta(days=pause)
        StreakPause.objects.create(
            user=owner, start_date=start, end_date=start + timedelta(days=4), created_at=NOW
        )

    assert current_streak(owner, TODAY) == dashboard_summary(owner, TODAY).streak.current
