"""The history: filters, newest first, pages by keyset."""

from datetime import date

import pytest

from tests.tracking.bodies import LOGS
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog


def test_the_list_is_newest_first_by_date_whatever_the_order_of_entry(api, skill):
    for day in (3, 1, 7, 5):
        PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, day))

    days = [log["date_practiced"] for log in api.get(LOGS).json()["results"]]
    assert days == ["2026-03-07", "2026-03-05", "2026-03-03", "2026-03-01"]


def test_filters_by_skill_and_by_dates_with_both_ends(api, owner, skill):
    other = SkillFactory(user=owner)
    for day in range(1, 8):
        PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, day))
    PracticeLogFactory(skill=other, date_practiced=date(2026, 3, 4))

    def found(query):
        return len(api.get(f"{LOGS}?{query}").json()["results"])

    assert found("") == 8
    assert found(f"skill_id={skill.pk}") == 7
    assert found("date_from=2026-03-03&date_to=2026-03-05") == 4
    assert found(f"skill_id={skill.pk}&date_from=2026-03-03&date_to=2026-03-05") == 3
    assert found("date_from=2026-03-07") == 1
    assert found("date_to=2026-03-01") == 1
    assert found("date_from=2026-03-05&date_to=2026-03-03") == 0
    assert found(f"skill_id={SkillFactory().pk}") == 0


@pytest.mark.parametrize(
    "query", ["skill_id=abc", "date_from=soon", "date_to=2026-02-30", "cursor=zzz", "page_size=201"]
)
def test_a_filter_that_makes_no_sense_is_400(api, query):
    assert api.get(f"{LOGS}?{query}").status_code == 400


def test_pages_walk_everything_once_even_thousands_on_one_date(api, skill):
    PracticeLog.objects.bulk_create(
        PracticeLogFactory.build(
            skill=skill, user=skill.user, date_practiced=date(2026, 3, n % 2 + 1)
        )
        for n in range(2500)
    )

    url, seen = f"{LOGS}?page_size=200&skill_id={skill.pk}", []
    while url:
        page = api.get(url).json()
        seen += [(log["date_practiced"], log["id"]) for log in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 2500
    assert seen == sorted(seen, reverse=True)


def test_a_page_that_ends_exactly_has_no_next(api, skill):
    PracticeLogFactory.create_batch(3, skill=skill)

    assert api.get(f"{LOGS}?page_size=3").json()["next"] is None
    assert api.get(f"{LOGS}?page_size=2").json()["next"]
