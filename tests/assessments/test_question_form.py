"""A coding question in the console: a form of fields and rows, and the check of what stands in it."""

from __future__ import annotations

import json

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse

from judge.engines.local import LocalEngine
from judge.models import CodeRun, EngineReport
from judge.services.working import work
from judge.types import Probe
from sessions_app.assessments.admin.question_form import CodingQuestionForm
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.services.checking import QUESTION_CHECK
from sessions_app.assessments.services.coding_bank import load_coding_bank
from tests.factories import staff_with
from tests.judge.engines import FakeEngine
from tests.judge.running import needs
from tests.proctoring.coding import ECHO
from tests.proctoring.coding import make_question as coding_question

pytestmark = pytest.mark.django_db
with_worker = pytest.mark.django_db(transaction=True)
CHECK = "admin:codingquestion_check"


@pytest.fixture
def console(client, staff):
    client.force_login(staff)
    return client


def make_question(slug="echo", **values):
    return coding_question(slug, **{"tags": ["text"], "solution": ECHO, **values})


def change_page(question):
    return reverse("admin:sessions_app_codingquestion_change", args=[question.pk])


def sent_by(form):
    """What a browser sends of a form as it stands: CR LF, and boxes only when they are ticked."""
    fields = [*form, *form.rows.management_form, *(field for row in form.rows for field in row)]
    values = {field.html_name: field.value() for field in fields}
    return {
        name: str(value).replace("\r\n", "\n").replace("\n", "\r\n")
        for name, value in values.items()
        if value not in (None, False)
    }


def shown(console, question):
    return sent_by(console.get(change_page(question)).context["adminform"].form)


def stored(question):
    values = model_to_dict(CodingQuestion.objects.get(pk=question.pk))
    return {name: value for name, value in values.items() if name != "updated_at"}


def test_a_question_that_is_saved_as_it_is_stays_as_it_is_whatever_its_cases_look_like(console):
    load_coding_bank()
    make_question(
        "odd",
        sample_test_cases=[{"input": "\na\r\n", "output": " a", "weight": 1}],
        test_cases=[{"input": "", "output": "", "weight": 1}, {"input": "b\n", "output": "b"}],
        languages=["java", "python"],
        factors={"java": 2},
    )
    for question in CodingQuestion.objects.all():
        before = stored(question)
        reply = console.post(change_page(question), shown(console, question))
        assert reply.status_code == 302, reply.context["adminform"].form.errors
        assert stored(question) == before, question.slug


def test_rows_become_samples_and_hidden_cases_and_fields_become_columns(console):
    question = make_question()
    sent = shown(console, question)
    assert sent["cases-TOTAL_FORMS"] == "4"  # a sample, two hidden ones, a blank row
    sent |= {
        "cases-0-output": "hello there", "cases-0-note": "",
        "cases-1-DELETE": "on",
        "cases-2-weight": "7",
        "cases-3-kind": "generated", "cases-3-generate": "no-such",
        "tag_words": "text, , easy words", "java": "", "offer_cpp": "on", "factor_cpp": "0.5",
    }  # fmt: skip
    load_coding_bank()
    recipe = CodingQuestion.objects.get(slug="matching-brackets").test_cases[-1]
    assert "generate" in recipe
    sent |= {"cases-3-generate": recipe["generate"], "cases-3-args": json.dumps(recipe["args"])}
    sent["cases-3-weight"] = "2"

    reply = console.post(change_page(question), sent)

    assert reply.status_code == 302, reply.context["adminform"].form.errors
    question.refresh_from_db()
    assert question.sample_test_cases == [{"input": "hello\n", "output": "hello there"}]
    made = {"generate": recipe["generate"], "args": recipe["args"], "weight": 2}
    assert question.test_cases == [{"input": "b\n", "output": "b", "weight": 7}, made]
    assert question.tags == ["text", "easy words"]
    assert set(question.boiler_plate) == {"python", "cpp"}
    assert (question.languages, question.factors) == (["cpp"], {"cpp": 0.5})


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"cases-1-weight": "1001"}, "cases-1-weight", "less than or equal to 1000"),
        ({"cases-3-kind": "generated"}, "cases-3-generate", "Choose the function"),
        ({"cases-3-kind": "generated", "cases-3-args": "[1"}, "cases-3-args", "not JSON"),
        ({"cases-3-kind": "generated", "cases-3-args": "7"}, "cases-3-args", "A list or a mapping"),
        ({"cases-0-input": "x" * (256 * 1024 + 1)}, "cases-0-input", "At most 256 KiB"),
        ({"cpu_seconds": "21"}, "cpu_seconds", "from 0.1 to 20"),
        ({"factor_java": "11"}, "factor_java", "less than or equal to 10"),
        ({"offer_java": "on", "java": ""}, "offer_python", "languages must be some of those"),
        ({"python": "", "java": "", "cpp": ""}, "python", "At least one language"),
        ({"cases-0-DELETE": "on"}, None, "Add at least one sample"),
        ({"cases-1-weight": "0", "cases-2-weight": "0"}, None, "must weigh something"),
        ({"slug": "other"}, "slug", "already exists"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(console, changes, field, why):
    question, _ = make_question(), make_question("other")
    before = stored(question)
    sent = shown(console, question) | {"question": "Typed just now", "cases-2-input": "new"}
    reply = console.post(change_page(question), sent | changes)

    form = reply.context["adminform"].form
    fields = {f.html_name: f for f in [*form, *(f for row in form.rows for f in row)]}
    errors = form.non_field_errors() if field is None else fields[field].errors
    assert why in " ".join(map(str, errors)), (form.errors, form.rows.errors)
    for name, value in (sent | changes).items():
        if name in fields:
            assert str(fields[name].value()) in (value, str(value == "on")), name
    assert stored(question) == before


def test_a_row_without_a_case_of_a_damaged_question_is_still_shown(console):
    question = make_question("damaged", test_cases=["text", {"input": 1, "output": "1"}])
    assert console.get(change_page(question)).status_code == 200


def test_readers_see_the_columns_and_no_form(client, db):
    question = make_question()
    client.force_login(staff_with("sessions_app.view_codingquestion"))
    html = client.get(change_page(question)).content.decode()
    assert "hello" in html and "data-cases" not in html and "codingquestion/check" not in html


def test_the_preview_is_what_candidates_will_read(console):
    url = reverse("admin:codingquestion_preview")
    html = console.post(url, {"question": "**Bold** <script>x</script>"}).content.decode()
    assert "<strong>Bold</strong>" in html and "<script>" not in html


def check(console, question, **changes):
    sent = shown(console, question) | {"checked_question": str(question.pk)} | changes
    return console.post(reverse(CHECK), sent).content.decode()


@with_worker
def test_a_check_runs_what_stands_in_the_form_against_every_case(console):
    question = make_question(solution="print('old')")
    work(engine=FakeEngine())  # reports that it can run code
    html = check(console, question, solution=ECHO, solution_java="class Main {}")
    runs = list(CodeRun.objects.filter(kind=QUESTION_CHECK).order_by("pk"))
    assert [(run.language, run.source, run.cases) for run in runs] == [
        ("python", ECHO, 3), ("java", "class Main {}", 3)
    ]  # fmt: skip
    assert "number 1 in the queue" in html and f"checks/{runs[0].uuid}" in html
    assert stored(question)["solution"] == "print('old')", "checking saves nothing"

    work(engine=FakeEngine())
    html = console.get(reverse("admin:codingquestion_checked", args=[runs[0].uuid]))
    html = html.content.decode()
    assert "3 of 3 cases accepted" in html and "hx-get" not in html
    assert all(name in html for name in ("Sample 1", "Hidden 1", "Hidden 2"))


@with_worker
def test_a_check_in_the_sandbox_shows_the_case_that_is_wrong(console):
    needs("python")
    load_coding_bank()
    question = CodingQuestion.objects.get(slug="matching-brackets")
    work(engine=LocalEngine())
    check(console, question, solution_cpp="", **{"cases-0-output": "not this"})
    work(engine=LocalEngine())
    run = CodeRun.objects.get(kind=QUESTION_CHECK)
    html = console.get(reverse("admin:codingquestion_checked", args=[run.uuid])).content.decode()
    assert f"{run.cases - 1} of {run.cases} cases accepted" in html
    assert "Wrong Answer, first difference in line 1" in html and "not this" in html


@with_worker
def test_a_check_says_why_nothing_is_run(console):
    question = make_question()
    assert "No worker that runs code has reported" in check(console, question)

    work(engine=FakeEngine(probe=Probe.failed("said", "Landlock is refused here")))
    assert "Landlock is refused here" in check(console, question)
    CodeRun.objects.all().delete()

    EngineReport.objects.all().delete()
    work(engine=FakeEngine())
    assert "There is no reference solution" in check(console, question, solution="")
    assert "correct these first" in check(console, question, title="")
    assert not CodeRun.objects.exists()


@with_worker
def test_no_more_checks_wait_than_are_allowed(console, settings):
    settings.LIMITS = {**settings.LIMITS, "checks_waiting": 1}
    question = make_question()
    work(engine=FakeEngine())
    assert "in the queue" in check(console, question)
    assert "Other checks are still waiting" in check(console, question)
    assert CodeRun.objects.count() == 1


@pytest.mark.parametrize("text", ["a\0b", "[" * 100_000])
def test_a_case_of_hostile_text_is_an_error_or_a_text(text):
    rows = {"cases-TOTAL_FORMS": "1", "cases-INITIAL_FORMS": "0", "cases-0-kind": "generated"}
    form = CodingQuestionForm({**rows, "cases-0-args": text, "cases-0-note": text})
    assert not form.is_valid() and form.rows.errors[0]
