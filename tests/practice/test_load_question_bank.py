"""Loading the bank: readable problems, changes by slug, nothing deleted."""

from __future__ import annotations

from importlib import import_module
from io import StringIO

import pytest
import yaml
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from practice.bank_files import read_bank
from practice.models import Question, QuestionMain

QUESTION = {
    "slug": "scope",
    "title": "Scope",
    "prompt": "What is in scope?",
    "framework": {
        "name": "Scope",
        "steps": [{"title": "Say it", "cues": ["in scope"], "hint": "First"}],
    },
    "structure": [{"title": "Trade-off", "cues": ["instead of"]}],
    "key_points": [
        {"title": "Reads", "text": "Reads dominate.", "weight": 2, "aliases": ["100:1", 7]}
    ],
    "sample_answer": "Reads dominate writes.",
    "cases": {"good": "a", "partial": "b", "wrong": "c"},
}
SET = {
    "slug": "design-x",
    "kind": "design",
    "title": "Design X",
    "category": "storage",
    "difficulty": "easy",
    "minutes": 30,
    "summary": "Short.",
    "sample_writeup": "# X",
}


def write(folder, slug="design-x", questions=None, **changes):
    data = {**SET, "slug": slug, **changes, "questions": questions or [QUESTION]}
    data = {key: value for key, value in data.items() if value is not None}
    file = folder / "design" / f"{slug}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return file


def load(folder, **options):
    out = StringIO()
    call_command("load_question_bank", path=folder, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_a_set_is_loaded_and_a_second_load_changes_nothing(tmp_path):
    write(tmp_path)

    assert "added design-x/scope" in load(tmp_path)
    before = QuestionMain.objects.get().updated_at
    assert "1 unchanged" in load(tmp_path)

    question = Question.objects.get()
    assert QuestionMain.objects.get().updated_at == before
    assert question.key_points[0] == {
        "title": "Reads",
        "text": "Reads dominate.",
        "weight": 2.0,
        "aliases": ["100:1", "7"],
        "why": "",
    }
    assert question.framework_steps[0]["hint"] == "First"


@pytest.mark.django_db
def test_changes_are_told_and_questions_may_change_places(tmp_path):
    two = [{**QUESTION, "slug": slug, "title": slug} for slug in ("one", "two")]
    write(tmp_path, questions=two)
    load(tmp_path)

    write(tmp_path, questions=[{**two[1], "title": "Second"}, two[0]], minutes=45)
    told = load(tmp_path)

    assert "changed design-x (minutes)" in told
    assert "changed design-x/two (title, order)" in told
    assert list(Question.objects.order_by("order").values_list("slug", flat=True)) == ["two", "one"]


@pytest.mark.django_db
def test_what_is_gone_is_retired_and_may_come_back(tmp_path):
    file = write(tmp_path)
    write(tmp_path, "design-y", questions=[QUESTION, {**QUESTION, "slug": "second"}])
    load(tmp_path)

    content = file.read_text()
    file.unlink()
    write(tmp_path, "design-y")
    told = load(tmp_path)

    assert "retired design-x" in told and "retired design-y/second" in told
    assert QuestionMain.objects.count() == 2 and Question.objects.count() == 3
    assert not QuestionMain.objects.in_use().filter(slug="design-x").exists()
    file.write_text(content)
    assert "changed design-x (retired_at)" in load(tmp_path)


@pytest.fixture
def folders(tmp_path):
    made = [tmp_path / name for name in ("one", "two")]
    for folder in made:
        folder.mkdir()
    return made


@pytest.mark.django_db
def test_another_folder_retires_nothing_that_is_not_its_own(folders):
    mine, other = folders
    write(mine)
    load(mine)
    by_hand = QuestionMain.objects.get()
    by_hand.pk, by_hand.slug, by_hand.source = None, "by-hand", ""
    by_hand.save()
    file = write(other, "design-z")
    write(other, "design-y")

    assert "retired" not in load(other)
    file.unlink()
    assert "retired design-z" in load(other)
    assert set(QuestionMain.objects.in_use().values_list("slug", flat=True)) == {
        *("design-x", "design-y", "by-hand")
    }


@pytest.mark.django_db
def test_a_set_of_another_folder_is_a_conflict_and_can_be_taken_over(folders):
    mine, other = folders
    write(mine)
    load(mine)
    write(other, questions=[{**QUESTION, "slug": "second"}], title="Of the other")

    told = load(other)
    assert f"conflict design-x: it belongs to {mine}" in told and "--take theirs" in told
    assert "conflict" not in load(other, take="ours")
    assert QuestionMain.objects.get().title == "Design X"
    assert list(Question.objects.values_list("slug", flat=True)) == ["scope"]

    load(other, take="theirs")
    row = QuestionMain.objects.get()
    assert (row.title, row.source) == ("Of the other", str(other))
    assert "conflict design-x: it belongs to" in load(mine)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("take", "title"), [("ours", "Changed here"), ("theirs", "Changed in the file")]
)
def test_what_was_changed_here_and_in_the_file_is_asked_about(tmp_path, take, title):
    write(tmp_path)
    load(tmp_path)
    Question.objects.update(title="Changed here")

    assert "kept as changed here design-x/scope" in load(tmp_path)
    write(tmp_path, questions=[{**QUESTION, "title": "Changed in the file"}])
    for _ in range(2):
        told = load(tmp_path)
        assert "conflict design-x/scope: changed here and in the file" in told
        assert "-title: Changed here" in told and "+title: Changed in the file" in told
    assert Question.objects.get().title == "Changed here"

    assert "conflict" not in load(tmp_path, take=take)
    assert Question.objects.get().title == title
    assert "conflict" not in load(tmp_path)
    assert Question.objects.get().title == title


@pytest.mark.django_db
def test_what_was_changed_here_is_retired_only_when_asked(tmp_path):
    two = [QUESTION, {**QUESTION, "slug": "second"}]
    write(tmp_path, questions=two)
    load(tmp_path)
    Question.objects.filter(slug="scope").update(prompt="Changed here")
    write(tmp_path, questions=[two[1]])

    assert "conflict design-x/scope: no file holds it any more" in load(tmp_path)
    assert list(Question.objects.in_use().order_by("order").values_list("slug", "order")) == [
        ("second", 1),
        ("scope", 2),
    ]
    assert "retired design-x/scope" in load(tmp_path, take="theirs")


@pytest.mark.django_db
def test_rows_of_before_are_those_that_ship(tmp_path):
    migration = import_module("practice.migrations.0009_fill_source")
    write(tmp_path)
    load(tmp_path)
    hashes = [row.loaded_hash for row in (QuestionMain.objects.get(), Question.objects.get())]
    for model in (QuestionMain, Question):
        model.objects.update(source="", loaded_hash="")

    migration.fill_source(apps, connection.schema_editor())

    rows = (QuestionMain.objects.get(), Question.objects.get())
    assert [(row.source, row.loaded_hash) for row in rows] == [("etude", one) for one in hashes]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"kind": "quiz"},
            "design/design-x.yaml: kind: must be one of design, interview, not 'quiz'",
        ),
        ({"difficulty": None}, "difficulty: must be one of easy, medium, hard, not None"),
        ({"minutes": "soon"}, "minutes: must be a whole number from 1 to 480, not 'soon'"),
        ({"minutes": True}, "minutes: must be a whole number"),
        ({"title": " "}, "title: a text is missing here"),
        ({"color": "red"}, "color: is not a field that we know"),
        ({"category": "Two Words"}, "category: 'Two Words' must be lower-case words"),
        ({"kind": "interview", "category": "storage"}, "category: must be one of product_design"),
        ({"sample_writeup": None}, "sample_writeup: a text is missing here"),
        (
            {"questions": [{**QUESTION, "prompt": None}]},
            "question 1 (scope): prompt: a text is missing",
        ),
        (
            {"questions": [{**QUESTION, "key_points": []}]},
            "question 1 (scope): key_points: a question needs",
        ),
        (
            {"questions": [{**QUESTION, "key_points": [{"title": "T"}]}]},
            "question 1 (scope): key_points[0].text: a text is missing here",
        ),
        (
            {"questions": [{**QUESTION, "key_points": [{"title": "T", "text": "x", "weight": 0}]}]},
            "key_points[0].weight: must be a number above 0 up to 10, not 0",
        ),
        ({"questions": [QUESTION, QUESTION]}, "question 2 (scope): slug: 'scope' stands twice"),
        (
            {"questions": [{**QUESTION, "cases": {"good": "x"}}]},
            "cases.partial: a text is missing here",
        ),
        ({"questions": [{**QUESTION, "structure": "x"}]}, "structure: must be a list"),
        (
            {"questions": [{**QUESTION, "structure": [{"title": "T", "cues": [{"a": 1}]}]}]},
            "structure[0].cues[0]",
        ),
        ({"summary": "nul \x00"}, "summary: This text has characters that cannot be stored."),
    ],
)
def test_a_problem_names_file_question_and_field_and_nothing_is_loaded(tmp_path, changes, message):
    write(tmp_path, **changes)

    assert message in "\n".join(str(problem) for problem in read_bank(tmp_path).problems)
    with pytest.raises(CommandError, match="nothing was loaded"):
        load(tmp_path)
    assert not QuestionMain.objects.exists()


@pytest.mark.parametrize("content", ["a: [", "- 1", "", "\t- x: y: z"])
def test_a_file_that_is_no_set_is_named(tmp_path, content):
    (tmp_path / "odd.yaml").write_text(content)

    assert [problem.file for problem in read_bank(tmp_path).problems] == ["odd.yaml"]


def test_two_files_with_one_slug_are_named(tmp_path):
    write(tmp_path)
    (tmp_path / "other.yaml").write_text((tmp_path / "design" / "design-x.yaml").read_text())

    assert "slug: 'design-x' is already used by design/design-x.yaml" in str(
        read_bank(tmp_path).problems[0]
    )


@pytest.mark.django_db
def test_the_bank_that_we_ship_loads_without_a_problem():
    out = StringIO()
    call_command("load_question_bank", stdout=out)

    assert QuestionMain.objects.design().in_use().count() >= 3
    for row in QuestionMain.objects.design():
        orders = list(row.questions.values_list("order", flat=True))
        assert orders == list(range(1, len(orders) + 1)) and len(orders) >= 4
