"""Import: drop a file, see the plan, apply, undo."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from common import clock
from common.http.htmx import wants_fragment
from tracking.forms import ImportForm, answers_in, refusals_on
from tracking.policies import get_plan_for
from tracking.selectors.imports import plan_page, recent_imports
from tracking.services.imports import (
    ImportOptions,
    apply_plan,
    keep_plan,
    plan_again,
    read_plan,
    undo_plan,
)
from tracking.sheets.readers import refuse_large
from tracking.views.common import refusals_told, sent


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    form = ImportForm(*sent(request, files=True))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        upload = data.pop("file")
        with refusals_on(form):
            refuse_large(upload.size)
            read = read_plan(
                user=request.user,
                data=upload.read(),
                filename=upload.name,
                options=ImportOptions(**data, asks_columns=True),
                now=clock.now(),
            )
            plan = keep_plan(read)
            return redirect("tracking:import-plan", plan.pk)
    context = {"form": form, "recent": recent_imports(request.user)}
    return render(request, "tracking/import.html", context, status=400 if form.errors else 200)


@login_required
@require_GET
@vary_on_headers("HX-Request")
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The plan; while a worker has it, the fragment polls."""
    row = get_plan_for(request.user, pk)
    context = {"plan": row, "shown": plan_page(row)}
    page = "_import_plan.html" if wants_fragment(request) else "import_plan.html"
    return render(request, f"tracking/{page}", context)


@login_required
@require_POST
def read_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What 03/04/2026 is, which column is the skill: the file is read again with the answers."""
    row = get_plan_for(request.user, pk)
    with refusals_told(request):
        row = plan_again(plan=row, said=answers_in(request.POST), now=clock.now())
    return redirect("tracking:import-plan", row.pk)


@login_required
@require_POST
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_plan_for(request.user, pk)
    said = request.POST
    options = {
        "skip_errors": bool(said.get("skip_errors")),
        "create_skills": True if said.get("create_skills") else None,
    }
    with refusals_told(request):
        apply_plan(plan=row, now=clock.now(), **options)
    return redirect("tracking:import-plan", pk)


@login_required
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_plan_for(request.user, pk)
    with refusals_told(request):
        undo_plan(plan=row, now=clock.now())
    return redirect("tracking:import-plan", pk)
