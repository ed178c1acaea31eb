"""One evaluation as a page shows it: words, bars, points with quotes, the marked answer."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.local.evaluator import copied_spans, points_of_sample
from evaluation.models import ClaudeSwitch, Evaluation
from evaluation.naming import judge_name
from evaluation.selectors.context import EvaluationContext, contexts_of
from evaluation.selectors.explanation import contrast, explain
from evaluation.selectors.shown import (
    Comparison,
    Dimension,
    Feedback,
    ModelSegment,
    Point,
    Scored,
    Segment,
    points_word,
)
from evaluation.types import Observation, Quote, Rubric, Step

Status = Evaluation.Status
DIMENSIONS = {
    "overall_score": "Overall",
    "framework_score": "Framework",
    "structure_score": "Structure",
    "completeness_score": "Key points",
}
LEVEL_WORDS = {
    "met": "met",
    "partial": "partly covered",
    "missed": "missing",
    "denied": "your text says the opposite",
}
HOLDS = {
    "switched_off": "{judge} is switched off at the moment.",
    "budget_user": "Your share of {judge} is used up for today. A new one begins at midnight UTC.",
    "budget_month": "This month's budget for {judge} is used up. Staff can raise it.",
    "breaker_open": "{judge} failed several times in a row, so we are giving it a pause.",
    "retry": "The last try did not work.",
}
POLL = {"": "every 1500ms", "retry": "every 5s"}


def feedback_of(evaluation: Evaluation, *, answer: str | None = None) -> Feedback:
    """Shape one evaluation for the page. One or two small queries."""
    return feedbacks_of([(evaluation, answer)])[0]


def feedbacks_of(asked: Sequence[tuple[Evaluation, str | None]]) -> list[Feedback]:
    """Shape evaluations, each with its answer if that is at hand: one or two small queries for
    all tries at the same question."""
    contexts = contexts_of([one for one, _ in asked if one.status == Status.SUCCEEDED])
    return [
        Feedback(
            state=one.status,
            is_waiting=one.is_open,
            poll=POLL.get(one.hold, "every 20s"),
            progress=progress_words(one),
            hold=HOLDS.get(one.hold, "").format(judge=judge_name()),
            hold_note=switch_note() if one.hold == Evaluation.Hold.SWITCHED_OFF else "",
            provider=one.judge_words,
            may_take_local=one.provider != Evaluation.Provider.LOCAL,
            scored=_scored(one, contexts[one.pk], answer) if one.pk in contexts else None,
        )
        for one, answer in asked
    ]


def _points(evaluation: Evaluation, context: EvaluationContext) -> tuple[Point, ...]:
    rubric = evaluation.input["rubric"]
    texts = {point["title"]: point["text"] for point in rubric.get("key_points") or ()}
    return tuple(
        Point(
            number=number,
            title=point["title"],
            level=point["level"],
            word=LEVEL_WORDS[point["level"]],
            quotes=tuple(Quote(**quote) for quote in point.get("quotes") or ()),
            board=tuple(point.get("board") or ()),
            objected=reply is not None,
            looked_at=bool(reply and reply.looked_at),
            reply=reply.answer if reply else "",
            why=point.get("why") or "",
            model=texts.get(point["title"], "") if point["level"] != "met" else "",
        )
        for number, point in enumerate(evaluation.key_points, start=1)
        for reply in [context.objected.get(point["title"][:300])]
    )


def _scored(evaluation: Evaluation, context: EvaluationContext, answer: str | None) -> Scored:
    rubric, points = evaluation.input["rubric"], _points(evaluation, context)
    text = answer or evaluation.answer
    scores = [(words, getattr(evaluation, name)) for name, words in DIMENSIONS.items()]
    seen = [Observation.from_json(one) for one in evaluation.observations]
    steps = rubric.get("framework_steps") or ()
    return Scored(
        evaluation_id=evaluation.pk,
        band=evaluation.band,
        overall_score=evaluation.overall_score or 0.0,
        provider=evaluation.judge_words,
        summary=summary_words(points),
        next_step=next_step(evaluation),
        contrast=contrast(evaluation),
        statement=evaluation.statement,
        comparison=_comparison(evaluation, context.before),
        dimensions=tuple(Dimension(words, score, 10 * (score or 0)) for words, score in scores),
        explanation=tuple(explain(evaluation)),
        points=points,
        segments=mark_answer(text, points, copied=_copied(evaluation, text)),
        strengths=tuple(evaluation.strengths),
        improvements=tuple(evaluation.improvements),
        framework=tuple(one for one in seen if one.group == "framework"),
        structure=tuple(one for one in seen if one.group == "structure"),
        suggested_framework=evaluation.suggested_framework,
        steps=tuple(Step.from_json(step) for step in steps),
        follow_ups=tuple(evaluation.follow_up_questions),
    )


def next_step(evaluation: Evaluation) -> str:
    """What to do next, in one line: the first improvement, else a question to think on."""
    if evaluation.improvements:
        return evaluation.improvements[0]
    follow_ups = evaluation.follow_up_questions
    return f"Answer what an interviewer would ask now: {follow_ups[0]}" if follow_ups else ""


def model_beside(evaluation: Evaluation) -> tuple[ModelSegment, ...]:
    """The sample answer, cut where it makes points that the learner's answer does not; () for an
    answer without a score or a question without a sample."""
    rubric = Rubric.from_json(evaluation.input["rubric"])
    if evaluation.status != Status.SUCCEEDED or not rubric.sample_answer:
        return ()
    lacking = {p["title"] for p in evaluation.key_points if p["level"] != "met"}
    shown = [
        Point(number, one.title, one.level, "", one.quotes, (), objected=False)
        for number, one in enumerate(points_of_sample(rubric), start=1)
        if one.title in lacking
    ]
    titles = {str(point.number): point.title for point in shown}
    return tuple(
        ModelSegment(part.text, "; ".join(titles[number] for number in part.points.split()))
        for part in mark_answer(rubric.sample_answer, shown)
    )


def progress_words(evaluation: Evaluation) -> str:
    if evaluation.stage == "scoring":
        return "Scoring it against the rubric…"
    if evaluation.status == Status.RUNNING:
        return "Reading your answer…"
    return "Waiting for a free moment… usually a few seconds"


def summary_words(points: Sequence[Point]) -> str:
    """ "3 of 7 points", never praise."""
    if not points:
        return ""
    met = sum(point.level == "met" for point in points)
    partly = sum(point.level == "partial" for point in points)
    denied = sum(point.level == "denied" for point in points)
    tail = f", {partly} partly covered" if partly else ""
    tail += f", {denied} denied" if denied else ""
    return f"{met} of {len(points)} {points_word(len(points))}{tail}"


def _copied(evaluation: Evaluation, text: str) -> tuple[tuple[int, int], ...]:
    """Only the local check sets copied sentences aside; a model reads them for itself."""
    if evaluation.provider != Evaluation.Provider.LOCAL:
        return ()
    return copied_spans(Rubric.from_json(evaluation.input["rubric"]), text)


def mark_answer(
    answer: str, points: Sequence[Point], *, copied: Sequence[tuple[int, int]] = ()
) -> tuple[Segment, ...]:
    """The answer cut at every edge of a quote or of a copied sentence; overlapping quotes share a
    segment."""
    spans = [
        (quote.start, quote.end, point.number)
        for point in points
        for quote in point.quotes
        if answer[quote.start : quote.end] == quote.text
    ]
    inner = (edge for start, end, *_ in (*spans, *copied) for edge in (start, end))
    edges = sorted({0, len(answer), *inner})
    segments = []
    for start, end in zip(edges, edges[1:], strict=False):
        numbers = sorted({n for a, b, n in spans if a <= start and end <= b})
        is_copied = any(a <= start and end <= b for a, b in copied)
        segments.append(Segment(answer[start:end], " ".join(map(str, numbers)), is_copied))
    return tuple(segments)


def _comparison(evaluation: Evaluation, before: Evaluation | None) -> Comparison | None:
    if before is None or before.overall_score is None or evaluation.overall_score is None:
        return None
    then, now = (
        {point["title"] for point in row.key_points if point["level"] == "met"}
        for row in (before, evaluation)
    )
    return Comparison(
        gained=tuple(sorted(now - then)),
        lost=tuple(sorted(then - now)),
        difference=round(evaluation.overall_score - before.overall_score, 1),
    )


def switch_note() -> str:
    """What staff wrote beside the kill switch."""
    return ClaudeSwitch.objects.values_list("note", flat=True).first() or ""
