"""The workspace: one page a question. Saving by script goes through the API; every button here
also works without JavaScript."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.clock import iso
from common.errors import Invalid
from common.http.htmx import wants_fragment
from common.text import is_blank, whole_number
from practice.forms import AnswerForm
from practice.policies import get_session_for
from practice.selectors.boards import drawing_for
from practice.selectors.workspace import workspace_of
from practice.services.completion import complete_session
from practice.services.drafts import save_draft
from practice.services.submissions import submit_answer


@login_required
@require_GET
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """The first question without a submission, or the review."""
    found = get_session_for(request.user, pk)
    if found.is_completed:
        return redirect("practice:review", pk)
    return redirect("practice:workspace", pk, workspace_of(found).progress.resume_at.order)


@login_required
@require_GET
def workspace(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    found = get_session_for(request.user, pk)
    if found.is_completed:
        return redirect(f"{reverse('practice:review', args=[pk])}#question-{order}")
    return render(request, "practice/workspace.html", {"workspace": workspace_of(found, order)})


@login_required
@require_POST
def save(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """Save and stay, previous or next: what the buttons do without JavaScript."""
    page = workspace_of(get_session_for(request.user, pk), order)
    form = _checked(request)
    save_draft(
        user=request.user,
        session_id=pk,
        question_id=page.practice.question_id,
        answer_text=form["answer_text"],
        base_version=_base(form, page.practice.version),
        now=clock.now(),
    )
    target = whole_number(request.POST.get("go", ""))
    is_there = target in {dot.order for dot in page.progress.dots}
    return redirect("practice:workspace", pk, target if is_there else order)


@login_required
@require_POST
def feedback(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """Submit the answer; the fragment shows that feedback is pending."""
    practice = workspace_of(get_session_for(request.user, pk), order).practice
    form = _checked(request)
    if is_blank(form["answer_text"]):
        raise Invalid("Write an answer first.", fields={"answer_text": ["Write an answer first."]})
    submission = submit_answer(
        user=request.user,
        session_id=pk,
        question_id=practice.question_id,
        answer_text=form["answer_text"],
        base_version=_base(form, practice.version),
        active_seconds=form["active_seconds"],
        after_tries=form["tries"],
        drawing=drawing_for(request.user, session_id=pk, question_id=practice.question_id),
        now=clock.now(),
    )
    if not wants_fragment(request):
        return redirect("practice:workspace", pk, order)
    response = feedback_list(request, pk, order)
    draft = submission.practice
    saved = {"version": draft.version, "saved_at": iso(draft.saved_at), "tries": submission.number}
    response["HX-Trigger"] = json.dumps({"etude:submitted": saved})
    return response


def feedback_list(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    found = workspace_of(get_session_for(request.user, pk), order)
    return render(request, "practice/_feedback_list.html", {"workspace": found})


@login_required
@require_GET
def change(request: HttpRequest, pk: int, order: int, number: int) -> HttpResponse:
    """What a try changed against the one before; asked for once its verdict is there."""
    found = workspace_of(get_session_for(request.user, pk), order)
    one = next((one for one in found.tries if one.number == number), None)
    return render(request, "practice/_change.html", {"change": one.change if one else None})


@login_required
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Complete and Review. The answer on the page, if it was sent along, is saved first."""
    found = get_session_for(request.user, pk)
    order = whole_number(request.POST.get("order", ""))
    if not found.is_completed and "answer_text" in request.POST and order is not None:
        save(request, pk, order)
    complete_session(user=request.user, session_id=pk, now=clock.now())
    return redirect("practice:review", pk)


def _checked(request: HttpRequest) -> dict:  # type: ignore[type-arg]
    form = AnswerForm(request.POST)
    if not form.is_valid():
        fields = {name: [str(e) for e in errors] for name, errors in form.errors.items()}
        raise Invalid("This answer cannot be saved: it is too long.", fields=fields)
    return form.cleaned_data


def _base(form: dict, newest: int) -> int:  # type: ignore[type-arg]
    return newest if form["base_version"] is None else int(form["base_version"])
