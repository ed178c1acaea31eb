"""Sends invitations from rows (`InvitationMail`), each once, whatever happens to workers and mail
servers.

A mail is tried again only while it is certain that the server has not taken it: the row is marked
right before the text goes out. What is lost after that mark stays `unclear` until staff decide.
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.template.loader import render_to_string

from accounts.services import audit
from common import clock
from common.jobs import RELEASED, backoff, send_on_commit
from common.mail import before_data
from sessions_app.assessments.models import Candidate, InvitationMail
from sessions_app.assessments.selectors.plans import minutes_for
from sessions_app.assessments.services.candidates import LINK_MAILED, invite

log = logging.getLogger(__name__)

TASK = "sessions_app.send_invitations"
Status = InvitationMail.Status
LEASE = timedelta(minutes=2)
# A round is short, so that other tasks of the queue come between two of them.
ROUND_SECONDS = 5.0
MOST_TRIES = 8
# Some servers refuse for good (5xx) what they take a minute later.
MOST_FINAL_REFUSALS = 5
SERVER_AWAY = timedelta(seconds=30)
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


@dataclass
class SendReport:
    sent: int = 0
    refused: int = 0
    broken: int = 0
    more: bool = False


class _ClaimLost(Exception):
    """Withdrawn, erased, or taken over by another worker: this one sends nothing."""


@transaction.atomic
def queue_invitations(candidate_ids: Collection[UUID], *, staff_id: int, now: datetime) -> int:
    """One row for each candidate who has none that waits; how many. Sends nothing itself."""
    waiting = InvitationMail.objects.unfinished().filter(candidate__in=candidate_ids)
    wanted = dict.fromkeys(candidate_ids)
    for pk in waiting.values_list("candidate_id", flat=True):
        wanted.pop(pk, None)
    rows = [InvitationMail(candidate_id=pk, asked_by=staff_id, created_at=now) for pk in wanted]
    # The unique index closes the race of two members of staff who press the same button.
    InvitationMail.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    send_on_commit(TASK)
    return len(rows)


def send_due_invitations(*, seconds: float = ROUND_SECONDS) -> SendReport:
    """Send what is due, for at most about `seconds`, over one connection. Safe to run at once with
    others. While the server cannot be reached, rows wait and no try is counted."""
    report, started = SendReport(), time.monotonic()
    _end_lost_and_spent(now=clock.now())
    connection: Any = get_connection()
    try:
        while _due(clock.now()).exists():
            if time.monotonic() - started > seconds:
                report.more = True
                break
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                _wait_for_server(error, now=clock.now())
                break
            job = _claim(now=clock.now())
            if job is None:
                break
            _send(job, connection, report)
    finally:
        _close(connection)
    return report


def _due(now: datetime) -> Any:
    due = InvitationMail.objects.due_at(now).not_handed_over()
    return due.filter(tries__lt=MOST_TRIES)


def _claim(*, now: datetime) -> InvitationMail | None:
    return _due(now).claim_next(now=now, lease=LEASE, status=Status.SENDING)


def _send(job: InvitationMail, connection: Any, report: SendReport) -> None:
    try:
        message = invitation_mail(job, now=clock.now())
        message.connection = connection
        with before_data(connection, lambda: _hand_over(job)):
            message.send()
    except _ClaimLost:
        _close(connection)  # in the middle of a mail
    except REFUSALS as refusal:
        report.refused += 1
        _store_refusal(job, refusal, now=clock.now())
    except (OSError, smtplib.SMTPException) as error:
        report.broken += 1
        _store_break(job, error, now=clock.now())
        _close(connection)
    except Exception as error:  # a bad row, such as an address that no mail can carry
        log.exception("invitation %s cannot be sent", job.pk)
        failed = {"status": Status.FAILED, "error": f"It cannot be sent: {error}"[:500]}
        InvitationMail.objects.held_by(job).update(**failed, **RELEASED)
    else:
        report.sent += 1
        _store_sent(job, now=clock.now())


def invitation_mail(job: InvitationMail, *, now: datetime) -> EmailMessage:
    """The mail of a row. Its Message-ID is the row's, so that a mailbox knows a second copy."""
    candidate = Candidate.objects.select_related("assessment").get(pk=job.candidate_id)
    context = {
        "candidate": candidate,
        "link": invite(candidate=candidate, now=now).url,
        "minutes": minutes_for(candidate),
        "until": now + timedelta(days=settings.CANDIDATE_TOKEN_DAYS),
    }
    return EmailMessage(
        subject=render_to_string("assessments/mail/invitation_subject.txt", context).strip(),
        body=render_to_string("assessments/mail/invitation.txt", context),
        to=[candidate.email],
        headers={"Message-ID": f"<invitation-{job.pk}-{candidate.pk.hex}@{DNS_NAME}>"},
    )


def _hand_over(job: InvitationMail) -> None:
    now = clock.now()
    held = InvitationMail.objects.held_by(job).filter(claimed_until__gt=now)
    if not held.update(handed_at=now, claimed_until=now + LEASE):
        raise _ClaimLost


@transaction.atomic
def _store_sent(job: InvitationMail, *, now: datetime) -> None:
    """Whatever became of the row meanwhile: the server has taken the mail."""
    row = InvitationMail.objects.filter(pk=job.pk).select_related("candidate").first()
    if row is None:
        return
    done = InvitationMail.objects.filter(pk=job.pk)
    done.update(status=Status.SENT, sent_at=now, error="", **RELEASED)
    Candidate.objects.filter(pk=row.candidate_id).update(invited_at=now)
    audit.record(LINK_MAILED, subject=row.candidate, actor=row.asked_by, email=row.candidate.email)


def _store_refusal(job: InvitationMail, refusal: Exception, *, now: datetime) -> None:
    code, words = _reply_of(refusal)
    most = MOST_FINAL_REFUSALS if code >= 500 else MOST_TRIES
    text = f"The mail server refused it: {code} {words}"[:500]
    changes: dict[str, Any] = {"error": text, "handed_at": None}
    if job.tries >= most:
        changes |= {"status": Status.FAILED}
    else:
        wait = backoff(tries=job.tries)
        changes |= {"status": Status.QUEUED, "next_try_at": now + wait}
    InvitationMail.objects.held_by(job).update(**changes, **RELEASED)


def _store_break(job: InvitationMail, error: Exception, *, now: datetime) -> None:
    """The line broke: the mail is tried again unless its text had gone out, then it is unclear."""
    held = InvitationMail.objects.held_by(job)
    text = f"The connection to the mail server broke: {error}"[:500]
    again = {"status": Status.QUEUED, "next_try_at": now + backoff(tries=job.tries)}
    if not held.not_handed_over().update(error=text, **again, **RELEASED):
        held.update(status=Status.UNCLEAR, error=text, **RELEASED)


def _reply_of(refusal: Exception) -> tuple[int, str]:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(refusal.recipients.values()))
    else:
        code, words = refusal.smtp_code, refusal.smtp_error  # type: ignore[attr-defined]
    return code, words.decode(errors="replace") if isinstance(words, bytes) else str(words)


def _end_lost_and_spent(*, now: datetime) -> None:
    """Rows whose worker was killed: after the text went out unclear, after many tries failed."""
    lost = InvitationMail.objects.lost_at(now)
    stopped = "The worker stopped before the mail server's reply was stored."
    lost.update(status=Status.UNCLEAR, error=stopped, **RELEASED)
    spent = InvitationMail.objects.due_at(now).filter(tries__gte=MOST_TRIES)
    spent.update(status=Status.FAILED, **RELEASED)


def _wait_for_server(error: Exception, *, now: datetime) -> None:
    log.warning("invitations wait: the mail server cannot be reached: %s", error)
    text = f"The mail server cannot be reached: {error}"[:500]
    _due(now).update(error=text, next_try_at=now + SERVER_AWAY)


def _close(connection: Any) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.close()
