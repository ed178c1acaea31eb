"""Earlier versions: the replaced texts of a question and the replaced boards of its session."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from common import clock
from practice.policies import get_board_revision_for, get_session_for
from practice.selectors.workspace import workspace_of
from practice.services.drafts import restore_revision
from practice.services.whiteboards import restore_scene

PER_PAGE = 20


@login_required
@require_GET
def revisions(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """Replaced texts and boards, newest first, a page of each at a time."""
    found = workspace_of(get_session_for(request.user, pk), order)
    context = {
        "workspace": found,
        "revisions": page_of(request, "page", found.practice.revisions.all()),
        "boards": page_of(
            request, "boards", found.session.board_revisions.defer("plain", "packed")
        ),
    }
    return render(request, "practice/revisions.html", context)


@login_required
@require_GET
def board_revision(
    request: HttpRequest, pk: int, order: int, revision_id: uuid.UUID
) -> HttpResponse:
    """One replaced board as a picture, with the button that brings it back."""
    context = {
        "workspace": workspace_of(get_session_for(request.user, pk), order),
        "revision": get_board_revision_for(request.user, pk, revision_id),
    }
    return render(request, "practice/board_revision.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int, order: int, revision_id: uuid.UUID) -> HttpResponse:
    practice = workspace_of(get_session_for(request.user, pk), order).practice
    restore_revision(
        user=request.user,
        session_id=pk,
        question_id=practice.question_id,
        revision_id=revision_id,
        now=clock.now(),
    )
    messages.success(request, "That text is your answer again. The one it replaced is kept here.")
    return redirect("practice:workspace", pk, order)


@login_required
@require_POST
def restore_board(
    request: HttpRequest, pk: int, order: int, revision_id: uuid.UUID
) -> HttpResponse:
    restore_scene(user=request.user, session_id=pk, revision_id=revision_id, now=clock.now())
    messages.success(request, "That board is back. The one it replaced is kept too.")
    return redirect("practice:workspace", pk, order)


def page_of(request: HttpRequest, name: str, rows: QuerySet[Any]) -> Page[Any]:
    """The page that the query names under `name`, the nearest when it is out of range."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get(name))
