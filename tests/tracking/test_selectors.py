"""Selectors that other apps show: the dashboard's summary and the number beside the flame."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import NOW
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog, StreakPause
from tracking.selectors.analytics import analytics, overview
from tracking.selectors.dashboard import dashboard_summary
from tracking.selectors.days import current_streak
from tracking.selectors.progress import CARD_SPAN, skill_cards, skill_report

TODAY = date(2026, 3, 11)  # a Wednesday


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner)


def practiced(skill, *ages, minutes=30):
    PracticeLog.objects.bulk_create(
        PracticeLogFactory.build(
            skill=skill,
            user=skill.user,
            date_practiced=TODAY - timedelta(days=age),
            duration_minutes=minutes,
        )
        for age in ages
    )


def test_the_dashboard_in_two_queries(owner, skill, django_assert_max_num_queries):
    practiced(skill, 0, 1, 2, 3, 10)
    practiced(SkillFactory(user=owner), 0, minutes=60)

    with django_assert_max_num_queries(2):
        summary = dashboard_summary(owner, TODAY)
    assert summary.streak.current == 4
    assert (summary.week_minutes, summary.goal_minutes) == (150, 180)
    assert summary.goal_percentage == 83
    assert len(summary.heat) == 12
    assert summary.heat[-1].days[2].minutes == 90
    assert summary.heat[-1].days[3].ahead
    assert summary.sentence == "You practiced on 4 of the last 7 days."


@pytest.mark.parametrize("length", [0, 1, 59, 60, 61, 599, 600, 601, 700])
def test_the_flame_counts_as_far_back_as_the_streak_goes(owner, skill, length):
    practiced(skill, *range(length), *range(length + 5, length + 80))

    assert current_streak(owner, TODAY) == length


def test_the_flame_of_a_streak_that_was_broken_looks_no_further(
    owner, skill, django_assert_max_num_queries
):
    practiced(skill, *range(10), *range(20, 200))

    with django_assert_max_num_queries(2):
        assert current_streak(owner, TODAY) == 10


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ages=st.sets(st.integers(0, 90), max_size=90), pause=st.integers(0, 90) | st.none())
def test_the_flame_and_the_dashboard_agree(owner, skill, ages, pause):
    PracticeLog.objects.all().delete()
    StreakPause.objects.all().delete()
    practiced(skill, *ages)
    if pause is not None:
        start = TODAY - timedelta(days=pause)
        StreakPause.objects.create(
            user=owner, start_date=start, end_date=start + timedelta(days=4), created_at=NOW
        )

    assert current_streak(owner, TODAY) == dashboard_summary(owner, TODAY).streak.current


# ---- the cards of /skills say what the page of each skill says


def same_as_its_page(owner, skill):
    card, report = (
        skill_cards(owner, now=AT, skill_id=skill.pk)[0],
        skill_report(skill, owner, now=AT),
    )
    assert card.standing.progress == report.standing.progress
    assert (card.standing.trend, card.standing.change) == (
        report.standing.trend,
        report.standing.change,
    )
    assert card.current_streak == report.streak.current
    assert card.week_minutes == report.week_minutes
    assert card.last_practiced == report.last_practiced


AT = datetime(2026, 3, 11, 12, tzinfo=UTC)
SPAN = CARD_SPAN.days


@pytest.mark.parametrize(
    "ages",
    [
        (),
        (0,),
        (SPAN - 1, SPAN, SPAN + 1),
        (SPAN + 1,),
        range(SPAN),
        range(SPAN + 1),
        range(SPAN + 2),
        range(300),
        (*range(SPAN), *range(SPAN + 1, 200)),
        (*range(40), *range(41, 300)),
        (1, 1, 1, 2, 400, 401),
    ],
)
def test_a_card_agrees_with_its_page_at_the_edges(owner, skill, ages):
    practiced(skill, *ages)

    same_as_its_page(owner, skill)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ages=st.lists(st.integers(-1, 150), max_size=150), pause=st.integers(0, 120) | st.none())
def test_a_card_agrees_with_its_page(owner, skill, ages, pause):
    PracticeLog.objects.all().delete()
    StreakPause.objects.all().delete()
    practiced(skill, *ages)
    if pause is not None:
        start = TODAY - timedelta(days=pause)
        StreakPause.objects.create(
            user=owner, start_date=start, end_date=start + timedelta(days=30), created_at=NOW
        )

    same_as_its_page(owner, skill)


def test_cards_are_in_order_of_practice_with_the_length_of_the_last_session(owner, skill):
    other, never = SkillFactory(user=owner), SkillFactory(user=owner)
    practiced(skill, 3, minutes=20)
    practiced(skill, 2, minutes=45)
    practiced(other, 1)

    cards = skill_cards(owner, now=AT)
    assert [card.skill for card in cards] == [other, skill, never]
    assert [card.last_minutes for card in cards] == [30, 45, None]


def test_the_week_of_a_card_begins_on_monday(owner, skill):
    practiced(skill, 1, 2, 3)  # Tuesday, Monday, Sunday

    assert skill_cards(owner, now=AT)[0].week_minutes == 60
    assert skill_report(skill, owner, now=AT).week_minutes == 60


def test_five_queries_for_any_number_of_skills_and_logs(owner, django_assert_max_num_queries):
    for _ in range(6):
        practiced(SkillFactory(user=owner), *range(80))

    with django_assert_max_num_queries(5):
        assert [card.current_streak for card in skill_cards(owner, now=AT)] == [80] * 6
    with django_assert_max_num_queries(2):
        assert overview(owner, now=AT).streak.current == 80
    with django_assert_max_num_queries(4):
        assert analytics(owner, now=AT).total_sessions == 480
