"""Denied points: what a cue denies, what it leaves alone, and what the verdict says about it."""

from __future__ import annotations

import pytest

from evaluation.local.denial import denied
from evaluation.local.evaluator import evaluate
from evaluation.local.text import tokenise
from evaluation.types import KeyPoint
from tests.evaluation.factories import GOOD, RUBRIC


@pytest.mark.parametrize(
    ("sentence", "under_denial"),
    [
        ("We do not use a cache because it is small", "we do not use a cache"),
        ("A cache is not needed, the database is fast", "a cache is not needed"),
        ("There is no need to sort the seats, they come sorted", "no need to sort the seats"),
        ("We do not offer a sandbox, a guide or a mail", "we do not offer a sandbox a guide or a mail"),
        ("Expiry should not be checked when reading", "expiry should not be checked when reading"),
        ("The update decides nothing, so we never look at rows", "the update decides nothing we never look at rows"),
        ("I sort by id, so that two groups cannot wait for each other", ""),
        ("Not only the cache but also the database holds it", ""),
        ("I lock the row to avoid a double booking", ""),
        ("I think that we should not split it", "we should not split it"),
        ("Reads far outnumber writes", ""),
    ],
)  # fmt: skip
def test_a_denial_reaches_to_the_edges_of_its_clause(sentence, under_denial):
    tokens = tokenise(sentence)

    assert " ".join(tokens[i].text for i in sorted(denied(sentence, tokens))) == under_denial


DENYING = (
    "Reads do not outnumber writes, so the read path does not decide the design. A cache in memory is "
    "not needed for popular codes. I would never use a temporary redirect, because nobody counts the "
    "clicks, and browsers do not keep a permanent one either. I would not estimate the load at all."
)


def test_an_answer_that_denies_every_point_is_weak_and_says_so():
    verdict = evaluate(RUBRIC, DENYING)

    assert verdict.band == "weak" and "Most of your answer denies things" in verdict.statement
    levels = [point.level for point in verdict.key_points]
    assert "met" not in levels and levels.count("denied") >= 2
    quoted = [q for point in verdict.key_points if point.level == "denied" for q in point.quotes]
    assert quoted and all(DENYING[q.start : q.end] == q.text for q in quoted)


def test_to_reject_what_a_point_rejects_is_to_say_it():
    point = KeyPoint(
        "Against long locks", "Locks held while a person types eat the connection pool."
    )
    answer = f"{GOOD} I would not hold locks while a person types, since they eat the connections of the pool."
    praise = f"{GOOD} Holding locks while a person types and the connection pool waits is perfectly fine."

    def level(text):
        return evaluate(type(RUBRIC)(RUBRIC.prompt, key_points=(point,)), text).key_points[0].level

    assert (level(answer), level(praise)) == ("met", "denied")
