"""Files as other people's programs write them: each value is what it meant, or is asked about."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, time, timedelta

import pytest
from openpyxl import Workbook

from tests.tracking.factories import SkillFactory
from tests.tracking.files import bring, csv_of, row, xlsx_of
from tracking.models import ImportPlan, PracticeLog
from tracking.sheets.answers import Answers
from tracking.sheets.durations import Ambiguous, Hint, read_minutes

MINUTES, HOURS = Hint("minutes"), Hint("hours", "hm")
TITLES = ["skill", "date", "duration_minutes", "description"]


@pytest.fixture(autouse=True)
def sql(owner):
    owner.timezone = "Europe/Berlin"
    owner.save()
    return SkillFactory(user=owner, name="SQL")


def applied(api, data, name="practice.csv", **fields):
    body = bring(api, data, name, dry_run="false", **fields).json()
    assert body.get("errors") == [], body
    return list(PracticeLog.objects.order_by("pk"))


# ---- durations


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        *[("30", 30), ("30 ", 30), (" 30", 30), ("+30", 30), ("30.", 30), ("30.0", 30)],
        *[("30,00", 30), ("1440.0", 1440), ("30.000", 30), ("0", 0), ("5400", 5400)],
        *[("1 200", 1200), ("1\u00a0200", 1200), ("1\u202f200", 1200), ("1'000", 1000)],
        *[("0:30:00", 30), ("1:30:00", 90), ("25:00:00", 1500), ("00:00:29", 0)],
        *[("18:25 min", 18), ("1:30 h", 90), ("25:10", 25), ("90:00", 90)],
        *[("1h 30m", 90), ("1h30m", 90), ("1h30", 90), ("1 hr 32 mins", 92), ("90m", 90)],
        *[("90 min", 90), ("1.5h", 90), ("1,5 h", 90), ("2 hours", 120), ("45 sec", 1)],
        *[("1 hour, 30 minutes", 90), ("1 hour and 5 minutes", 65), ("5400 s", 90)],
        *[("PT1H30M", 90), ("PT90M", 90), ("PT1.5H", 90), ("P1DT1H", 1500), ("PT5400S", 90)],
        *[(time(1, 30), 90), (timedelta(seconds=5400), 90), (timedelta(days=1), 1440)],
        *[(30, 30), (30.0, 30), (30.0000000001, 30), (90.5, 91)],
        *[("1e2", None), ("0x1E", None), ("٣٠", None), ("３０", None), ("-30", None)],
        *[("abc", None), ("1:75:00", None), ("1h 2h", None), ("30 %", None), ("P", None)],
        *[("1 h x", None), (True, None), (float("nan"), None), (1e300, None), ("9" * 50, None)],
    ],
)
def test_a_duration_below_a_title_of_minutes(cell, minutes):
    assert read_minutes(cell, Answers(), MINUTES) == minutes


@pytest.mark.parametrize(
    ("cell", "asks", "answers"),
    [
        ("00:30", "clock_format", {"hm": 30, "ms": 1}),
        ("1:30", "clock_format", {"hm": 90, "ms": 2}),
        ("1.5", "duration_unit", {"hours": 90, "minutes": 2}),
        ("1,5", "duration_unit", {"hours": 90, "minutes": 2}),
        (1.5, "duration_unit", {"hours": 90, "minutes": 2}),
        ("0.25", "duration_unit", {"hours": 15, "minutes": 0}),
        ("1.000", "number_format", {"point": 1, "comma": 1000}),
        ("1,200", "number_format", {"point": 1200}),
        ("1.000 min", "number_format", {"point": 1, "comma": 1000}),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about(cell, asks, answers):
    with pytest.raises(Ambiguous) as caught:
        read_minutes(cell, Answers(), MINUTES)

    assert caught.value.asks == asks
    assert {w: read_minutes(cell, Answers(**{asks: w}), MINUTES) for w in answers} == answers


@pytest.mark.parametrize(
    ("cell", "minutes"), [("1.5", 90), ("1,5", 90), ("0:13", 13), ("8:00:00", 480), (0.75, 45)]
)
def test_a_title_that_names_hours_settles_it(cell, minutes):
    assert read_minutes(cell, Answers(), HOURS) == minutes


def test_a_title_without_a_unit_settles_only_what_one_unit_allows():
    with pytest.raises(Ambiguous, match="duration_unit"):
        read_minutes("30", Answers(), Hint())
    assert read_minutes("5400", Answers(), Hint()) == 90  # seconds: 90 hours are no session


def test_answers_are_asked_for_over_http_and_plan_the_file_anew(api):
    data = csv_of(row(1, skill="SQL", minutes='"1:30"'), row(2, skill="SQL", minutes='"1,5"'))
    body = bring(api, data).json()

    assert [q["parameter"] for q in body["questions"]] == ["clock_format", "duration_unit"]
    assert body["questions"][0]["choices"] == ["hm", "ms"]
    assert (body["create"], body["error_count"]) == (0, 2)
    logs = applied(api, data, clock_format="hm", duration_unit="hours")
    assert [log.duration_minutes for log in logs] == [90, 90]
    for name, word in (("clock_format", "mh"), ("minutes_each", "0"), ("minutes_each", "1441")):
        refused = bring(api, data, **{name: word})
        assert (refused.status_code, list(refused.json()["fields"])) == (400, [name])


# ---- days


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        *[("2026-03-01T23:30:00Z", 2), ("2026-03-02T08:30:00+09:00", 2)],
        *[("2026-03-01T23:30:00", 1), ("2026-03-01 23:30", 1), ("2026-03-01T22:59:59Z", 1)],
        *[("2026-03-01 23:30:00 UTC", 2), ("2026-03-01T23:30:00.123456+0000", 2)],
        *[("2026-03-01T23:30:00+00:00[Etc/UTC]", 2), ("20260301T233000Z", 2), ("20260301", 1)],
        *[("Sun, 01 Mar 2026 23:30:00 GMT", 2), ("Sun Mar 01, 2026", 1), ("1 Mar 2026", 1)],
        *[("2026-03-01 11:30 PM -0800", 2), ("2026-03-01 11:30 PM", 1), ("13/03/2026 23:30", 13)],
        *[("Sunday, 1 March 2026 at 9:00 PM", 1), ("2026-03-01T20:00:00−05:00", 2)],
        *[
            ("2026-03-01 25:30", None),
            ("2026-03-01 14:30 PM", None),
            ("2026-03-01 10:00 EST", None),
        ],
        *[("2026-03-01T23:30+99:00", None), ("2026-02-30T10:00Z", None), ("46082", None)],
    ],
)
def test_a_moment_is_the_learners_own_day(api, cell, day):
    body = bring(api, csv_of(row(skill="SQL", date=f'"{cell}"')), dry_run="false").json()

    if day is None:
        assert [e["column"] for e in body["errors"]] == ["date"]
    else:
        assert PracticeLog.objects.get().date_practiced == date(2026, 3, day)


def test_a_moment_before_the_day_starts_is_of_the_day_before(api, owner):
    owner.day_start_hour = 4
    owner.save()

    logs = applied(api, csv_of(row(skill="SQL", date="2026-03-02T02:30:00Z")))
    assert logs[0].date_practiced == date(2026, 3, 1)


# ---- how a file is written


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nskill;date;duration_minutes;description\nSQL;2026-03-01;30;Joins and windows\n",
        "\ufeffSEP=;\r\nskill;date;duration_minutes;description\r\nSQL;2026-03-01;30;Joins and windows",
        '"sep=|"\nskill|date|duration_minutes|description\nSQL|2026-03-01|30|Joins and windows\n',
        "sep=,,,,\nskill,date,duration_minutes,description\nSQL,2026-03-01,30,Joins and windows\n",
        "skill|date|duration_minutes|description\nSQL|2026-03-01|30|Joins and windows\n",
        "skill,date,duration\u00a0minutes,description\nSQL,2026-03-01,30,Joins and windows\n",
        "\u200bSkill ,DATE, Duration-Minutes,description\u00a0\nSQL,2026-03-01,30,Joins and windows\n",
        "\n , ,\nskill,date,duration_minutes,description\n\u00a0,\u200b,\t,\n"
        "SQL,2026-03-01,30,\u00a0Joins and windows \n,,,\n",
    ],
)
def test_delimiters_titles_and_blanks_of_any_kind(api, text):
    [log] = applied(api, text.encode())

    assert (log.date_practiced, log.duration_minutes) == (date(2026, 3, 1), 30)
    assert log.description == "Joins and windows"


def test_cells_of_excel_are_what_they_show(api):
    book = Workbook()
    rows = [
        (date(2026, 3, 1), time(1, 30), "Clock time duration"),
        (date(2026, 3, 1), timedelta(days=1, seconds=5400), "Over a day duration"),
        (date(2026, 3, 1), timedelta(seconds=5400), "Under a day duration"),
        (46082, 30, "Serial number in General"),
        ("#N/A", 30, "An error of the sheet"),
        (20260301, 30.0000000001, "Float noise minutes"),
        (2026, 30, "A year is no serial"),
    ]
    book.active.append(TITLES)
    for day, minutes, text in rows:
        book.active.append(["SQL", day, minutes, text])
    out = io.BytesIO()
    book.save(out)

    body = bring(api, out.getvalue(), "p.xlsx", skip_errors="true", dry_run="false").json()
    assert [(e["row"], e["column"]) for e in body["errors"]] == [
        (2, "duration_minutes"),
        (5, "date"),
        (7, "date"),
    ]
    logs = PracticeLog.objects.order_by("pk")
    assert [log.duration_minutes for log in logs] == [90, 90, 30, 30]
    assert {log.date_practiced for log in logs} == {date(2026, 3, 1)}


def test_serials_count_from_where_the_workbook_says(api):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(TITLES)
    book.active.append(["SQL", 46082 - 1462, 30, "Made on an old Mac"])
    out = io.BytesIO()
    book.save(out)

    assert applied(api, out.getvalue(), "p.xlsx")[0].date_practiced == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("First line here_x000D_\nSecond line here", "First line here\nSecond line here"),
        ("First line here_x000d_Second", "First line here\nSecond"),
        ("A literal _x005F_x000D_ stays", "A literal _x000D_ stays"),
        ("Ends with a return_x000D_", "Ends with a return"),
        ("_x0394_ and _x00e9_ are letters", "Δ and é are letters"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_escapes_of_excel_are_decoded(api, written, text, shared):
    data = xlsx_of([TITLES, ["SQL", "2026-03-01", 30, written]])
    if shared:
        data = with_shared_texts(data)

    assert applied(api, data, "p.xlsx")[0].description == text


def with_shared_texts(data: bytes) -> bytes:
    """The same workbook as Excel writes it, texts in a part of their own."""
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(match[2])
        return f'<c r="{match[1]}" t="s"><v>{len(texts) - 1}</v></c>'

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name).decode() for name in old.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"]
        inline = r'<c r="(\w+)" t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>'
        parts["xl/worksheets/sheet1.xml"] = re.sub(inline, share, sheet, flags=re.DOTALL)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        types = parts["[Content_Types].xml"]
        if "sharedStrings" not in types:
            parts["[Content_Types].xml"] = types.replace("</Types>", override)
        items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}">{items}</sst>'
        for name, content in parts.items():
            new.writestr(name, content)
    assert texts
    return out.getvalue()


def test_hours_and_minutes_in_two_columns_are_not_taken_for_one(api):
    data = b"skill,date,hours,minutes,description\nSQL,2026-03-01,1,30,Joins and windows\n"
    refused = bring(api, data)
    assert (refused.status_code, refused.json()["code"]) == (400, "missing_columns")


def test_blanks_around_a_new_skill_are_not_of_its_name(api):
    body = bring(api, csv_of(row(skill="\u2003Rust\u00a0"))).json()
    assert body["creates_skills"] == ["Rust"]


def test_rows_of_blanks_are_empty_rows(api):
    data = xlsx_of(
        [
            TITLES,
            ["SQL", date(2026, 3, 1), 30, "Joins and windows"],
            [" ", "  ", None, "\u00a0"],
            ["SQL", date(2026, 3, 2), 30, "Joins and windows"],
        ]
    )
    assert len(applied(api, data, "p.xlsx")) == 2
    assert ImportPlan.objects.get().total_rows == 3
