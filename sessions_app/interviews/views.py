"""Pages of interviews: start, room, summary, history. Every link and form works without scripts."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors.plans import usage_of
from common import clock
from common.locks import one_at_a_time
from sessions_app.interviews import labels, rules, services
from sessions_app.interviews.errors import AlreadyAsked
from sessions_app.interviews.forms import (
    TIMERS,
    AnswerForm,
    RatingForm,
    RatingsForm,
    ReplyForm,
    StartForm,
)
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.policies import get_attempt_for, get_question, get_session_for
from sessions_app.interviews.selectors import history, questions, room, summary, trends
from sessions_app.interviews.selectors.attempts import feedback_left
from sessions_app.interviews.services import tracking


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@one_at_a_time("interview-start")
def start(request: HttpRequest) -> HttpResponse:
    categories = questions.categories()
    if request.method == "POST":
        form = StartForm(request.POST, categories=categories)
        if form.is_valid():
            session, _ = services.create_session(
                user=request.user, **form.arguments(), now=clock.now()
            )
            return redirect("interviews:room", session.pk)
    else:
        chosen = {name: request.GET[name] for name in ("category", "mode") if name in request.GET}
        form = StartForm(initial={"session_id": uuid.uuid4(), **chosen}, categories=categories)
    now = clock.now()
    context = {
        "form": form,
        "modes": labels.MODES,
        "timers": TIMERS,
        "rule": rules.RULE,
        "usage": usage_of(request.user, kind="interview_start", now=now),
        "has_bank": bool(categories),
        "open_sessions": history.open_sessions(request.user, now=now),
        "recent": history.recent(request.user),
    }
    return render(request, "interviews/start.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
@require_GET
def show_room(request: HttpRequest, session_id: str) -> HttpResponse:
    session = get_session_for(request.user, session_id)
    if not session.is_open:
        return redirect("interviews:summary", session.pk)
    asked = None if request.GET else room.asked_back(session)
    if asked is not None:  # one question at a time
        return redirect("interviews:follow-up", session.pk, asked)
    return _room_page(request, session)


def _room_page(
    request: HttpRequest, session: PracticeSession, form: AnswerForm | None = None
) -> HttpResponse:
    now = clock.now()
    wanted = request.resolver_match.kwargs.get("question_id") or request.GET.get("question")
    shown = room.room_of(
        session,
        now=now,
        question=get_question(wanted) if wanted else None,
        again="again" in request.GET,
    )
    context = {
        "room": shown,
        "form": form,
        "rule": rules.RULE,
        "rules": rules,
        "feedback": usage_of(request.user, kind="evaluation", now=now),
    }
    return render(request, "interviews/room.html", context, status=400 if form else 200)


@login_required
@never_cache
@require_POST
def answer(request: HttpRequest, session_id: str, question_id: int) -> HttpResponse:
    """Submit without scripts; the room's script uses the API, which can be retried safely."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _room_page(request, get_session_for(request.user, session_id), form)
    attempt = services.add_attempt(
        user=request.user,
        session_id=session_id,
        question=get_question(question_id),
        answer_text=form.cleaned_data["answer_text"],
        now=clock.now(),
    )
    if attempt.session.mode == PracticeSession.Mode.RAPID_FIRE:
        return redirect("interviews:room", attempt.session_id)
    return redirect("interviews:answer-detail", attempt.session_id, attempt.pk)


@login_required
@require_POST
def skip(request: HttpRequest, session_id: str, question_id: int) -> HttpResponse:
    question = get_question(question_id)
    session = services.skip_question(
        user=request.user, session_id=session_id, question_id=question.pk, now=clock.now()
    )
    return redirect("interviews:room", session.pk)


@login_required
@never_cache
@require_GET
def show_answer(request: HttpRequest, session_id: str, attempt_id: int) -> HttpResponse:
    """What is asked back, then the self-rating, then the result; a mock and rapid fire go on to the
    next question."""
    attempt, now = get_attempt_for(request.user, session_id, attempt_id), clock.now()
    session, shown = attempt.session, room.answer_room(attempt, now=now)
    if shown.asks and session.is_open:
        return redirect("interviews:follow-up", session.pk, attempt.pk)
    waits = session.is_open and session.mode in labels.RESULTS_LATER
    is_rapid = session.is_open and session.mode == PracticeSession.Mode.RAPID_FIRE
    first = attempt.first_evaluation
    context = {
        "attempt": attempt,
        "room": shown,
        "waits_for_end": waits,
        "first_score": first.overall_score if first else None,
        "ratings": labels.RATINGS,
        "feedback": feedback_left(request.user, [attempt], now=now),
        "results_later": session.mode in labels.RESULTS_LATER,
        "asks_rating": attempt.self_rating is None
        and "unrated" not in request.GET
        and not is_rapid,
    }
    response = render(request, "interviews/answer.html", context)
    whole = attempt.whole_evaluation
    if "whole" in request.GET and not (whole and whole.is_open):
        response["HX-Refresh"] = "true"  # its verdict has come, and changes more than its notice
    return response


@login_required
@never_cache
@require_GET
def show_follow_up(request: HttpRequest, session_id: str, attempt_id: int) -> HttpResponse:
    return _follow_up_page(request, session_id, attempt_id)


def _follow_up_page(
    request: HttpRequest, session_id: str, attempt_id: int, form: ReplyForm | None = None
) -> HttpResponse:
    """The question that waits for its reply; the answer's own page when none does."""
    attempt = get_attempt_for(request.user, session_id, attempt_id)
    shown = room.answer_room(attempt, now=clock.now())
    if not (shown.asks and attempt.session.is_open):
        return redirect("interviews:answer-detail", attempt.session_id, attempt.pk)
    context = {"attempt": attempt, "room": shown, "form": form, "rules": rules}
    return render(request, "interviews/follow_up.html", context, status=400 if form else 200)


@login_required
@never_cache
@require_POST
def reply(request: HttpRequest, session_id: str, attempt_id: int, number: int) -> HttpResponse:
    """Submit a reply without scripts."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _follow_up_page(request, session_id, attempt_id, form)
    services.answer_follow_up(
        user=request.user,
        session_id=session_id,
        attempt_id=attempt_id,
        number=number,
        answer_text=form.cleaned_data["answer_text"],
        now=clock.now(),
    )
    return redirect("interviews:follow-up", session_id, attempt_id)


@login_required
@require_POST
def end_follow_ups(request: HttpRequest, session_id: str, attempt_id: int) -> HttpResponse:
    services.end_dialogue(
        user=request.user, session_id=session_id, attempt_id=attempt_id, now=clock.now()
    )
    return redirect("interviews:answer-detail", session_id, attempt_id)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def ratings(request: HttpRequest, session_id: str) -> HttpResponse:
    """All answers that have no self-rating yet, rated at once before their results."""
    session = get_session_for(request.user, session_id)
    unrated = list(session.attempts.filter(self_rating=None).oldest_first())
    form = RatingsForm(request.POST or None, attempts=unrated)
    if form.is_valid():
        services.rate_attempts(user=request.user, session_id=session.pk, ratings=form.ratings())
    if session.is_open or not unrated or request.method == "POST":
        return redirect("interviews:room", session.pk)
    context = {"session": session, "attempts": unrated, "ratings": labels.RATINGS}
    return render(request, "interviews/ratings.html", context)


@login_required
@require_POST
def rate(request: HttpRequest, session_id: str, attempt_id: int) -> HttpResponse:
    attempt = get_attempt_for(request.user, session_id, attempt_id)
    form = RatingForm(request.POST)
    if form.is_valid():
        services.rate_attempt(attempt, rating=form.cleaned_data["rating"])
    if attempt.session.is_open and attempt.session.mode in labels.RESULTS_LATER:
        return redirect("interviews:room", attempt.session_id)
    return redirect("interviews:answer-detail", attempt.session_id, attempt.pk)


@login_required
@require_POST
def ask_feedback(request: HttpRequest, session_id: str, attempt_id: int) -> HttpResponse:
    with suppress(AlreadyAsked):  # a second click
        services.ask_feedback(
            user=request.user, session_id=session_id, attempt_id=attempt_id, now=clock.now()
        )
    return redirect("interviews:answer-detail", session_id, attempt_id)


@login_required
@require_POST
def end(request: HttpRequest, session_id: str) -> HttpResponse:
    session = services.end_session(user=request.user, session_id=session_id, now=clock.now())
    if summary.is_rapid(session) and session.questions_count:
        return redirect("interviews:ratings", session.pk)
    return redirect("interviews:summary", session.pk)


@login_required
@require_POST
def delete(request: HttpRequest, session_id: str) -> HttpResponse:
    services.delete_session(user=request.user, session_id=session_id)
    messages.success(request, "The interview was deleted.")
    return redirect("interviews:history")


@login_required
@never_cache
@require_GET
def show_summary(request: HttpRequest, session_id: str) -> HttpResponse:
    session = get_session_for(request.user, session_id)
    if session.is_open:
        return redirect("interviews:room", session.pk)
    shown, now = summary.summary_of(session), clock.now()
    answers = [row.attempt for row in shown.rows]
    context = {
        "summary": shown,
        "feedback": feedback_left(request.user, answers, now=now),
        "usage": usage_of(request.user, kind="interview_start", now=now),
        "next_session_id": uuid.uuid4(),
        "log": tracking.log_of(session),
        "skill_name": tracking.skill_name(session),
    }
    return render(request, "interviews/summary.html", context)


@login_required
@require_POST
def add_to_skills(request: HttpRequest, session_id: str) -> HttpResponse:
    session = get_session_for(request.user, session_id)
    tracking.accept_log(session=session, now=clock.now())
    return redirect("interviews:summary", session.pk)


@login_required
@require_GET
def show_history(request: HttpRequest) -> HttpResponse:
    rows = history.ended_sessions(request.user, category=request.GET.get("category", ""))
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "sessions": [history.line_of(session) for session in page],
        "trends": trends.trends_of(request.user),
        "categories": [(c, labels.category_label(c)) for c in questions.categories()],
        "category": request.GET.get("category", ""),
    }
    return render(request, "interviews/history.html", context)
