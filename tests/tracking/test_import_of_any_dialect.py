"""Files generated from known sessions, in every dialect that is read, give those sessions back;
and what goes out of Etude in any format comes back as nothing to change."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from common.sheets import csv_lines, escape_formula, xlsx_bytes
from common.sheets.texts import escape_xlsx, unescape_xlsx
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tests.tracking.files import EXPORT, bring
from tracking.sheets.answers import Answers
from tracking.sheets.cells import RowReader
from tracking.sheets.columns import EXPORTED, columns_of
from tracking.sheets.readers import read_table

TODAY = date(2030, 1, 1)
ZONE = timezone(timedelta(hours=5, minutes=30))
# Everything that can be stored; descriptions are trimmed and have 10 to 500 characters.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=40),
    st.sampled_from(
        ["=1+1", "'=1", "_x000D_", "_x005F_x000D_", 'a "b"; c, d|e\tf', "sep=;", "\u200b-"]
    ),
).map(lambda text: f"{text} practiced it".replace("\r", "\n").strip())
SKILLS = TEXTS.map(lambda text: text.replace("\n", " ").strip()[:60])
RATINGS = st.none() | st.integers(1, 5)
SESSIONS = st.tuples(
    SKILLS,
    st.dates(date(1990, 1, 1), date(2029, 12, 30)),
    st.integers(1, 1440),
    TEXTS,
    RATINGS,
    RATINGS,
)
bounded = settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)


def moments(day: date, draw: Any) -> list[str]:
    """The day as programs write it; at a moment that is that day in ZONE."""
    at = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), 30, 15, tzinfo=ZONE)
    other = timezone(timedelta(hours=draw(st.integers(-12, 14))))
    utc, there = at.astimezone(UTC), at.astimezone(other)
    return [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.day} {day:%b %Y}",
        f"{day:%B} {day.day}, {day.year}",
        utc.isoformat().replace("+00:00", "Z"),
        f"{utc:%Y-%m-%d %H:%M} UTC",
        f"{utc:%a, %d %b %Y %H:%M:%S} GMT",
        there.isoformat(),
        f"{there:%Y-%m-%d %I:%M %p} {there:%z}",
        f"{at:%Y-%m-%dT%H:%M:%S}",
    ]


def durations(minutes: int) -> list[str]:
    hours, rest = divmod(minutes, 60)
    return [
        str(minutes),
        f" {minutes}\u00a0",
        f"{minutes}.0",
        f"{minutes},00",
        f"{minutes} min",
        f"{minutes}m",
        f"{minutes * 60} s",
        f"{hours}:{rest:02}:00",
        f"{hours:02}:{rest:02}:29",
        f"{hours}h {rest}m",
        f"{hours} hrs {rest} mins",
        f"{minutes}:00 min",
        f"PT{hours}H{rest}M",
        f"PT{minutes * 60}S",
    ]


@st.composite
def files(draw: Any) -> tuple[list[tuple[Any, ...]], bytes]:
    """Sessions, and a CSV or an XLSX of them."""
    sessions = draw(st.lists(SESSIONS, min_size=1, max_size=4))
    blank = draw(st.sampled_from(["", " ", "\u00a0", "\u200b"]))
    names = draw(st.permutations(EXPORTED))
    titles = [
        draw(st.sampled_from([n, n.upper(), f" {n} ", n.replace("_", "\u00a0")])) for n in names
    ]
    is_csv = draw(st.booleans())
    rows: list[list[Any]] = [titles]
    for session in sessions:
        values = dict(zip(EXPORTED, session, strict=True))
        values["date"] = draw(st.sampled_from(moments(session[1], draw)))
        values["duration_minutes"] = draw(st.sampled_from(durations(session[2])))
        for name in ("skill", "description"):
            values[name] = escape_formula(values[name])
        if not is_csv:
            kinds = {
                "date": [values["date"], session[1], (session[1] - date(1899, 12, 30)).days],
                "duration_minutes": [
                    *(values["duration_minutes"], session[2], session[2] + 1e-10),
                    timedelta(minutes=session[2]),
                ],
            }
            for name, choices in kinds.items():
                values[name] = draw(st.sampled_from(choices))
        rows.append([values[name] if values[name] is not None else blank for name in names])
        if draw(st.booleans()):
            rows.append([blank] * draw(st.integers(1, 6)))
    return sessions, _csv(draw, rows) if is_csv else _xlsx(rows)


def _csv(draw: Any, rows: list[list[Any]]) -> bytes:
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    text = out.getvalue()
    if draw(st.booleans()):
        text = f"sep={delimiter}{newline}{text}"
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))


def _xlsx(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        # Excel writes a line's end within a cell as a line feed, and old programs as both.
        cells = [escape_xlsx(c.replace("\n", "\r\n")) if isinstance(c, str) else c for c in row]
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> list[tuple[Any, ...]]:
    table = read_table(data)
    reader = RowReader(
        columns_of(table.header, sample=table.sample),
        today=TODAY,
        day_of=lambda at: at.astimezone(ZONE).date(),
        answers=Answers(),
        epoch=table.epoch,
    )
    found = []
    for number, cells in enumerate(table.rows, 1):
        for row in reader.sessions(number, cells) if cells else ():
            assert row.errors == [], (row.errors, cells)
            found.append((row.skill_name, *row.facts.values()))
    return found


@bounded
@given(files())
def test_a_file_in_any_dialect_gives_the_sessions_it_was_made_of(made):
    sessions, data = made

    assert read(data) == sessions


@bounded
@given(st.text(LETTERS, max_size=60))
def test_escapes_of_excel_undo_each_other(text):
    assert unescape_xlsx(escape_xlsx(text)) == text


@bounded
@given(st.lists(SESSIONS, min_size=1, max_size=4))
def test_our_own_files_are_read_as_they_were_written(sessions):
    lines = "".join(csv_lines(EXPORTED, sessions, bom=True))

    assert read(lines.encode()) == sessions
    assert read(xlsx_bytes(EXPORTED, sessions)) == sessions


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("on_page", [False, True])
def test_what_goes_out_comes_back_as_an_empty_plan(api, client, owner, kind, on_page):
    odd = [
        "=1+1 practiced",
        "'@SUM a lot",
        "a\r\nb and a lot of\rc",
        "_x000D_ and \x0b more",
        "Über 漢字, ; |",
    ]
    for number, text in enumerate(odd):
        skill = SkillFactory(user=owner, name=f"{text[:9].strip()} {number}")
        PracticeLogFactory.create_batch(
            2, skill=skill, description=text, difficulty_rating=number + 1
        )
    client.force_login(owner)

    response = (
        client.get(f"/logs/export?format={kind}") if on_page else api.get(f"{EXPORT}?format={kind}")
    )
    data = response.getvalue()
    assert data.startswith("\ufeff".encode()) == (on_page and kind == "csv")
    body = bring(api, data, f"p.{kind}").json()
    assert (body["create"], body["same"], body["errors"]) == (0, 2 * len(odd), [])
    assert (body["creates_skills"], body["questions"]) == ([], [])
