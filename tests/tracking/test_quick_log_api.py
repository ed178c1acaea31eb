"""Quick log over HTTP."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import UserFactory
from tests.tracking.bodies import LOGS
from tests.tracking.factories import SkillFactory, today
from tracking.services.logs import add_log, quick_log


@pytest.mark.parametrize("minutes", [15, 30, 60, 1, 1440])
def test_quick_log_needs_a_skill_and_minutes_only(api, skill, minutes):
    made = api.post(f"{LOGS}/quick", {"skill_id": skill.pk, "duration_minutes": minutes})

    assert made.status_code == 201
    words = "1 minute" if minutes == 1 else f"{minutes} minutes"
    assert made.json()["description"] == f"Quick log: {words}"
    assert made.json()["date_practiced"] == today().isoformat()


def test_quick_log_takes_a_description_of_its_own(api, skill):
    made = api.post(
        f"{LOGS}/quick",
        {"skill_id": skill.pk, "duration_minutes": 30, "description": "Flash cards on joins"},
    )

    assert made.json()["description"] == "Flash cards on joins"


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_minutes": 0},
        {"duration_minutes": 1441},
        {"description": "short"},
        {"skill_id": 0},
    ],
)
def test_quick_log_obeys_the_limits(api, skill, changes):
    body = {"skill_id": skill.pk, "duration_minutes": 30, **changes}

    assert api.post(f"{LOGS}/quick", body).status_code == 400


def test_the_day_start_hour_moves_the_default_date_only(db):
    learner = UserFactory(timezone="UTC", day_start_hour=4)
    skill = SkillFactory(user=learner)
    at_three = datetime(2026, 3, 10, 3, tzinfo=UTC)

    quick = quick_log(skill=skill, user=learner, duration_minutes=15, now=at_three)
    chosen = add_log(
        skill=skill,
        user=learner,
        date_practiced=date(2026, 3, 10),
        duration_minutes=15,
        description="Chosen by hand",
        now=at_three,
    )
    assert (quick.date_practiced, chosen.date_practiced) == (date(2026, 3, 9), date(2026, 3, 10))
