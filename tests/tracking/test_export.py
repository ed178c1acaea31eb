"""Export as a stream, and the round trip: what was exported imports as an empty plan."""

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sheets import escape_formula, unescape_formula
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tests.tracking.files import EXPORT, IMPORT, bring
from tracking.models import PracticeLog


def body_of(response) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner, name="React")


def test_csv_has_the_columns_of_the_contract_newest_first(api, skill):
    PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, 1), difficulty_rating=2)
    PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, 2), confidence_rating=4)
    PracticeLogFactory()

    response = api.get(f"{EXPORT}?format=csv")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(body_of(response), newline="")))
    assert rows == [
        ["skill", "date", "duration_minutes", "description", "difficulty", "confidence"],
        ["React", "2026-03-02", "30", "Built a small thing", "", "4"],
        ["React", "2026-03-01", "30", "Built a small thing", "2", ""],
    ]


def test_json_has_every_field(api, skill):
    log = PracticeLogFactory(skill=skill)

    response = api.get(f"{EXPORT}?format=json")
    assert response["Content-Type"].startswith("application/json")
    results = json.loads(body_of(response))["results"]
    assert [(r["practice_log_id"], r["skill"]) for r in results] == [(log.pk, "React")]
    assert {**results[0], "skill": None} == {
        **api.get(f"/api/v1/practice-logs/{log.pk}").json(),
        "skill": None,
    }


def test_nothing_to_export_is_a_header_or_an_empty_list(api):
    assert body_of(api.get(f"{EXPORT}?format=csv")).count("\n") == 1
    assert json.loads(body_of(api.get(f"{EXPORT}?format=json")))["results"] == []


def test_the_filters_of_the_list_apply(api, skill):
    PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, 1))
    PracticeLogFactory(skill=skill, date_practiced=date(2026, 4, 1))

    text = body_of(api.get(f"{EXPORT}?format=csv&date_from=2026-03-02&skill_id={skill.pk}"))
    assert text.count("2026-") == 1


@pytest.mark.parametrize("accept", ["text/csv", "text/html", "*/*", "image/png"])
def test_the_format_is_chosen_by_the_address_alone(api, accept):
    assert api.get(f"{EXPORT}?format=csv", headers={"Accept": accept}).status_code == 200


def test_an_unknown_format_is_400(api):
    assert api.get(f"{EXPORT}?format=pdf").status_code == 400


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'=", "''+"])
def test_formulas_are_escaped_and_come_back_as_they_were(api, skill, start):
    text = f"{start}cmd|'/c calc'!A0"
    PracticeLogFactory(skill=skill, description=text)

    exported = body_of(api.get(f"{EXPORT}?format=csv"))
    cell = list(csv.reader(io.StringIO(exported, newline="")))[1][3]
    assert cell == "'" + text
    PracticeLog.objects.all().delete()
    bring(api, exported.encode(), dry_run="false")
    assert PracticeLog.objects.get().description == text


@given(st.text(alphabet="=+-@'ab\t\r\n", max_size=8))
def test_defusing_is_undone_exactly(text):
    assert unescape_formula(escape_formula(text)) == text
    assert not escape_formula(text).startswith(("=", "+", "-", "@"))


def test_export_then_import_is_an_empty_plan(api, owner):
    names = ["React", "=SUM(A1)", "Ünïcode ☃", 'quote " and , comma', "'single"]
    texts = [
        "Plain description",
        'She said "hi", twice;',
        "line one\nline two\r\nthree",
        "'-starts odd!",
    ]
    for name in names:
        skill = SkillFactory(user=owner, name=name)
        for number, text in enumerate(texts, start=1):
            PracticeLogFactory(
                skill=skill,
                description=text,
                date_practiced=date(2024, 2, 29),
                duration_minutes=number,
                difficulty_rating=number,
                confidence_rating=None,
            )
    PracticeLogFactory.create_batch(3, skill=skill, description="Three times the same")

    plan = bring(api, body_of(api.get(f"{EXPORT}?format=csv")).encode()).json()
    assert (plan["create"], plan["same"], plan["errors"]) == (0, 23, [])
    assert api.post(f"{IMPORT}/{plan['plan_id']}/apply").status_code == 200
    assert PracticeLog.objects.count() == 23


def test_the_export_of_a_heavy_user_is_one_query_for_all_rows(
    api, skill, django_assert_max_num_queries
):
    PracticeLogFactory.create_batch(50, skill=skill)

    with django_assert_max_num_queries(4):
        assert body_of(api.get(f"{EXPORT}?format=csv")).count("\n") == 51
