"""The coding bank in the console: out, in again, and edited with one field a language."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sessions_app.assessments.admin.question_form import CodingQuestionForm
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.services.coding_bank import load_coding_bank
from sessions_app.proctoring.models import ProctoredSession


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
