"""Finds scored answers to one question that share much of their code.

The runs that count and have no fingerprints are the queue: a lost message or a killed worker
delays a comparison and never loses it. Nothing here touches a score.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from common.row_limits import limit_of
from judge.models import CodeRun
from judge.similarity import LEXERS, METHOD, fingerprints, share
from sessions_app.assessments.models import CodingQuestion
from sessions_app.proctoring.models import AnswerPrint, SessionRun, SimilarPair

log = logging.getLogger(__name__)

LISTED_FROM = 0.6
"""Of the shorter answer: reference and naive solutions of the bank share at most 0.49."""
LEAST = 24
"""Fingerprints; a few lines are written alike by honest people."""
COMMON_AMONG = 10
"""Of so many answers and more, what most of them have is left out: the question asks for it."""
AT_ONCE = 100
LOOKED_BACK = timedelta(days=7)


def compare_answers(*, now: datetime) -> int:
    """Fingerprint and compare what was scored since the last time; how many answers.

    Safe to interrupt and to run twice at once: each answer is a transaction of its own.
    """
    done = 0
    for row in waiting(now=now):
        try:
            compare_answer(row, now=now)
            done += 1
        except Exception:
            log.exception("answer of run %s cannot be compared", row.run_id)
    return done


def waiting(*, now: datetime) -> list[SessionRun]:
    """Scoring runs that count, have a verdict and no fingerprints, the oldest first."""
    rows = SessionRun.objects.filter(
        counts=True,
        run__status=CodeRun.Status.DONE,
        run__finished_at__gt=now - LOOKED_BACK,
        run__answer_print__isnull=True,
    )
    return list(rows.select_related("run", "question").order_by("pk")[:AT_ONCE])


@transaction.atomic
def compare_answer(row: SessionRun, *, now: datetime) -> list[SimilarPair]:
    """Store the fingerprints of one answer and the pairs that it makes with others.

    Answers to one question are compared one after the other: of two at once, neither would see what
    the other has not committed.
    """
    CodingQuestion.objects.select_for_update(no_key=True).get(pk=row.question_id)
    made, is_new = _store_print(row, now=now)
    if not is_new or len(made.hashes) < LEAST:
        return []
    own = frozenset(made.hashes)
    others = {pk: frozenset(hashes) for pk, hashes in _others(row, made)}
    common = _common([own, *others.values()])
    found = sorted(
        ((share(own - common, other - common, least=LEAST), pk) for pk, other in others.items()),
        reverse=True,
    )
    pairs = [
        SimilarPair(
            first_id=min(pk, made.pk),
            second_id=max(pk, made.pk),
            percent=int(100 * part),
            created_at=now,
        )
        for part, pk in found[: limit_of("similar_answers")]
        if part >= LISTED_FROM
    ]
    return SimilarPair.objects.bulk_create(pairs, ignore_conflicts=True)


def _store_print(row: SessionRun, *, now: datetime) -> tuple[AnswerPrint, bool]:
    """False for an answer that is as it was: what it was compared with stands."""
    run, question = row.run, row.question
    digest = hashlib.sha256(f"{METHOD} {run.language} {run.source}".encode(errors="replace"))
    known = {"language": run.language, "digest": digest.hexdigest()}
    there = AnswerPrint.objects.select_for_update().filter(
        session=row.session_id, question=row.question_id
    )
    old = there.first()
    if old is not None and old.digest == known["digest"]:
        AnswerPrint.objects.filter(pk=old.pk).update(run=run)
        return old, False
    there.delete()  # its pairs go with it
    hashes: list[int] = []
    if run.language in LEXERS:
        given = [question.boiler_plate.get(run.language, "")]
        hashes = sorted(fingerprints(run.source, run.language, without=given))
    made = AnswerPrint.objects.create(
        session_id=row.session_id,
        question_id=row.question_id,
        run=run,
        hashes=hashes,
        created_at=now,
        **known,
    )
    return made, True


def _others(row: SessionRun, made: AnswerPrint) -> Iterable[tuple[int, list[int]]]:
    """The newest answers of other people in this language; a retake is of the same person."""
    email = row.session.candidate.email
    same = AnswerPrint.objects.filter(question=row.question_id, language=made.language)
    rows = same.exclude(session__candidate__email__iexact=email).order_by("-pk")
    return rows.values_list("pk", "hashes")[: limit_of("compared_answers")]


def _common(answers: list[frozenset[int]]) -> frozenset[int]:
    """What more than half of the answers have."""
    if len(answers) < COMMON_AMONG:
        return frozenset()
    counted = Counter(gram for answer in answers for gram in answer)
    return frozenset(gram for gram, count in counted.items() if 2 * count > len(answers))
