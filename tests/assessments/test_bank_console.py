"""The coding bank in the console: out, in again, and edited with one field a language."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from sessions_app.assessments.admin.question_form import CodingQuestionForm
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


def test_a_question_is_edited_with_one_field_a_language(console):
    load_coding_bank()
    question = CodingQuestion.objects.get(slug="build-farm")
    url = reverse("admin:sessions_app_codingquestion_change", args=[question.pk])
    form = console.get(url).context["adminform"].form
    assert form["python"].value() == question.boiler_plate["python"]
    assert '\n  {\n    "input"' in form["sample_test_cases"].value()

    sent = {name: form[name].value() for name in form.fields}
    browser = {name: str(value).replace("\n", "\r\n") for name, value in sent.items()}
    before = CodingQuestion.objects.filter(pk=question.pk).values().get()
    reply = console.post(url, {**browser, "java": ""})
    assert reply.status_code == 302, reply.context["adminform"].form.errors

    after = CodingQuestion.objects.filter(pk=question.pk).values().get()
    plates = {k: v for k, v in before["boiler_plate"].items() if k != "java"}
    assert after == {**before, "boiler_plate": plates, "updated_at": after["updated_at"]}


def test_a_question_without_any_code_or_case_is_refused_with_the_reason(console):
    load_coding_bank()
    question = CodingQuestion.objects.get(slug="build-farm")
    url = reverse("admin:sessions_app_codingquestion_change", args=[question.pk])
    form = console.get(url).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    nothing = dict.fromkeys(("python", "javascript", "java", "cpp"), "")
    reply = console.post(url, {**sent, **nothing, "test_cases": '[{"input": 1}]'})
    assert b"boiler_plate is missing" in reply.content
    assert b"case 1 needs input and output as text" in reply.content


@pytest.mark.parametrize(("levels", "reason"), [(300, b"at most 64 levels"), (9000, b"valid JSON")])
def test_cases_that_are_nested_too_deep_are_refused(console, levels, reason):
    load_coding_bank()
    question = CodingQuestion.objects.get(slug="build-farm")
    url = reverse("admin:sessions_app_codingquestion_change", args=[question.pk])
    form = console.get(url).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    deep = '[{"input": "", "output": "", "note": ' + "[" * levels + "]" * levels + "}]"
    reply = console.post(url, {**sent, "sample_test_cases": deep})
    assert reply.status_code == 200 and reason in reply.content


@pytest.mark.parametrize("levels", [70, 900, 100_000])
def test_json_that_is_nested_too_deep_is_an_error_of_its_field(levels):
    """The page that shows the error writes the field out again, which breaks at some depth."""
    form = CodingQuestionForm({"tags": "[" * levels + "]" * levels})

    assert "tags" in form.errors
    assert "[[[[" in str(form["tags"])
