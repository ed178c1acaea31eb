"""Files that unpack or parse to far more than they are: refused early, or left to the worker."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress

import pytest
from django.db import connection

from common import clock
from common.errors import Invalid, TooLarge
from common.sheets.archives import CELLS_AT_ONCE, check_archive
from tests.counting import calls_of, growth
from tests.tracking.factories import SkillFactory
from tests.tracking.files import HEADER, IMPORT, bring, csv_of, row, xlsx_of, zip_of
from tracking.models import ImportPlan
from tracking.services import imports
from tracking.services.import_work import work_on_import
from tracking.sheets import bounds, wakatime
from tracking.sheets.readers import read_table, rows_for_worker

BOOK = {
    "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    b'<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def sheet(rows: bytes) -> dict[str, bytes]:
    return {**BOOK, "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + rows}


@pytest.fixture(autouse=True)
def react(owner):
    return SkillFactory(user=owner, name="React")


def test_one_row_of_60_megabytes(api):
    """It took 41 s and 1.7 GB."""
    bomb = zip_of(sheet(b"<row>" + b"<c><v>1</v></c>" * 4_000_000))
    assert len(bomb) < 200_000

    assert bring(api, bomb, "bomb.xlsx").status_code == 413
    tracemalloc.start()
    work = calls_of(lambda: bring(api, bomb, "bomb.xlsx"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert work < 200_000
    assert most < 20_000_000
    assert not ImportPlan.objects.exists()


@pytest.mark.parametrize(
    "parts",
    [
        {**BOOK, "xl/sharedStrings.xml": b"<sst><si><t>" + b" " * 30_000_000},
        {**BOOK, "xl/styles.xml": b"<styleSheet>" + b"<font/>" * 3_000_000},
        sheet(b"<x:row>" + b"<x:c/>" * 2_000_000),
        sheet(b"<mergeCell/>" * 2_000_000),
    ],
    ids=["one text", "styles", "a row with a prefix", "no row at all"],
)
def test_other_parts_of_megabytes(api, parts):
    assert bring(api, zip_of(parts), "bomb.xlsx").status_code == 413


def package(sheet: bytes, at: str = "xl/worksheets/sheet1.xml", sheets: int = 1, **more: bytes):
    """A whole workbook, which openpyxl opens, with its first sheet in a part of any name."""
    main, office = "http://schemas.openxmlformats.org/", "vnd.openxmlformats-officedocument"
    types = {"xl/workbook.xml": "sheet.main", at: "worksheet", "xl/texts.bin": "sharedStrings"}
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="application/{office}.spreadsheetml.{kind}+xml"/>'
        for name, kind in types.items()
        if name not in more and (name != "xl/texts.bin" or "texts" in more)
    )
    relation = f'Type="{main}officeDocument/2006/relationships/worksheet"'
    names = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="a"/>' for n in range(sheets))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{main}package/2006/content-types">{kinds}</Types>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}package/2006/relationships">'
        f'<Relationship Id="a" {relation} Target="/{at}"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}spreadsheetml/2006/main" xmlns:r="{main}'
        f'officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>',
    }
    begin = f'<worksheet xmlns="{main}spreadsheetml/2006/main"><sheetData>'.encode()
    texts = {"xl/texts.bin": more["texts"]} if "texts" in more else {}
    body = begin + TITLES + sheet + b"</sheetData></worksheet>"
    return zip_of({name: text.encode() for name, text in parts.items()} | {at: body} | texts)


def inline(*texts: str) -> bytes:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f"<row>{cells}</row>".encode()


TITLES = inline("skill", "date", "duration_minutes")
GOOD_ROW = inline("React", "2026-11-01", "30")
CELLS = b"<c/>" * 50_000
TEXTS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>' + (
    b"<r><t>a</t></r>" * 100_000 + b"</si></sst>"
)


@pytest.mark.parametrize(
    "data",
    [
        package(b"<row>" + CELLS * 10 + b"</row>", "xl/sheet.bin"),
        package(b"<row>" + CELLS * 10 + b"</row>", "xl/worksheets/sheet1.XML"),
        package(GOOD_ROW, "xl/sheet.xml"),
        package(b"<row>" + (CELLS + b"<!--<row -->") * 10 + b"</row>"),
        package(b"<row>" + (CELLS + b"<?a <row ?>") * 10 + b"</row>"),
        package(b"<row><c><is><t><![CDATA[" + b"<row " * 100_000 + b"]]></t></is></c></row>"),
        package(GOOD_ROW, texts=TEXTS),
    ],
    ids=["bin", "XML", "elsewhere", "comments", "instructions", "CDATA", "texts"],
)
def test_only_what_was_looked_through_is_parsed(api, data):
    """A part's name is the sender's: of the first two a 20 kB file took 46 s and 1.7 GB."""

    def reading() -> None:
        with suppress(Invalid):
            if not rows_for_worker(data):
                list(read_table(data).rows)

    assert calls_of(reading) < 1_000_000  # half a million cells take 15 million
    assert bring(api, data, "bomb.xlsx").status_code == 400
    assert not ImportPlan.objects.exists()


def test_many_small_cells_are_for_the_worker(api):
    """4 kB that took 9 s in the request: what costs is the cell, not its bytes."""
    wide = package(GOOD_ROW + (b"<row>" + CELLS + b"</row>") * (CELLS_AT_ONCE // 50_000 + 1))
    answer = bring(api, wide, "wide.xlsx")
    assert (answer.status_code, answer.json()["status"]) == (202, "planning")


def test_one_part_as_a_thousand_sheets_is_read_once(api):
    one, many = (package(GOOD_ROW * 200, sheets=count) for count in (1, 1000))
    read = [calls_of(lambda data=data: list(read_table(data).rows)) for data in (one, many)]
    assert read[1] < 2 * read[0]


def test_utf_16_hides_nothing(api):
    parts = {
        "xl/workbook.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x>'.encode("utf-16")
    }

    assert bring(api, zip_of(parts), "a.xlsx").status_code == 400


def test_a_row_that_lies_across_two_pieces_is_counted_once():
    rows = b"".join(b'<row r="%d"><c/></row>' % n for n in range(1, 9001))

    size = check_archive(zip_of(sheet(rows)))

    assert (size.rows, size.cells) == (9000, 9000)


def test_much_xml_with_few_rows_is_for_the_worker(api):
    wide = xlsx_of([HEADER.strip().split(","), *[["React", *range(90)] for _ in range(2000)]])

    answer = bring(api, wide, "wide.xlsx")

    assert (answer.status_code, answer.json()["status"]) == (202, "planning")
    plan = answer.json()["plan_id"]
    assert work_on_import(plan_id=plan, now=clock.now())
    assert api.get(f"{IMPORT}/{plan}").json()["error_count"] == 2000


def test_a_bomb_behind_good_rows_fails_in_the_worker_with_a_sentence(api):
    good = b'<row><c t="n"><v>1</v></c></row>' * 200_000
    answer = bring(api, zip_of(sheet(good + b"<row>" + b"<c/>" * 4_000_000)), "late.xlsx")
    assert answer.status_code == 202

    work_on_import(plan_id=answer.json()["plan_id"], now=clock.now())

    plan = ImportPlan.objects.get()
    assert (plan.status, plan.upload) == ("failed", None)
    assert "unpacks to more" in plan.error


def test_a_cell_far_to_the_right_and_a_row_far_below(api):
    far = b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>skill</t></is></c></row><row r="900000"/>'

    assert bring(api, zip_of(sheet(far)), "far.xlsx").status_code == 400


@pytest.mark.parametrize(
    "data",
    [
        b"a," * 5_000_000,
        HEADER.encode() + b'React,"' + b"x\n" * 5_000_000,
        HEADER.encode() + b"," * 9_000_000,
        b"\n" * 9_000_000,
        b"x" * 9_000_000,
    ],
    ids=["header", "open quote", "commas", "blank lines", "one word"],
)
def test_a_csv_that_is_one_row_of_megabytes(api, data):
    work = calls_of(lambda: bring(api, data))

    assert bring(api, data).status_code == 400
    assert work < 800_000  # calls; one for each of the five million lines would be 5,000,000


def test_a_json_of_more_days_than_rows_are_read_is_refused_before_they_are_looked_at(monkeypatch):
    monkeypatch.setattr(wakatime, "_totals", None)
    days = b",".join([b"{}"] * (bounds.MOST_ROWS + 1))
    with pytest.raises(TooLarge):
        read_table(b'{"days":[' + days + b"]}")


def test_loose_cells_are_named_up_to_a_bound(api):
    body = bring(api, csv_of(row(1) + ",x" * 5000)).json()

    assert len(body["errors"]) == bounds.MOST_LOOSE_CELLS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
def test_a_file_is_read_outside_any_transaction(api, monkeypatch, headers):
    seen = []

    def read(data, **more):
        seen.append(connection.in_atomic_block)
        return read_table(data, **more)

    monkeypatch.setattr(imports, "read_table", read)

    assert bring(api, csv_of(row(1)), **headers).status_code == 200
    assert seen == [False]


@pytest.mark.parametrize("write", [csv_of, lambda *rows: xlsx_of([r.split(",") for r in rows])])
def test_reading_and_planning_grow_with_the_rows(owner, write):
    def work_of(n):
        lines = [row(1 + i % 28, description=f"Practiced number {i}") for i in range(n)]
        data = write(*lines) if write is csv_of else write(HEADER.strip(), *lines)
        options = imports.ImportOptions()

        def work():
            read = imports.read_plan(
                user=owner, data=data, filename="a", options=options, now=clock.now()
            )
            imports.keep_plan(read)

        return work

    twice, four_times = growth(work_of, 300)

    assert twice < 2.2
    assert four_times < 4.4
