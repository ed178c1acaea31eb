from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html

from common import clock
from sessions_app.assessments.models import Candidate, InvitationMail
from sessions_app.proctoring.admin.inviting import InvitingViews
from sessions_app.proctoring.errors import LinkNotShown
from sessions_app.proctoring.services.erasing import erase_candidates
from sessions_app.proctoring.services.staff import revoke_tokens, show_link_once


class MailState(admin.SimpleListFilter):
    """By the newest mail."""

    title, parameter_name = "invitation", "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("opened", "Opened the link"), *InvitationMail.Status.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "opened":
            return queryset.filter(link_opened_at__isnull=False)
        if self.value() not in InvitationMail.Status.values:
            return queryset
        mails = InvitationMail.objects.newest_of_each().filter(status=self.value())
        return queryset.filter(pk__in=mails.values("candidate"))


@admin.register(Candidate)
class CandidateAdmin(InvitingViews):
    change_list_template = "proctoring/staff/candidates.html"
    list_display = ["name", "email", "assessment", "test", "mail", "invited_at", "created_at"]
    list_filter = [
        "assessment",
        "session__status",
        MailState,
        ("invited_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["assessment", "session"]
    search_fields = ["name", "email", "=id"]
    fields = ["name", "email", "assessment", "extra_minutes", "link", "test", "invited_at",
              "link_opened_at"]  # fmt: skip
    readonly_fields = ["link", "test", "invited_at", "link_opened_at"]
    actions = ["invite", "show_links", "withdraw_links"]

    class Media:
        css: ClassVar = {"all": ["sessions_app/proctoring-staff.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [*self.own_urls(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Candidate]:
        newest = InvitationMail.objects.filter(candidate=OuterRef("pk")).order_by("-pk")
        rows = super().get_queryset(request)
        return rows.annotate(mail_status=Subquery(newest.values("status")[:1]))

    @admin.display(description="invitation")
    def mail(self, candidate: Any) -> str:
        if candidate.link_opened_at:
            return "opened the link"
        return candidate.mail_status or "—"

    def delete_model(self, request: HttpRequest, obj: Candidate) -> None:
        erase_candidates([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        erase_candidates(queryset.values_list("pk", flat=True))

    @admin.display(description="test")
    def test(self, candidate: Candidate) -> str:
        session = getattr(candidate, "session", None)
        if session is None:
            return "not started"
        url = reverse("admin:sessions_app_proctoredsession_change", args=[session.pk])
        return format_html('<a href="{}">{}</a>', url, session.get_status_display())

    @admin.display(description="personal link")
    def link(self, candidate: Candidate) -> str:
        """The link is enough to sit the test: who is shown one asks for it, and is recorded."""
        return (
            "Not shown here. Use the actions in the candidate list to mail it or to show a new link"
            " once; both are recorded."
        )

    @admin.action(description="Invite by mail…", permissions=["change"])
    def invite(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> HttpResponse:
        return self.invite_page(request, list(queryset.values_list("pk", flat=True)))

    @admin.action(description="Show a new personal link, once (recorded)", permissions=["change"])
    def show_links(
        self, request: HttpRequest, queryset: QuerySet[Candidate]
    ) -> TemplateResponse | None:
        invitations = []
        for candidate in queryset:
            try:
                invitations.append(show_link_once(candidate=candidate, now=clock.now()))
            except LinkNotShown as error:
                messages.error(request, f"{candidate}: {error.message}")
        if not invitations:
            return None
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        context |= {"title": "Personal links", "invitations": invitations}
        return TemplateResponse(request, "proctoring/staff/links.html", context)

    @admin.action(description="Withdraw all links signed so far", permissions=["change"])
    def withdraw_links(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        for candidate in queryset:
            revoke_tokens(
                candidate_id=candidate.pk,
                staff_id=request.user.pk or 0,
                reason="Withdrawn in the list of candidates",
                now=clock.now(),
            )
        messages.success(
            request, f"Links of {len(queryset)} candidate{pluralize(len(queryset))} withdrawn."
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Of the link only staff who may invite are told."""
        may_invite = self.has_change_permission(request, obj)
        return [name for name in self.fields if may_invite or name != "link"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # A test that has started keeps its assessment: staff extend it instead. Its link goes to
        # the address that it was started with.
        started = obj is not None and hasattr(obj, "session")
        fixed = ["email", "assessment", "extra_minutes"] if started else []
        return [*self.readonly_fields, *fixed]
