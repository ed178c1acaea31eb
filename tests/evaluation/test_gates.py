"""The quality gates of the local check, on a sample of SAF (MIT) and on made-up attacks."""

from __future__ import annotations

import json
import random
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evaluation.local.evaluator import evaluate, read
from evaluation.local.guards import is_not_prose
from evaluation.local.measuring import GradedQuestion, judge_all, ranks, read_graded, report
from evaluation.local.text import tokenise
from evaluation.types import KeyPoint, Rubric
from practice.bank_files import BANK_ROOT, read_bank

SAMPLE = Path(__file__).parent / "data" / "saf_sample.jsonl"
LABELLED, RUBRICS = (
    SAMPLE.with_name(name) for name in ("labelled_answers.jsonl", "labelled_rubrics.json")
)
NO_ANSWERS = {"", "no submission.", "no response.", "no response", "empty submission.", "empty response."}  # fmt: skip


@pytest.fixture(scope="module")
def questions() -> list[GradedQuestion]:
    return read_graded(SAMPLE.read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def judged(questions):
    return judge_all(questions)


def withheld_share(questions, attack) -> float:
    attacks = [
        GradedQuestion(q.rubric, tuple((text, 0.0) for text in attack(q.rubric))) for q in questions
    ]
    numbers = report(judge_all(attacks))
    return numbers["withheld"] / numbers["n"]


def key_words(text: str) -> list[str]:
    return [token.text for token in tokenise(text) if not token.is_function_word]


def shuffled(text: str) -> str:
    words = text.split()
    random.Random(7).shuffle(words)
    return " ".join(words)


def test_it_agrees_with_people(judged):
    numbers = report(judged)
    assert numbers["pearson"] >= 0.70
    assert numbers["within_question_r"] >= 0.70
    assert numbers["latency_ms"]["p95"] <= 50


def test_honest_answers_are_hardly_ever_withheld(questions, judged):
    texts = [text for question in questions for text, _ in question.answers]
    honest = [
        o for o, text in zip(judged, texts, strict=True) if text.strip().lower() not in NO_ANSWERS
    ]
    assert sum(bool(one.withheld_reason) for one in honest) <= 0.03 * len(honest)


@pytest.mark.parametrize(
    ("name", "attack"),
    [
        ("empty", lambda r: ["", "  \n ", "...", "?!"]),
        ("question", lambda r: [r.prompt, r.prompt + " " + r.prompt, "The question is: " + r.prompt]),
        ("stuffed", lambda r: [
            ", ".join(key_words(r.sample_answer)),
            " ".join(sorted(set(key_words(r.sample_answer)))),
            " ".join(key_words(r.sample_answer)[:15] * 4),
        ]),
        ("copied", lambda r: [r.sample_answer, r.sample_answer.upper(), "I think that " + r.sample_answer]),
    ],
)  # fmt: skip
def test_attacks_are_withheld(questions, name, attack):
    assert withheld_share(questions, attack) >= 0.95


def test_shuffled_long_answers_are_mostly_withheld(questions):
    by_prompt = {
        q.rubric.prompt: [shuffled(t) for t, _ in q.answers if len(t.split()) >= 40]
        for q in questions
    }
    assert withheld_share(questions, lambda r: by_prompt[r.prompt]) >= 0.80


def test_stories_in_the_first_person_are_prose_and_shuffled_they_are_not():
    """SAF, from which the table of word pairs was learned, holds hardly any "he told me that I"."""
    behavioral = next(s for s in read_bank(BANK_ROOT).sets if s.category == "behavioral")
    stories = [
        (question.rubric(), text)
        for question in behavioral.questions
        for text in (question.cases["good"], question.cases["partial"])
    ]

    assert not [text for rubric, text in stories if is_not_prose(read(rubric, text), rubric)]
    caught = [is_not_prose(read(rubric, shuffled(text)), rubric) for rubric, text in stories]
    assert sum(caught) >= 0.95 * len(stories)


def test_every_quote_is_verbatim(questions):
    quotes = 0
    for question in questions:
        lines = [
            line for line in question.rubric.sample_answer.splitlines() if len(line.split()) > 4
        ]
        points = tuple(KeyPoint(line[:40], line) for line in lines[:4])
        rubric = Rubric(question.rubric.prompt, key_points=points, min_words=0,
                        sample_answer=question.rubric.sample_answer)  # fmt: skip
        for text, _ in question.answers:
            for point in evaluate(rubric, text).key_points:
                assert point.level == "missed" or point.quotes
                for quote in point.quotes:
                    quotes += 1
                    assert text[quote.start : quote.end] == quote.text
    assert quotes > 300


def test_the_same_answer_always_gets_the_same_verdict(questions):
    rubric, (text, _) = questions[1].rubric, questions[1].answers[3]
    assert evaluate(rubric, text) == evaluate(rubric, text)


@pytest.mark.parametrize(
    "text",
    ["a" * 50_000, "x\n" * 25_000, "(" * 50_000, "```" * 16_000, "=(;" * 16_000, " " * 50_000, "\u202e\u0000é🎉" * 9_000,
     " ".join(f"word{n}" for n in range(6_000)), "Cache. " * 7_000],
)  # fmt: skip
def test_no_text_breaks_it(questions, text):
    """How its work grows with a text is counted in `test_growth`."""
    verdict = evaluate(questions[0].rubric, text)
    assert verdict.status == "withheld"


def test_the_command_prints_a_table_and_json_only():
    table, only = StringIO(), StringIO()
    call_command("evaluate_dataset", SAMPLE, stdout=table)
    call_command("evaluate_dataset", SAMPLE, "--json", stdout=only)
    numbers = json.loads(only.getvalue())
    assert set(numbers) == {"n", "pearson", "spearman", "within_question_r", "rmse", "withheld", "latency_ms"}  # fmt: skip
    assert numbers["n"] == 504 and set(numbers["latency_ms"]) == {"p50", "p95"}
    assert "Pearson" in table.getvalue()


def test_a_file_that_cannot_be_read_says_where(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"question": "q", "reference": "r", "answers": []}\n{"question": 1}\n')
    with pytest.raises(CommandError, match="line 2"):
        call_command("evaluate_dataset", path)
    with pytest.raises(CommandError):
        call_command("evaluate_dataset", tmp_path / "none")


def test_scores_without_spread_have_no_correlation(tmp_path):
    path, out = tmp_path / "flat.jsonl", StringIO()
    path.write_text('{"question": "What?", "reference": "This.", "answers": [{"answer": "That", "score": 1}]}\n')  # fmt: skip
    call_command("evaluate_dataset", path, "--json", stdout=out)
    assert json.loads(out.getvalue())["pearson"] is None
    assert ranks([3, 1, 3]) == [2.5, 1, 2.5]


def test_key_points_and_words_agree_with_labelled_answers():
    """Answers that are no part of the bank, each key point labelled by hand."""
    out = StringIO()
    call_command("evaluate_dataset", LABELLED, "--rubrics", RUBRICS, "--json", stdout=out)
    numbers = json.loads(out.getvalue())

    assert numbers["met"]["precision"] >= 0.85 and numbers["met"]["recall"] >= 0.60
    assert numbers["denied_credited"] <= numbers["denied"] / 3
    assert numbers["bands_exact"] >= 0.80 * numbers["honest"]
    assert numbers["order"]["in_order"] >= 0.97 * numbers["order"]["pairs"]
    assert numbers["withheld_falsely"] <= 0.02 * numbers["n"]
    assert numbers["not_withheld"] == 0


def test_labels_of_another_rubric_are_refused(tmp_path):
    path = tmp_path / "mine.jsonl"
    first = json.loads(LABELLED.read_text("utf-8").splitlines()[0])
    path.write_text(json.dumps(first | {"levels": {"1:Something else": "met"}}))
    with pytest.raises(CommandError, match="line 1"):
        call_command("evaluate_dataset", path, "--rubrics", RUBRICS)
    with pytest.raises(CommandError):
        call_command("evaluate_dataset", path, "--rubrics", tmp_path / "none.json")


def test_notes_are_judged_and_bare_terms_are_not():
    rubric = Rubric(prompt="How would you book seats?")
    notes = (
        "- Postgres row per seat: state, holder, held_until\n- UPDATE where free → affected rows = 1\n"
        "- groups: one transaction, rollback on fewer\n- sorted by id → no deadlock"
    )
    terms = "\n".join(
        ["- Postgres seat rows", "- conditional update", "- rollback", "- sorted ids"]
    )

    assert not is_not_prose(read(rubric, notes), rubric)
    assert is_not_prose(read(rubric, terms), rubric)
