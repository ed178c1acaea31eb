"""How results developed: one small line for each dimension and each category."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from accounts.models import User
from evaluation.models import Evaluation
from sessions_app.interviews import labels, rules
from sessions_app.interviews.models import Attempt

WIDTH, HEIGHT, PAD = 160.0, 36.0, 4.0
LONGEST = 30


@dataclass(frozen=True)
class Point:
    """The mean of one session, 0–10, and where it is drawn in a box of 160 × 36."""

    at: datetime
    value: float
    x: float
    y: float


@dataclass(frozen=True)
class Trend:
    name: str
    points: list[Point]

    @property
    def line(self) -> str:
        return " ".join(f"{p.x:.1f},{p.y:.1f}" for p in self.points)

    @property
    def latest(self) -> float:
        return self.points[-1].value

    @property
    def words(self) -> str:
        """ "up 1.2 since 4 sessions ago", "steady over 3 sessions", "one session so far"."""
        if len(self.points) < 2:
            return "one session so far"
        change = self.points[-1].value - self.points[0].value
        count = len(self.points)
        if abs(change) < 0.25:
            return f"steady over {count} sessions"
        return f"{'up' if change > 0 else 'down'} {abs(change):.1f} over {count} sessions"


@dataclass(frozen=True)
class Trends:
    """Lines of one provider only; `left_out` results of another one are not mixed in."""

    dimensions: list[Trend]
    categories: list[Trend]
    provider: str
    left_out: int

    @property
    def sentence(self) -> str:
        """What the charts show, in one sentence."""
        if not self.categories:
            return ""
        if len(self.categories) == 1:
            return f"So far you have results in {self.categories[0].name.lower()} only."
        best = max(self.categories, key=lambda trend: trend.latest)
        worst = min(self.categories, key=lambda trend: trend.latest)
        if best.latest == worst.latest:
            return f"Your latest results are level at {best.latest:.1f} of 10 in every category."
        return (
            f"Your latest results are highest in {best.name.lower()} ({best.latest:.1f}) and "
            f"lowest in {worst.name.lower()} ({worst.latest:.1f})."
        )


def trends_of(user: User) -> Trends | None:
    """Trends over the learner's last sessions, None before the first result."""
    rows = (
        Attempt.objects.visible_to(user)
        .scored()
        .with_visible_result()
        .filter(evaluation__isnull=False)
    )
    attempts = list(rows.select_related("evaluation", "question__question_main").oldest_first())
    if not attempts:
        return None
    provider = _provider(attempts[-1])
    same = [a for a in attempts if _provider(a) == provider]
    dimensions = [_trend(name, same, attrgetter(field)) for field, name in labels.DIMENSIONS]
    names = sorted({_category(a) for a in same})
    categories = [
        _trend(
            labels.category_label(name),
            [a for a in same if _category(a) == name],
            attrgetter("overall_score"),
        )
        for name in names
    ]
    return Trends(
        dimensions=[trend for trend in dimensions if trend.points],
        categories=[trend for trend in categories if trend.points],
        provider=_words(attempts[-1]),
        left_out=len(attempts) - len(same),
    )


def _provider(attempt: Attempt) -> tuple[str, str]:
    """What may be compared: the local check and Claude whatever their version, one's own models
    each by itself."""
    judged = attempt.evaluation
    if judged is None:
        return "", ""
    is_own = judged.provider == Evaluation.Provider.OWN_MODEL
    return judged.provider, judged.model if is_own else ""


def _words(attempt: Attempt) -> str:
    judged = attempt.evaluation
    if judged is None:
        return ""
    is_own = judged.provider == Evaluation.Provider.OWN_MODEL
    return judged.judge_words if is_own else Evaluation.Provider(judged.provider).label


def _category(attempt: Attempt) -> str:
    return attempt.question.question_main.category


def _trend(
    name: str, attempts: Sequence[Attempt], value_of: Callable[[Attempt], float | None]
) -> Trend:
    """One point a session: the mean of its answers."""
    sessions: dict[object, list[Attempt]] = {}
    for attempt in attempts:
        if value_of(attempt) is not None:
            sessions.setdefault(attempt.session_id, []).append(attempt)
    shown = list(sessions.values())[-LONGEST:]
    step = (WIDTH - 2 * PAD) / max(1, len(shown) - 1)
    points = []
    for place, rows in enumerate(shown):
        value = rules.mean(map(value_of, rows), digits=1) or 0.0
        x = PAD + place * step if len(shown) > 1 else WIDTH / 2
        y = HEIGHT - PAD - value / 10 * (HEIGHT - 2 * PAD)
        points.append(Point(rows[-1].created_at, value, round(x, 1), round(y, 1)))
    return Trend(name, points)
