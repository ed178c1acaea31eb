from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from tracking.forms import EvidenceForm, SkillForm, refusals_on
from tracking.policies import get_evidence_for, get_skill_for
from tracking.services.evidence import add_evidence, delete_evidence
from tracking.views.common import offer_undo
from tracking.views.skills import _skill_page


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    skill = get_skill_for(request.user, pk)
    form = EvidenceForm(request.POST, skill=skill)
    if form.is_valid():
        with refusals_on(form):
            add_evidence(user=request.user, skill=skill, now=clock.now(), **form.facts())
    if form.errors:
        return _skill_page(request, skill, form, SkillForm({"name": skill.name}), status=400)
    messages.success(request, "Evidence added.")
    return redirect(f"{reverse('tracking:skill', args=[pk])}#evidence")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_evidence_for(request.user, pk)
    if request.method == "POST":
        delete_evidence(evidence=row, now=clock.now())
        offer_undo(request, kind="evidence", pk=pk, words="Deleted a piece of evidence.")
        return redirect("tracking:skill", row.skill_id)
    context = {
        "title": f"Delete “{row}”?",
        "goes": {},
        "keep": reverse("tracking:skill", args=[row.skill_id]),
    }
    return render(request, "tracking/confirm.html", context)
