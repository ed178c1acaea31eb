"""Sends the invitation mail with the candidate's own link."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from sessions_app.proctoring.models import Candidate
from sessions_app.proctoring.services.candidates import invite, minutes_of


def start_link(*, candidate: Candidate, now: datetime) -> str:
    return settings.SITE_URL + invite(candidate=candidate, now=now).path


def send_invitation(*, candidate: Candidate, now: datetime) -> None:
    """Mail the link, then note when; the mail server's OSError or SMTPException goes through."""
    context = {
        "candidate": candidate,
        "link": start_link(candidate=candidate, now=now),
        "minutes": minutes_of(candidate),
        "until": now + timedelta(days=settings.CANDIDATE_TOKEN_DAYS),
    }
    send_mail(
        subject=render_to_string("proctoring/mail/invitation_subject.txt", context).strip(),
        message=render_to_string("proctoring/mail/invitation.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[candidate.email],
    )
    Candidate.objects.filter(pk=candidate.pk).update(invited_at=now)
