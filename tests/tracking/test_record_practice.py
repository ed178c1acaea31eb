"""What other apps call when they saw a learner practice."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import UserFactory
from tests.threads import run_together
from tests.tracking.factories import SkillFactory
from tracking.models import PracticeLog, Skill
from tracking.services import record_practice

NOW = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)


def record(user, **changes):
    facts = {
        "skill_name": "System design",
        "minutes": 45,
        "description": "Completed “Design a URL shortener”",
        "source_kind": "practice_main",
        "source_id": 7,
        "now": NOW,
        **changes,
    }
    return record_practice(user=user, **facts)


def test_without_such_a_skill_nothing_is_recorded(owner):
    assert record(owner) is None
    assert not Skill.objects.exists()


def test_the_skill_can_be_made_on_the_way(owner):
    log = record(owner, create_skill=True)

    assert (log.skill.name, log.duration_minutes) == ("System design", 45)
    assert log.date_practiced == date(2026, 3, 10)


def test_the_skill_is_found_whatever_its_case_and_width(owner):
    skill = SkillFactory(user=owner, name="ＳＹＳＴＥＭ  design ")

    assert record(owner).skill == skill


def test_the_same_source_is_recorded_once(owner):
    first = record(owner, create_skill=True)

    assert record(owner, create_skill=True, minutes=90) == first
    assert PracticeLog.objects.count() == 1


def test_the_date_is_the_learners_own_day(db):
    night_owl = UserFactory(timezone="Pacific/Auckland", day_start_hour=4)

    assert record(night_owl, create_skill=True).date_practiced == date(2026, 3, 11)
    assert record(night_owl, source_id=8, local_date=date(2026, 3, 9)).date_practiced == date(
        2026, 3, 9
    )


@pytest.mark.parametrize("minutes, kept", [(0, 1), (1, 1), (1440, 1440), (5000, 1440)])
def test_minutes_are_kept_within_a_day(owner, minutes, kept):
    assert record(owner, create_skill=True, minutes=minutes).duration_minutes == kept


def test_the_description_is_made_to_fit(owner):
    assert record(owner, create_skill=True, description="Set 1").description == "Practiced: Set 1"
    assert len(record(owner, source_id=8, description="x" * 900).description) == 500


@pytest.mark.django_db(transaction=True)
def test_concurrent_duplicates_record_once():
    user = UserFactory()

    logs = run_together([lambda: record(user, create_skill=True)] * 4)

    assert PracticeLog.objects.count() == 1
    assert len({log.pk for log in logs}) == 1
