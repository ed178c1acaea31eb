"""The summary of one session: what was answered, how it was judged, what to practice next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sessions_app.interviews import labels, rules
from sessions_app.interviews.models import (
    Attempt,
    FollowUp,
    FollowUpRevision,
    InterviewDraftRevision,
    PracticeSession,
)
from sessions_app.interviews.selectors.attempts import attempts_of
from sessions_app.interviews.selectors.questions import categories, category_averages

STRONG = 8.0
"""From here on (0–10) a dimension is not called weak."""

UNSCORED = {
    "queued": "still being read",
    "running": "still being read",
    "failed": "could not be scored",
    "cancelled": "not scored",
}
WITHHELD = "withheld (the reason stands below)"


@dataclass(frozen=True)
class Bar:
    """One dimension of one answer. `value` 0–10 or None; `width` is its share of 100."""

    name: str
    value: float | None

    @property
    def width(self) -> float:
        return (self.value or 0) * 10


@dataclass(frozen=True)
class Row:
    """One answer. `said` compares the self-rating with the result in words, "" without both; `why`
    explains why a judged answer has no number, "" otherwise; `replies` to what was asked back."""

    number: int
    attempt: Attempt
    outcome: str
    why: str
    bars: list[Bar]
    said: str
    said_at: float | None
    result_at: float | None
    replies: int


@dataclass(frozen=True)
class NextStep:
    """What to practice next; empty strings and lists where there is nothing to say.

    `dimension` is the session's weakest one (all that are equally weak), "" when none is below
    `STRONG`. `category` has no result yet (`category_average` None) or, once all have one, the
    lowest average of all.
    """

    dimension: str
    dimension_average: float | None
    category: str
    category_average: float | None
    missed: list[str]

    @property
    def category_label(self) -> str:
        return labels.category_label(self.category) if self.category else ""

    @property
    def verb(self) -> str:
        """ "Practice product design questions"."""
        return f"Practice {self.category_label.lower()} questions"


@dataclass(frozen=True)
class Unsent:
    """A text that was saved and never submitted. `late`: it came after the end."""

    title: str
    text: str
    late: bool


@dataclass(frozen=True)
class Summary:
    session: PracticeSession
    title: str
    rows: list[Row]
    averages: list[Bar]
    minutes: int
    late: int
    scored: int
    unscored: list[str]
    waiting: int
    self_rating: float | None
    unrated: int
    said: str
    next_step: NextStep
    unsent: list[Unsent]


def summary_of(session: PracticeSession) -> Summary:
    """Every value of the summary page. Expects an ended session (a mock hides scores before)."""
    attempts = list(attempts_of(session))
    scored = [attempt for attempt in attempts if attempt.overall_score is not None]
    averages = [
        Bar(name, rules.mean((getattr(a, field) for a in scored), digits=2))
        for field, name in labels.DIMENSIONS
    ]
    rated = [a for a in scored if a.self_rating is not None]
    rating = rules.mean((a.self_rating for a in rated), digits=2)
    result = rules.mean((a.overall_score for a in rated), digits=2)
    return Summary(
        session=session,
        title=labels.session_title(session),
        rows=[_row(number, attempt) for number, attempt in enumerate(attempts, start=1)],
        averages=averages,
        minutes=minutes_of(session, max((a.created_at for a in attempts), default=None)),
        late=sum(attempt.late_by_sec > 0 for attempt in attempts),
        scored=len(scored),
        unscored=unscored_reasons(attempts),
        waiting=sum(is_waiting(attempt) for attempt in attempts),
        self_rating=rating,
        unrated=sum(a.self_rating is None for a in attempts) if is_rapid(session) else 0,
        said=labels.said_against_result(rating, result, "your results"),
        next_step=_next_step(session, scored, averages),
        unsent=unsent_words(session, attempts),
    )


def is_rapid(session: PracticeSession) -> bool:
    """Rapid fire asks for self-ratings at the end."""
    return session.mode == PracticeSession.Mode.RAPID_FIRE


def minutes_of(session: PracticeSession, last_answer_at: datetime | None) -> int:
    """Whole minutes from the start to the last answer, at least 1; 0 without an answer."""
    if last_answer_at is None:
        return 0
    return max(1, round((last_answer_at - session.started_at).total_seconds() / 60))


def unscored_reasons(attempts: Iterable[Attempt]) -> list[str]:
    """How many answers have no number, by reason: "1 withheld", "2 still being read"."""
    counts: Counter[str] = Counter()
    for attempt in attempts:
        if attempt.overall_score is not None:
            continue
        if attempt.evaluation is None:
            counts["kept without feedback"] += 1
        else:
            counts[UNSCORED.get(attempt.evaluation.status, WITHHELD)] += 1
    return [f"{count} {word}" for word, count in counts.items()]


def why_unscored(attempt: Attempt) -> str:
    """The sentence of a withheld, refused or failed evaluation."""
    evaluation = attempt.evaluation
    if evaluation is None or attempt.overall_score is not None:
        return ""
    return evaluation.error if evaluation.status == "failed" else evaluation.statement


def is_waiting(attempt: Attempt) -> bool:
    """Its first verdict, or that on the whole dialogue."""
    judging = (attempt.evaluation, attempt.whole_evaluation)
    return any(evaluation is not None and evaluation.is_open for evaluation in judging)


def unsent_words(session: PracticeSession, attempts: Sequence[Attempt]) -> list[Unsent]:
    """Drafts that were never submitted, and texts that came after the end: nothing is lost."""
    sent = {(attempt.question_id, attempt.answer_text) for attempt in attempts}
    replies = FollowUp.objects.filter(attempt__session=session, answered_at=None)
    late_replies = FollowUpRevision.objects.filter(follow_up__attempt__session=session, late=True)
    drafts = session.drafts.select_related("question").order_by("saved_at", "pk")
    late = InterviewDraftRevision.objects.filter(draft__session=session, late=True)
    return [
        *(
            Unsent(d.question.title, d.answer_text, late=False)
            for d in drafts
            if d.answer_text.strip() and (d.question_id, d.answer_text) not in sent
        ),
        *(
            Unsent(r.draft.question.title, r.answer_text, late=True)
            for r in late.select_related("draft__question").order_by("saved_at")
        ),
        *(
            Unsent(f.question_text, f.answer_text, late=False)
            for f in replies.order_by("asked_at")
            if f.answer_text.strip()
        ),
        *(
            Unsent(r.follow_up.question_text, r.answer_text, late=True)
            for r in late_replies.select_related("follow_up").order_by("saved_at")
        ),
    ]


def _row(number: int, attempt: Attempt) -> Row:
    rating = attempt.self_rating
    return Row(
        number=number,
        attempt=attempt,
        outcome=labels.outcome(attempt),
        why=why_unscored(attempt),
        bars=[Bar(name, getattr(attempt, field)) for field, name in labels.DIMENSIONS],
        said=labels.said_against_result(rating, attempt.overall_score),
        said_at=rating * 2.0 if rating else None,
        result_at=attempt.overall_score,
        replies=sum(one.answered_at is not None for one in attempt.follow_ups.all()),
    )


def _next_step(
    session: PracticeSession, scored: Sequence[Attempt], averages: Sequence[Bar]
) -> NextStep:
    parts = [bar for bar in averages[1:] if bar.value is not None and bar.value < STRONG]
    lowest = min((bar.value for bar in parts if bar.value is not None), default=None)
    weakest = [bar.name for bar in parts if bar.value == lowest]
    by_category = category_averages(session.user)
    # A category without a result counts as weakest, as in the rule of the next question.
    category = min(categories(), key=lambda name: by_category.get(name, -1.0), default="")
    # Each title once, in the order of the answers.
    missed = dict.fromkeys(
        point["title"]
        for attempt in scored
        for point in (attempt.evaluation.key_points if attempt.evaluation else [])
        if point.get("level") in ("missed", "denied")
    )
    return NextStep(
        dimension=" and ".join(weakest),
        dimension_average=lowest,
        category=category,
        category_average=by_category.get(category),
        missed=list(missed)[:4],
    )
