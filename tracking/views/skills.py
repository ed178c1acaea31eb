"""Skills as cards, the page of one skill, quick log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from common import clock
from common.http.htmx import wants_fragment
from common.templatetags.etude import minutes_in_words
from common.text import whole_number
from tracking.forms import EvidenceForm, SkillForm, refusals_on
from tracking.models import PracticeLog, Skill
from tracking.policies import get_log_for, get_skill_for
from tracking.selectors.analytics import overview
from tracking.selectors.pages import log_page, quick_minutes, skill_page, what_goes_with
from tracking.selectors.progress import SkillCard, skill_cards
from tracking.services.logs import delete_log, quick_log
from tracking.services.skills import create_skill, delete_skill, rename_skill
from tracking.views.common import back, offer_undo, sent, take_undo_offer


@login_required
@require_http_methods(["GET", "POST"])
def skills(request: HttpRequest) -> HttpResponse:
    form = SkillForm(*sent(request))
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            create_skill(user=request.user, name=form.cleaned_data["name"], now=now)
        if form.is_valid():
            return redirect("tracking:skills")
    context = {
        "form": form,
        "cards": [_card(card) for card in skill_cards(request.user, now=now)],
        "totals": overview(request.user, now=now),
        "undo": take_undo_offer(request),
    }
    return render(request, "tracking/skills.html", context, status=400 if form.errors else 200)


def _card(card: SkillCard, logged: PracticeLog | None = None) -> dict[str, Any]:
    return {"report": card, "quick": quick_minutes(card.last_minutes), "logged": logged}


def _one_card(
    request: HttpRequest, skill_id: int, *, now: datetime, logged: PracticeLog | None = None
) -> HttpResponse:
    card = _card(skill_cards(request.user, now=now, skill_id=skill_id)[0], logged)
    context = {"card": card, "totals": overview(request.user, now=now)}
    return render(request, "tracking/_card_changed.html", context)


@login_required
@require_GET
@vary_on_headers("HX-Request")
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_skill_for(request.user, pk)
    if wants_fragment(request):
        context = {"skill": row, "history": log_page(row, request.GET.get("cursor", ""))}
        return render(request, "tracking/_timeline.html", context)
    return _skill_page(request, row, EvidenceForm(skill=row), SkillForm({"name": row.name}))


def _skill_page(
    request: HttpRequest, row: Skill, evidence: EvidenceForm, rename: SkillForm, status: int = 200
) -> HttpResponse:
    page = skill_page(row, request.user, now=clock.now(), cursor=request.GET.get("cursor", ""))
    context = {
        "skill": row,
        "page": page,
        "report": page.report,
        "history": page.history,
        "quick": page.quick,
        "evidence_form": evidence,
        "rename_form": rename,
        "undo": take_undo_offer(request),
    }
    return render(request, "tracking/skill.html", context, status=status)


@login_required
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_skill_for(request.user, pk)
    form = SkillForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            rename_skill(skill=row, name=form.cleaned_data["name"])
    if form.errors:
        row = get_skill_for(request.user, pk)
        return _skill_page(request, row, EvidenceForm(skill=row), form, status=400)
    return redirect("tracking:skill", pk)


@login_required
@require_POST
def log_quickly(request: HttpRequest, pk: int) -> HttpResponse:
    """One click; with htmx the card comes back with what was logged, its undo, and the totals."""
    row, now = get_skill_for(request.user, pk), clock.now()
    number = whole_number(request.POST.get("minutes", "")) or 0
    log = quick_log(skill=row, user=request.user, duration_minutes=number, now=now)
    if wants_fragment(request):
        return _one_card(request, row.pk, now=now, logged=log)
    words = f"Logged {minutes_in_words(log.duration_minutes)} of {log.skill.name}."
    offer_undo(request, kind="logged", pk=log.pk, words=words)
    return back(request, "tracking:skills")


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo of a quick log."""
    log, now = get_log_for(request.user, pk), clock.now()
    delete_log(log=log, now=now)
    if wants_fragment(request):
        return _one_card(request, log.skill_id, now=now)
    return back(request, "tracking:skills")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, naming what goes with it."""
    row = get_skill_for(request.user, pk)
    if request.method == "POST":
        delete_skill(skill=row, cascade=True, now=clock.now())
        offer_undo(request, kind="skill", pk=pk, words=f"Deleted “{row.name}”.")
        return redirect("tracking:skills")
    context = {
        "title": f"Delete “{row.name}”?",
        "goes": what_goes_with(row),
        "keep": reverse("tracking:skill", args=[pk]),
    }
    return render(request, "tracking/confirm.html", context)
