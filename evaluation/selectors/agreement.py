"""How far verdicts agree with staff's marks: by judge, over time, by question and by key point.

A judge is a provider with the version of its scoring (local) or its model; numbers of two judges
are never put together. An answer that several people marked counts once for each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models.fields.json import KeyTextTransform, KeyTransform

from common.clock import utc_day
from evaluation.local.measuring import pearson
from evaluation.models import Evaluation, StaffMark

NEWEST = 5000
FEWEST_FOR_R = 3
CREDITED = ("met", "partial")


@dataclass(frozen=True)
class Compared:
    """One mark and the verdict on the same answer. `points`: (title, marked, judged)."""

    judge: str
    month: date
    question_key: str
    prompt: str
    word: str
    score: float | None
    judged_word: str
    judged_score: float | None
    points: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Agreement:
    """`r`: Pearson of the scores, None under three answers or without any spread. `words` and
    `points` are compared where both sides have one; shares are 0–1, None for nothing to compare.

    `met_right`: share of the points called met that people call met or partly covered; `met_found`:
    share of those people call met that are called met or partly covered.
    """

    marks: int
    r: float | None
    words: int
    words_exact: int
    points: int
    points_exact: int
    met_right: float | None
    met_found: float | None
    withheld_falsely: int
    scored_falsely: int

    @property
    def share_of_words(self) -> float | None:
        return _share(self.words_exact, self.words)

    @property
    def share_of_points(self) -> float | None:
        return _share(self.points_exact, self.points)


@dataclass(frozen=True)
class Line:
    """A row of a table: what it is about, and the agreement there."""

    judge: str
    what: str
    key: str
    agreement: Agreement


@dataclass(frozen=True)
class JudgeOverTime:
    """One judge: in all, and by month of the verdict, oldest first."""

    judge: str
    agreement: Agreement
    months: tuple[tuple[date, Agreement], ...]


@dataclass(frozen=True)
class AgreementPage:
    """`question` is its prompt when the page is about one; then `points` are its key points."""

    question: str
    judges: tuple[JudgeOverTime, ...]
    questions: tuple[Line, ...]
    points: tuple[Line, ...]


def agreement_page(*, question_key: str = "") -> AgreementPage:
    """From the newest 5,000 marks; one query."""
    everything = compared()
    rows = [one for one in everything if question_key in ("", one.question_key)]
    by_judge = _grouped(rows, lambda one: one.judge)
    return AgreementPage(
        question=rows[0].prompt if question_key and rows else "",
        judges=tuple(
            JudgeOverTime(
                judge,
                agreement_of(group),
                tuple(
                    (month, agreement_of(of_month))
                    for month, of_month in sorted(_grouped(group, lambda one: one.month).items())
                ),
            )
            for judge, group in sorted(by_judge.items())
        ),
        questions=tuple(
            Line(judge, group[0].prompt, key, agreement_of(group))
            for (judge, key), group in sorted(
                _grouped(rows, lambda one: (one.judge, one.question_key)).items()
            )
        ),
        points=tuple(_point_lines(by_judge)) if question_key else (),
    )


def compared() -> list[Compared]:
    """Every mark beside its verdict, without the answers' texts."""
    of = "evaluation__"
    prompt = KeyTextTransform("prompt", KeyTransform("rubric", "evaluation__input"))
    columns = [f"{of}{name}" for name in ("provider", "model", "scoring_version", "finished_at")]
    columns += [f"{of}{name}" for name in ("question_key", "status", "band", "overall_score")]
    rows = StaffMark.objects.filter(evaluation__status__in=("succeeded", "withheld")).order_by(
        "-pk"
    )
    values = rows.annotate(prompt=prompt).values(
        "word", "score", "levels", "prompt", f"{of}key_points", "marked_at", *columns
    )
    return [_compared(row) for row in values[:NEWEST]]


def _compared(row: dict[str, Any]) -> Compared:
    verdict = {name.removeprefix("evaluation__"): value for name, value in row.items()}
    judged = {point["title"]: point["level"] for point in verdict["key_points"]}
    scored = verdict["status"] == Evaluation.Status.SUCCEEDED
    return Compared(
        judge=_judge(verdict),
        month=utc_day(verdict["finished_at"] or row["marked_at"]).replace(day=1),
        question_key=verdict["question_key"],
        prompt=" ".join(str(row["prompt"]).split()),
        word=row["word"],
        score=row["score"],
        judged_word=verdict["band"] if scored else StaffMark.Word.UNSCORABLE.value,
        judged_score=verdict["overall_score"],
        points=tuple(
            (title, level, judged[title])
            for title, level in row["levels"].items()
            if title in judged
        ),
    )


def _judge(verdict: dict[str, Any]) -> str:
    if verdict["provider"] == Evaluation.Provider.LOCAL:
        return f"Local rubric check, scoring {verdict['scoring_version'] or '1'}"
    return str(verdict["model"] or Evaluation.Provider(verdict["provider"]).label)


def agreement_of(rows: Sequence[Compared]) -> Agreement:
    unscorable = StaffMark.Word.UNSCORABLE
    both = [
        (one.score, one.judged_score)
        for one in rows
        if one.score is not None and one.judged_score is not None
    ]
    words = [
        (one.word, one.judged_word) for one in rows if unscorable not in (one.word, one.judged_word)
    ]
    points = [(marked, judged) for one in rows for _, marked, judged in one.points]
    called = [marked in CREDITED for marked, judged in points if judged == "met"]
    wanted = [judged in CREDITED for marked, judged in points if marked == "met"]
    return Agreement(
        marks=len(rows),
        r=pearson(*zip(*both, strict=True)) if len(both) >= FEWEST_FOR_R else None,
        words=len(words),
        words_exact=sum(marked == judged for marked, judged in words),
        points=len(points),
        points_exact=sum(marked == judged for marked, judged in points),
        met_right=_share(sum(called), len(called)),
        met_found=_share(sum(wanted), len(wanted)),
        withheld_falsely=sum(
            one.judged_word == unscorable and one.word != unscorable for one in rows
        ),
        scored_falsely=sum(
            one.word == unscorable and one.judged_word != unscorable for one in rows
        ),
    )


def _point_lines(by_judge: dict[str, list[Compared]]) -> Iterable[Line]:
    for judge, rows in sorted(by_judge.items()):
        titles = dict.fromkeys(title for one in rows for title, _, _ in one.points)
        for title in titles:
            only = [
                replace(one, points=tuple(point for point in one.points if point[0] == title))
                for one in rows
            ]
            yield Line(judge, title, "", agreement_of(only))


def _grouped(rows: Iterable[Compared], key: Any) -> dict[Any, list[Compared]]:
    groups: dict[Any, list[Compared]] = defaultdict(list)
    for one in rows:
        groups[key(one)].append(one)
    return dict(groups)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
