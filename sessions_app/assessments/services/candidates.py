"""Invites candidates: the row, the signed token, the link and the mail; and withdraws all links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.services import audit
from sessions_app.assessments.models import Assessment, Candidate
from sessions_app.assessments.rules import MAX_MINUTES
from sessions_app.assessments.selectors.plans import minutes_for
from sessions_app.assessments.tokens import sign_token

# Entries of the audit that say who may know a link.
LINK_SHOWN, LINK_MAILED, LINK_OPENED = (
    "candidate.link_shown",
    "candidate.invited",
    "candidate.link_opened",
)
# Tokens outlive the test: the longest test, extra minutes, and a day for what goes wrong.
SITTING = timedelta(minutes=2 * MAX_MINUTES, days=1)


@dataclass(frozen=True)
class Invitation:
    candidate: Candidate
    token: str

    @property
    def path(self) -> str:
        return reverse("proctoring:enter", args=[self.token])

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path


@transaction.atomic
def create_candidate(
    *, name: str, email: str, assessment: Assessment | None = None, extra_minutes: int = 0
) -> Candidate:
    candidate = Candidate.objects.create(
        name=name, email=email, assessment=assessment, extra_minutes=extra_minutes
    )
    audit.record("candidate.created", subject=candidate, extra_minutes=extra_minutes)
    return candidate


def show_link(*, candidate: Candidate, now: datetime) -> Invitation:
    """An invitation whose link a member of staff is shown: whoever knows a link can sit the test,
    so the audit says who was shown it."""
    audit.record(LINK_SHOWN, subject=candidate)
    return invite(candidate=candidate, now=now)


def invite(*, candidate: Candidate, now: datetime) -> Invitation:
    """Sign a new token; those signed before stay valid until they expire or are withdrawn."""
    token = sign_token(candidate_id=candidate.pk, version=candidate.token_version, now=now)
    return Invitation(candidate, token)


def send_invitation(*, candidate: Candidate, now: datetime) -> None:
    """Mail the link, then note when; the mail server's OSError or SMTPException goes through."""
    context = {
        "candidate": candidate,
        "link": invite(candidate=candidate, now=now).url,
        "minutes": minutes_for(candidate),
        "until": now + timedelta(days=settings.CANDIDATE_TOKEN_DAYS),
    }
    send_mail(
        subject=render_to_string("assessments/mail/invitation_subject.txt", context).strip(),
        message=render_to_string("assessments/mail/invitation.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[candidate.email],
    )
    Candidate.objects.filter(pk=candidate.pk).update(invited_at=now)
    audit.record(LINK_MAILED, subject=candidate, email=candidate.email)


@transaction.atomic
def withdraw_tokens(*, candidate_id: UUID, staff_id: int, reason: str) -> Candidate:
    """Invalidate every token and link signed so far (within 60 s everywhere)."""
    candidate = Candidate.objects.select_for_update().get(pk=candidate_id)
    candidate.token_version += 1
    candidate.save(update_fields=["token_version"])
    audit.record("candidate.links_withdrawn", subject=candidate, actor=staff_id, reason=reason)
    return candidate


def sitting_token(*, candidate: Candidate, now: datetime) -> str:
    """The token for the cookie: it lasts for the test, however old the invitation is."""
    return sign_token(
        candidate_id=candidate.pk, version=candidate.token_version, now=now, lifetime=SITTING
    )
