"""The coding bank in the console: out, in again, and edited with one field a language."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.services.coding_bank import FIELDS, load_coding_bank
from sessions_app.proctoring.models import ProctoredSession
from tests.tracking.files import xlsx_of


@pytest.fixture
def console(client, staff):
    client.force_login(staff)
    return client


def _import(console, rows):
    upload = SimpleUploadedFile("bank.json", json.dumps(rows).encode(), "application/json")
    url = reverse("admin:sessions_app_codingquestion_import")
    preview = console.post(url, {"format": "0", "import_file": upload, "resource": ""})
    form = preview.context.get("confirm_form")
    if form is None:
        return preview
    return console.post(
        reverse("admin:sessions_app_codingquestion_process_import"), form.initial, follow=True
    )


def test_questions_go_out_and_come_back_in(console):
    load_coding_bank()
    url = reverse("admin:sessions_app_codingquestion_export")
    fields = {f"codingquestionresource_{name}": "on" for name in
              ("slug", "title", "question", "sample_test_cases", "test_cases", "boiler_plate",
               "difficulty", "tags", "solution")}  # fmt: skip
    export = console.post(url, {"format": "0", "resource": "0", **fields})
    rows = json.loads(export.content)
    assert len(rows) == 9

    row = next(r for r in rows if r["slug"] == "build-farm")
    row["title"] = "Build farm, second edition"
    _import(console, [row])
    question = CodingQuestion.objects.get(slug="build-farm")
    assert question.title == "Build farm, second edition"
    assert question.boiler_plate["python"]

    row["difficulty"] = "extreme"
    refused = _import(console, [row])
    assert b"difficulty must be one of" in refused.content
    assert ProctoredSession.objects.count() == 0


FORMATS = {"json": "0", "csv": "1", "xlsx": "2"}
IMPORT = "admin:sessions_app_codingquestion_import"


def _preview(console, data, kind):
    upload = SimpleUploadedFile(f"bank.{kind}", data)
    return console.post(
        reverse(IMPORT), {"format": FORMATS[kind], "import_file": upload, "resource": ""}
    )


def _export(console, kind):
    fields = {f"codingquestionresource_{name}": "on" for name in ("slug", *FIELDS)}
    url = reverse("admin:sessions_app_codingquestion_export")
    return console.post(url, {"format": FORMATS[kind], "resource": "0", **fields})


@pytest.fixture
def odd_question(db):
    """With everything that a spreadsheet would run, skip or change."""
    load_coding_bank()
    question = CodingQuestion.objects.first()
    question.title = "=HYPERLINK(1)"
    question.question = "'+1 and _x000D_ stay\n\tÜber 漢字;\u00a0\n"
    question.solution = "@x\n\n"
    question.test_cases = [{"input": "=1\r\n", "output": "_x0041_"}]
    question.save()
    return question


@pytest.mark.parametrize("kind", list(FORMATS))
def test_what_goes_out_comes_back_as_nothing_to_change(console, odd_question, kind):
    data = _export(console, kind).content
    preview = _preview(console, data, kind)

    result = preview.context["result"]
    assert {row.import_type for row in result} == {"skip"}, [r.diff for r in result]
    assert len(list(result)) == CodingQuestion.objects.count()


def test_what_goes_out_is_defused(console, odd_question):
    text = _export(console, "csv").content.decode()
    assert text.startswith("\ufeffslug,")
    assert "'=HYPERLINK(1)" in text

    sheet = load_workbook(io.BytesIO(_export(console, "xlsx").content)).worksheets[0]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["'=HYPERLINK(1)"] == "s"
    assert "f" not in cells.values()


def test_a_text_that_no_cell_of_excel_holds_is_refused_not_cut(console, odd_question):
    odd_question.solution = "x" * 40_000
    odd_question.save()

    reply = _export(console, "xlsx")
    assert reply.status_code == 413
    assert "Take the CSV or the JSON" in reply.content.decode()
    preview = _preview(console, _export(console, "csv").content, "csv")
    assert {row.import_type for row in preview.context["result"]} == {"skip"}


def _row_of(slug="from-excel", **changes):
    load_coding_bank()
    shipped = CodingQuestion.objects.first()
    values = {name: getattr(shipped, name) for name in FIELDS} | changes
    texts = [v if isinstance(v, str) else json.dumps(v) for v in values.values()]
    return [slug, *texts]


def _brought(console, data, kind):
    preview = _preview(console, data, kind)
    result = preview.context["result"]
    assert [row.import_type for row in result] == ["new"], preview.context["result"].row_errors()
    url = reverse("admin:sessions_app_codingquestion_process_import")
    console.post(url, preview.context["confirm_form"].initial)
    return CodingQuestion.objects.get(slug="from-excel")


def test_escapes_of_excel_in_a_question_are_decoded(console):
    changes = {
        "question": "Line one_x000D_\nLine two",
        "solution": "def f():_x000D_\n    return 1_x000D_\n",
    }
    data = xlsx_of([["slug", *FIELDS], [" ", "\u00a0"], _row_of(**changes)])

    question = _brought(console, data, "xlsx")
    assert question.question == "Line one\nLine two"
    assert question.solution == "def f():\n    return 1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","], ids=["semicolon", "tab", "comma"])
def test_a_csv_of_questions_in_any_dialect(console, encoding, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([f"{name.title()}\u00a0".replace("_", " ") for name in ("slug", *FIELDS)])
    writer.writerow([" "] * 3)
    writer.writerow(_row_of(question="Line one\r\nLine two", solution="'=1"))
    text = f"sep={delimiter}\r\n" if delimiter == ";" else ""

    question = _brought(console, (text + out.getvalue()).encode(encoding), "csv")
    assert (question.question, question.solution) == ("Line one\nLine two", "=1")


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        ("slug;title\nä;b\n".encode("cp1252"), "csv", "not UTF-8"),
        (b"slug,Title,title\na,b,c\n", "csv", "More than one column"),
        (b"PK\x03\x04rubbish", "xlsx", "damaged"),
    ],
)
def test_a_file_of_questions_that_cannot_be_read_says_why(console, data, kind, why):
    assert why in str(_preview(console, data, kind).context["form"].errors)
