"""Dates in a file: read as people write them, asked for when they can be read in two ways."""

from datetime import date

import pytest

from tests.tracking.factories import SkillFactory
from tests.tracking.files import bring, csv_of, row
from tracking.models import PracticeLog


@pytest.fixture(autouse=True)
def react(owner):
    return SkillFactory(user=owner, name="React")


def test_an_ambiguous_date_is_asked_and_not_guessed(api):
    data = csv_of(row(1, date="03/04/2026"), row(2, date="25/04/2026"), row(3, date="04/25/2026"))
    body = bring(api, data).json()

    assert [e["row"] for e in body["errors"]] == [1]
    assert "day/month or month/day" in body["errors"][0]["message"]
    assert body["questions"][0]["parameter"] == "date_format"
    assert body["questions"][0]["choices"] == ["dmy", "mdy"]


@pytest.mark.parametrize(
    "date_format, expected", [("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))]
)
def test_the_answer_decides_how_dates_are_read(api, date_format, expected):
    bring(api, csv_of(row(1, date="03/04/2026")), date_format=date_format, dry_run="false")

    assert PracticeLog.objects.get().date_practiced == expected


@pytest.mark.parametrize(
    "text, day",
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026/02/28", date(2026, 2, 28)),
        ("28.02.2026", date(2026, 2, 28)),
        ("2/28/2026", date(2026, 2, 28)),
        ("05/05/2026", date(2026, 5, 5)),
        ("28 Feb 2026", date(2026, 2, 28)),
        ("2026-02-28T23:30:00", date(2026, 2, 28)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026-02-29", None),
        ("28/02/26", None),
        ("1/1/1", None),
        ("44927", None),
        ("", None),
    ],
)
def test_dates_as_people_write_them(api, text, day):
    body = bring(api, csv_of(row(1, date=text)), dry_run="false").json()

    if day is None:
        assert [e["column"] for e in body["errors"]] == ["date"]
    else:
        assert PracticeLog.objects.get().date_practiced == day


def test_tomorrow_is_refused_row_by_row(api):
    body = bring(api, csv_of(row(1, date="2999-01-01"))).json()

    assert body["errors"] == [{"row": 1, "column": "date", "message": "Cannot be in the future."}]


def test_an_unknown_date_format_is_400(api):
    assert bring(api, csv_of(row(1)), date_format="ydm").status_code == 400
