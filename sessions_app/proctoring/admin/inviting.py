"""Pages of the console: many candidates from a list, what inviting would do, how far mails are."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from common import clock
from common.errors import DomainError
from sessions_app.assessments.candidate_rows import (
    MOST_BYTES,
    MOST_ROWS,
    SheetRow,
    read_candidate_rows,
)
from sessions_app.assessments.models import Assessment
from sessions_app.assessments.policies import as_uuid
from sessions_app.assessments.selectors.readiness import faults_of_assessment
from sessions_app.assessments.services.candidate_import import plan_candidates
from sessions_app.proctoring.selectors.inviting import (
    invite_plan,
    known_addresses,
    mail_progress,
)
from sessions_app.proctoring.services.inviting import import_candidates, invite_candidates


class CandidateListForm(forms.Form):
    assessment = forms.ModelChoiceField(Assessment.objects.all(), empty_label=None)
    pasted = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, pasted = given.get("file"), given.get("pasted") or ""
        if bool(file) == bool(pasted.strip()):
            raise forms.ValidationError("Paste a list or choose a file, one of them.")
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError("A list of candidates may have at most 2 MB.")
        try:
            given["rows"] = read_candidate_rows(file.read() if file else pasted)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return given


class PlannedListForm(forms.Form):
    """The rows of a plan on their way back, as JSON; what they do is decided anew."""

    assessment = forms.UUIDField()
    rows = forms.JSONField()
    invite = forms.BooleanField(required=False)

    def clean_rows(self) -> list[SheetRow]:
        rows = self.cleaned_data["rows"]
        try:
            found = [SheetRow(int(row[0]), *map(str, row[1:4])) for row in rows[:MOST_ROWS]]
        except (TypeError, ValueError, LookupError) as error:
            raise forms.ValidationError("These rows cannot be read.") from error
        return found


class InvitingViews(admin.ModelAdmin):
    """For the console of candidates. Adding asks for *add*, inviting for *change*."""

    def own_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("many", guarded(self.many), name="candidates_many"),
            path("many/add", guarded(self.add_many), name="candidates_add_many"),
            path("invite", guarded(self.invite_planned), name="candidates_invite"),
            path("mails", guarded(self.mails), name="candidates_mails"),
        ]

    def many(self, request: HttpRequest) -> HttpResponse:
        """The form; after it the plan of what would be added."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        initial = {"assessment": request.GET.get("assessment")}
        form = CandidateListForm(request.POST or None, request.FILES or None, initial=initial)
        if not form.is_valid():
            return self._staff_page(request, "many.html", title="Add candidates", form=form)
        assessment, rows = form.cleaned_data["assessment"], form.cleaned_data["rows"]
        known = known_addresses(assessment, now=clock.now())
        return self._staff_page(
            request,
            "many_plan.html",
            title="Check the list",
            assessment=assessment,
            plan=plan_candidates(rows, known=known),
            rows=json.dumps([astuple(row) for row in rows], ensure_ascii=False),
            faults=faults_of_assessment(assessment),
            may_invite=self.has_change_permission(request),
        )

    def add_many(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PlannedListForm(request.POST)
        if not form.is_valid():
            messages.error(request, "This list cannot be read any more. Bring it again.")
            return redirect("admin:candidates_many")
        wanted = form.cleaned_data
        if wanted["invite"] and not self.has_change_permission(request):
            raise PermissionDenied
        try:
            done = import_candidates(
                rows=wanted["rows"],
                assessment_id=wanted["assessment"],
                invite=wanted["invite"],
                staff_id=request.user.pk or 0,
                now=clock.now(),
            )
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("admin:candidates_many")
        messages.success(request, f"{done.created} candidate{pluralize(done.created)} added.")
        if wanted["invite"]:
            return self._to_mails(wanted["assessment"])
        chosen = urlencode({"assessment__id__exact": wanted["assessment"]})
        return redirect(f"{reverse('admin:sessions_app_candidate_changelist')}?{chosen}")

    def invite_page(self, request: HttpRequest, ids: list[UUID]) -> HttpResponse:
        """Says who would get a mail, and who not, before anything is sent."""
        return self._staff_page(
            request,
            "invite.html",
            title="Invite candidates",
            plan=invite_plan(ids, now=clock.now()),
            ids=",".join(map(str, ids)),
        )

    def invite_planned(self, request: HttpRequest) -> HttpResponse:
        """`candidates`: ids with commas. Without `confirmed` it says what would happen."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        ids = [
            pk for text in request.POST.get("candidates", "").split(",") if (pk := as_uuid(text))
        ]
        if not request.POST.get("confirmed"):
            return self.invite_page(request, ids)
        try:
            queued = invite_candidates(
                candidate_ids=ids,
                with_again=bool(request.POST.get("again")),
                staff_id=request.user.pk or 0,
                now=clock.now(),
            )
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("admin:sessions_app_candidate_changelist")
        messages.success(request, f"{queued} invitation{pluralize(queued)} queued.")
        return self._to_mails(None)

    def mails(self, request: HttpRequest) -> HttpResponse:
        """How far the mails are; the page fetches the figures alone every 3 s while some wait."""
        if not request.user.has_perm("sessions_app.view_candidate"):
            raise PermissionDenied
        wanted = as_uuid(request.GET.get("assessment", ""))
        assessment = Assessment.objects.filter(pk=wanted).first() if wanted else None
        template = "_mails.html" if request.headers.get("HX-Request") else "mails.html"
        progress = mail_progress(assessment)
        return self._staff_page(
            request,
            template,
            title="Invitations",
            assessment=assessment,
            progress=progress,
            troubled_ids=",".join(str(mail.candidate_id) for mail in progress.troubled),
            may_invite=self.has_change_permission(request),
        )

    def _to_mails(self, assessment_id: UUID | None) -> HttpResponse:
        query = f"?{urlencode({'assessment': assessment_id})}" if assessment_id else ""
        return redirect(reverse("admin:candidates_mails") + query)

    def _staff_page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"proctoring/staff/{template}", shown)
