"""Progress, timeline and analytics over HTTP."""

from datetime import date, timedelta

import pytest

from common import clock
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory, today
from tracking.models import StreakPause


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner, name="React")


def practiced(skill, ages, minutes):
    for age in ages:
        PracticeLogFactory(
            skill=skill, date_practiced=today() - timedelta(days=age), duration_minutes=minutes
        )


def progress(api, skill):
    return api.get(f"/api/v1/skills/{skill.pk}/progress").json()


def test_ten_weekly_sessions_of_fifteen_hours(api, skill):
    practiced(skill, range(0, 70, 7), 90)

    body = progress(api, skill)
    assert (body["percentage"], body["stage"]) == (45, "Intermediate")
    assert (body["total_sessions"], body["total_minutes"]) == (10, 900)
    assert body["last_practiced"] == today().isoformat()
    assert body["trend"] == "improving"
    assert body["inputs"]["active_days"] == 5


def test_fifty_daily_sessions_of_eighty_hours(api, skill):
    practiced(skill, range(50), 96)

    body = progress(api, skill)
    assert (body["percentage"], body["stage"]) == (85, "Advanced")
    assert (body["current_streak"], body["longest_streak"]) == (50, 50)


def test_a_skill_without_practice(api, skill):
    body = progress(api, skill)

    assert (body["percentage"], body["stage"], body["trend"]) == (0, "Beginner", "maintaining")
    assert (body["total_sessions"], body["last_practiced"]) == (0, None)
    assert (body["current_streak"], body["longest_streak"]) == (0, 0)
    assert body["outlook"]


def test_deleting_and_backdating_are_seen_at_once(api, skill):
    practiced(skill, (0, 1, 3, 4), 30)
    assert progress(api, skill)["current_streak"] == 2

    gap = (today() - timedelta(days=2)).isoformat()
    made = api.post(
        "/api/v1/practice-logs",
        {
            "skill_id": skill.pk,
            "date_practiced": gap,
            "duration_minutes": 10,
            "description": "Forgot to log this",
        },
    ).json()
    assert progress(api, skill)["current_streak"] == 5

    api.delete(f"/api/v1/practice-logs/{made['id']}")
    assert progress(api, skill)["current_streak"] == 2


def test_streaks_of_a_skill_and_of_the_learner_are_told_apart(api, owner, skill):
    practiced(skill, (0, 2), 30)
    practiced(SkillFactory(user=owner), (1, 3), 30)

    assert progress(api, skill)["current_streak"] == 1
    assert api.get("/api/v1/analytics").json()["current_streak"] == 4


def test_a_pause_bridges_the_streak(api, owner, skill):
    practiced(skill, (0, 5), 30)
    StreakPause.objects.create(
        user=owner,
        start_date=today() - timedelta(days=4),
        end_date=today() - timedelta(days=1),
        created_at=clock.now(),
    )

    assert progress(api, skill)["current_streak"] == 2


def test_the_timeline_groups_evidence_by_session(api, skill):
    old = PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, 1))
    new = PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, 2))
    first, second = EvidenceFactory.create_batch(2, skill=skill, log=old)
    general = EvidenceFactory(skill=skill)

    body = api.get(f"/api/v1/skills/{skill.pk}/timeline").json()
    assert [log["practice_log_id"] for log in body["results"]] == [new.pk, old.pk]
    assert [e["id"] for e in body["results"][1]["evidence"]] == [first.pk, second.pk]
    assert [e["id"] for e in body["evidence"]] == [general.pk]

    page = api.get(f"/api/v1/skills/{skill.pk}/timeline?page_size=1").json()
    rest = api.get(page["next"]).json()
    assert rest["results"][0]["practice_log_id"] == old.pk


def test_analytics_total_by_skill_week_month_and_weekday(api, owner, skill):
    other = SkillFactory(user=owner, name="SQL")
    for day, minutes, which in [
        (date(2026, 3, 2), 30, skill),  # a Monday
        (date(2026, 3, 8), 45, skill),  # the Sunday of the same week
        (date(2026, 3, 9), 60, other),
        (date(2026, 2, 28), 15, other),
    ]:
        PracticeLogFactory(skill=which, date_practiced=day, duration_minutes=minutes)
    PracticeLogFactory()

    body = api.get("/api/v1/analytics").json()
    assert (body["total_sessions"], body["total_minutes"], body["active_days"]) == (4, 150, 4)
    assert [(t["name"], t["minutes"]) for t in body["by_skill"]] == [("React", 75), ("SQL", 75)]
    assert [(w["week"], w["start"], w["minutes"]) for w in body["by_week"]] == [
        ("2026-W11", "2026-03-09", 60),
        ("2026-W10", "2026-03-02", 75),
        ("2026-W09", "2026-02-23", 15),
    ]
    assert [(m["month"], m["minutes"]) for m in body["by_month"]] == [
        ("2026-03", 135),
        ("2026-02", 15),
    ]
    assert [w["minutes"] for w in body["by_weekday"]] == [90, 0, 0, 0, 0, 15, 45]
    assert sum(w["sessions"] for w in body["by_weekday"]) == 4


def test_analytics_of_a_range_of_dates(api, skill):
    practiced(skill, (0, 1, 2), 10)
    query = f"date_from={today() - timedelta(days=1)}&date_to={today()}"

    body = api.get(f"/api/v1/analytics?{query}").json()
    assert body["total_minutes"] == 20
    assert body["current_streak"] == 3


def test_the_weekly_goal(api, owner, skill):
    owner.weekly_goal_minutes = 60
    owner.save()
    PracticeLogFactory(skill=skill, date_practiced=today(), duration_minutes=45)

    goal = api.get("/api/v1/analytics").json()["goal"]
    assert goal == {
        "weekly_goal_minutes": 60,
        "minutes_this_week": 45,
        "percentage": 75,
        "reached": False,
    }


def test_a_bounded_number_of_queries_however_many_logs(
    api, owner, skill, django_assert_max_num_queries
):
    for name in ("a", "b", "c"):
        practiced(SkillFactory(user=owner, name=name), range(30), 10)

    with django_assert_max_num_queries(6):
        api.get("/api/v1/analytics")
    with django_assert_max_num_queries(6):
        api.get(f"/api/v1/skills/{skill.pk}/progress")
    with django_assert_max_num_queries(6):
        api.get(f"/api/v1/skills/{skill.pk}/timeline")
    with django_assert_max_num_queries(4):
        api.get("/api/v1/practice-logs?page_size=200")
