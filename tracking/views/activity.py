"""The learner's practice as a whole: calendar, summaries, weekly goal, pauses."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from common import clock
from tracking.forms import GoalForm, PauseForm, refusals_on
from tracking.policies import get_pause_for
from tracking.selectors.activity import activity_of
from tracking.selectors.progress import today_of
from tracking.services.goals import set_weekly_goal
from tracking.services.pauses import add_pause, delete_pause, end_pause
from tracking.views.common import back


@login_required
@require_GET
def activity(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest,
    pause_form: PauseForm | None = None,
    goal_form: GoalForm | None = None,
) -> HttpResponse:
    shown = activity_of(request.user, now=clock.now())
    goal = {"weekly_goal_minutes": request.user.weekly_goal_minutes}
    context = {
        "activity": shown,
        "pause_form": pause_form or PauseForm(today=shown.today),
        "goal_form": goal_form or GoalForm(initial=goal),
    }
    bad = bool(pause_form or goal_form)
    return render(request, "tracking/activity.html", context, status=400 if bad else 200)


@login_required
@require_POST
def set_goal(request: HttpRequest) -> HttpResponse:
    form = GoalForm(request.POST)
    if not form.is_valid():
        return _page(request, goal_form=form)
    set_weekly_goal(user=request.user, minutes=form.cleaned_data["weekly_goal_minutes"])
    messages.success(request, "Weekly goal saved.")
    return redirect("tracking:activity")


@login_required
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    form = PauseForm(request.POST, today=today_of(request.user, now))
    if form.is_valid():
        with refusals_on(form):
            add_pause(user=request.user, now=now, **form.cleaned_data)
    if form.errors:
        return _page(request, pause_form=form)
    messages.success(request, "Paused. Your streak waits for you.")
    return redirect("tracking:activity")


@login_required
@require_POST
def change_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pause yesterday, or take it back altogether."""
    row = get_pause_for(request.user, pk)
    if request.POST.get("action") == "delete":
        delete_pause(pause=row)
    else:
        end_pause(pause=row, today=today_of(request.user, clock.now()))
    return back(request, "tracking:activity")
