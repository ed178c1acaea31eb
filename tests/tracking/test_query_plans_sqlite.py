"""SQLite seeks the place of a deep page in its index, and sorts nothing."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog
from tracking.selectors.logs import filtered_logs

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's planner"),
]


@pytest.fixture
def skill(db):
    made = SkillFactory()
    for own in (made, *(SkillFactory() for _ in range(5))):
        PracticeLog.objects.bulk_create(
            PracticeLogFactory.build(
                skill=own, user=own.user, date_practiced=date(2026, 3, 1) - timedelta(days=n // 3)
            )
            for n in range(300)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


@pytest.mark.parametrize(
    "of_skill, seek",
    [
        (False, "log_user_newest (user_id=? AND date_practiced<?)"),
        (True, "log_totals_covering (user_id=? AND skill_id=? AND date_practiced<?)"),
    ],
)
def test_a_deep_page_begins_at_its_place(skill, of_skill, seek):
    logs = filtered_logs(skill.user, skill_id=skill.pk if of_skill else None)
    place = logs.newest_first()[270]
    deep = logs.older_than(place.date_practiced, place.pk).newest_first()[:21]

    plan = deep.explain()
    assert seek in plan
    assert "TEMP B-TREE" not in plan
    assert list(deep) == list(logs.newest_first()[271:292])
