"""Every kind of bad file gets row and column errors, or a clear refusal. Never a 500."""

import io
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.sheets.archives import MOST_UNPACKED_BYTES
from tests.tracking.factories import SkillFactory
from tests.tracking.files import HEADER, IMPORT, bring, csv_of, row, xlsx_of, zip_of
from tracking.models import ImportPlan, PracticeLog
from tracking.sheets import bounds


@pytest.fixture(autouse=True)
def react(owner):
    return SkillFactory(user=owner, name="Réact")


def refused(answer, status=400):
    assert answer.status_code == status, answer.content[:300]
    body = answer.json()
    assert body["error"]
    assert not ImportPlan.objects.exists()
    return body["error"]


def good(n=1, **changes):
    return row(n, skill="Réact", **changes)


def test_no_file(api):
    assert api.post(IMPORT, {}, format="multipart").status_code == 400
    assert api.post(IMPORT, {"file": "text"}, format="multipart").status_code == 400
    assert api.post(IMPORT, {"file": "text"}, format="json").status_code == 400
    assert api.post(IMPORT, [], format="json").status_code == 400


@pytest.mark.parametrize("data", [b" ", b"\n\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(api, data):
    refused(bring(api, data))


def test_a_header_alone_is_an_empty_plan(api):
    body = bring(api, csv_of()).json()

    assert (body["create"], body["same"], body["errors"]) == (0, 0, [])


@pytest.mark.parametrize(
    "header, word",
    [
        ("skill,date,duration_minutes\n", "description"),
        ("date,duration_minutes,description\n", "skill"),
        ("a,b,c\n", "skill"),
        ("skill,date,date_practiced,duration_minutes,description\n", "mean the same"),
    ],
)
def test_missing_and_doubled_columns_are_named(api, header, word):
    assert word in refused(bring(api, csv_of(good(), header=header)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_are_understood(api, encoding):
    assert bring(api, csv_of(good()).decode().encode(encoding)).json()["create"] == 1


def test_another_encoding_is_asked_for_not_guessed(api):
    data = csv_of(good()).decode().encode("cp1252")

    assert "UTF-8" in refused(bring(api, data))
    assert bring(api, data, encoding="windows-1252").json()["create"] == 1
    assert bring(api, data, encoding="rot13").status_code == 400
    assert bring(api, csv_of(good()), encoding="shift_jis").status_code in (200, 400)


def test_ten_columns_too_many(api):
    unknown = ",".join(f"extra{n}" for n in range(10))
    wide = bring(api, csv_of(good() + "," * 10, header=HEADER.strip() + f",{unknown}\n")).json()
    assert wide["create"] == 1
    assert len(wide["ignored_columns"]) == 10

    loose = bring(api, csv_of(good() + ",x" * 10)).json()
    assert len(loose["errors"]) == 10
    assert loose["errors"][0]["column"] == "column 7"
    assert bring(api, csv_of(good() + "," * 10)).json()["create"] == 1


def test_a_short_row_says_what_is_missing(api):
    body = bring(api, csv_of("Réact,2026-01-01")).json()

    assert [(e["column"], e["message"]) for e in body["errors"]] == [
        ("duration_minutes", "This is required."),
        ("description", "This is required."),
    ]


@pytest.mark.parametrize(
    "changes, column",
    [
        ({"skill": ""}, "skill"),
        ({"skill": "x" * 101}, "skill"),
        ({"minutes": ""}, "duration_minutes"),
        ({"minutes": "0"}, "duration_minutes"),
        ({"minutes": "1441"}, "duration_minutes"),
        ({"minutes": "-30"}, "duration_minutes"),
        ({"minutes": "1:30"}, "duration_minutes"),
        ({"minutes": "1.5"}, "duration_minutes"),
        ({"minutes": "９"}, "duration_minutes"),
        ({"minutes": "=1+1"}, "duration_minutes"),
        ({"minutes": "1e3"}, "duration_minutes"),
        ({"minutes": "9" * 50}, "duration_minutes"),
        ({"description": "short"}, "description"),
        ({"description": "x" * 501}, "description"),
        ({"description": "x" * 20_000}, "description"),
        ({"difficulty": "0"}, "difficulty"),
        ({"difficulty": "6"}, "difficulty"),
        ({"confidence": "high"}, "confidence"),
        ({"date": "1899-12-31"}, "date"),
        ({"date": "0000-00-00"}, "date"),
        ({"date": "=TODAY()"}, "date"),
    ],
)
def test_each_bad_cell_is_named(api, changes, column):
    body = bring(
        api, csv_of(good(1), good(**changes) if "skill" not in changes else row(1, **changes))
    ).json()

    assert [(e["row"], e["column"]) for e in body["errors"]] == [(2, column)]
    assert all(e["message"] for e in body["errors"])


@pytest.mark.parametrize("minutes, count", [("1", 1), ("1440", 1), ("30.0", 1)])
def test_good_edges_pass(api, minutes, count):
    assert bring(api, csv_of(good(minutes=minutes))).json()["create"] == count


def test_a_formula_in_a_description_is_text(api):
    bring(api, csv_of(good(description="=HYPERLINK(1)+text")), dry_run="false")

    assert PracticeLog.objects.get().description == "=HYPERLINK(1)+text"


def test_broken_quotes(api):
    assert "Line" in refused(bring(api, csv_of('Réact,2026-01-01,30,"never closed')))


def test_30_megabytes(api):
    refused(bring(api, b"x" * 30_000_000), status=413)
    assert not ImportPlan.objects.exists()


def test_just_over_the_bound_of_a_file(api):
    refused(bring(api, csv_of(good()).ljust(bounds.MOST_BYTES + 1, b"\n")), status=413)
    assert bring(api, csv_of(good()).ljust(bounds.MOST_BYTES, b"\n")).status_code in (200, 202)


def test_binary_rubbish(api):
    rubbish = random.Random(1).randbytes(5000)

    for data in (rubbish, b"\x89PNG\r\n" + rubbish, b"PK\x03\x04" + rubbish):
        refused(bring(api, data, "practice.xlsx"))
    refused(bring(api, b"skill,date\x00,x\n"))


def test_an_old_or_protected_excel_file(api):
    assert "old or a protected" in refused(bring(api, b"\xd0\xcf\x11\xe0" + b"x" * 600, "a.xls"))


def test_a_zip_that_is_no_spreadsheet(api):
    assert "no .xlsx" in refused(bring(api, zip_of({"a.txt": b"x"}), "a.xlsx"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(api):
    bomb = zip_of(
        {
            "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": b"0" * (MOST_UNPACKED_BYTES + 1),
        }
    )

    assert len(bomb) < 200_000
    assert "unpacks" in refused(bring(api, bomb, "bomb.xlsx"), status=413)


def test_a_zip_that_lies_about_its_sizes(api):
    honest = zip_of({"xl/workbook.xml": b"<workbook/>", "xl/a.xml": b"0" * 5_000_000})
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert lying != honest
    refused(bring(api, lying, "lying.xlsx"))


def test_a_thousand_parts(api):
    parts = {"xl/workbook.xml": b"<workbook/>", **{f"xl/{n}.xml": b"<a/>" for n in range(1000)}}

    refused(bring(api, zip_of(parts), "many.xlsx"), status=413)


def test_entities_that_multiply(api):
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    refused(bring(api, zip_of({"xl/workbook.xml": laughs}), "laughs.xlsx"))


def test_a_spreadsheet_cut_in_half(api):
    whole = xlsx_of([["skill", "date", "duration_minutes", "description"], ["Réact"]])

    refused(bring(api, whole[: len(whole) // 2], "half.xlsx"))
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(broken, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, data[: len(data) // 2] if "sheet1" in part.filename else data)
    refused(bring(api, broken.getvalue(), "broken.xlsx"))


def test_an_excel_formula_without_a_stored_value(api):
    data = xlsx_of(
        [
            ["skill", "date", "duration_minutes", "description"],
            ["Réact", "2026-01-01", "=1+1", "Practiced a lot"],
        ]
    )

    assert [e["column"] for e in bring(api, data, "f.xlsx").json()["errors"]] == [
        "duration_minutes"
    ]


def test_more_columns_than_can_be_read(api):
    refused(bring(api, csv_of(good(), header=HEADER.strip() + ",x" * 200 + "\n")))


def test_a_file_name_of_any_kind(api):
    upload = SimpleUploadedFile("pr\u202eactice.csv", csv_of(good()))

    answer = api.post(IMPORT, {"file": upload}, format="multipart")
    assert answer.status_code == 200


def test_a_stranger_without_a_token(anonymous_api, db):
    assert bring(anonymous_api, csv_of(good())).status_code == 401
