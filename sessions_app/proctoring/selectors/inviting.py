"""What inviting would do, before anything is sent, and how far the mails are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sessions_app.assessments.models import Assessment, Candidate, InvitationMail
from sessions_app.assessments.selectors.readiness import faults_of_assessment
from sessions_app.proctoring.states import Status

Mail = InvitationMail.Status
# Django's `in` with more is slow on PostgreSQL and impossible on SQLite.
IDS_AT_ONCE = 1_000


@dataclass(frozen=True)
class InvitePlan:
    """`fresh` were never invited, `again` were, `waiting` have a mail in the queue, `finished` have
    ended their test. `twice` are addresses that several of them share within one test. `faults`
    say why an assessment cannot be sat: then nobody is invited to it."""

    fresh: list[Candidate]
    again: list[Candidate]
    waiting: list[Candidate]
    finished: list[Candidate]
    twice: list[str]
    faults: list[str]

    def ids(self, *, with_again: bool) -> list[UUID]:
        chosen = [*self.fresh, *(self.again if with_again else [])]
        return [candidate.pk for candidate in chosen]


def ended_at(now: datetime) -> Q:
    """Of candidates: their test is over and no link brings them back."""
    left = Q(session__status=Status.ABANDONED, session__deadline__lt=now)
    return Q(session__voided_at__isnull=False) | Q(session__status=Status.COMPLETED) | left


def invite_plan(candidate_ids: Iterable[UUID], *, now: datetime) -> InvitePlan:
    ids = list(dict.fromkeys(candidate_ids))
    plan = InvitePlan([], [], [], [], [], [])
    people: list[Candidate] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        people += _marked(ids[start : start + IDS_AT_ONCE], now)
    for candidate in people:
        if candidate.is_over:  # type: ignore[attr-defined]  # annotated
            plan.finished.append(candidate)
        elif candidate.waits:  # type: ignore[attr-defined]
            plan.waiting.append(candidate)
        else:
            (plan.again if candidate.invited_at else plan.fresh).append(candidate)
    tests = {candidate.assessment_id: candidate.assessment for candidate in people}
    for assessment in tests.values():
        plan.faults.extend(faults_of_assessment(assessment))
    same = Counter((person.assessment_id, person.email.lower()) for person in people)
    plan.twice.extend(email for (_, email), number in same.items() if number > 1)
    return plan


def _marked(ids: list[UUID], now: datetime) -> QuerySet[Candidate]:
    open_mail = InvitationMail.objects.unfinished().filter(candidate=OuterRef("pk"))
    over = Candidate.objects.filter(ended_at(now), pk=OuterRef("pk"))
    rows = Candidate.objects.filter(pk__in=ids).select_related("assessment")
    return rows.annotate(waits=Exists(open_mail), is_over=Exists(over)).order_by("name", "pk")


def known_addresses(assessment: Assessment, *, now: datetime) -> dict[str, bool]:
    """Of its candidates, in lower case; True when all tests under the address have ended."""
    known: dict[str, bool] = {}
    over = Candidate.objects.filter(ended_at(now), pk=OuterRef("pk"))
    rows = Candidate.objects.filter(assessment=assessment).annotate(is_over=Exists(over))
    for email, is_over in rows.values_list("email", "is_over"):
        known[email.lower()] = known.get(email.lower(), True) and is_over
    return known


@dataclass(frozen=True)
class MailProgress:
    """By the newest mail of each candidate. `opened` are among `sent` and `unclear`."""

    queued: int
    sending: int
    sent: int
    unclear: int
    failed: int
    cancelled: int
    opened: int
    troubled: list[InvitationMail]  # failed and unclear ones, and queued ones that were refused
    is_more: bool

    @property
    def total(self) -> int:
        return self.open + self.sent + self.unclear + self.failed

    @property
    def open(self) -> int:
        return self.queued + self.sending

    @property
    def done(self) -> int:
        return self.total - self.open


SHOWN = 100


def mail_progress(assessment: Assessment | None = None) -> MailProgress:
    """Of one assessment, or of all."""
    rows = InvitationMail.objects.newest_of_each()
    if assessment is not None:
        rows = rows.filter(candidate__assessment=assessment)
    states = {status: Count("pk", filter=Q(status=status)) for status in Mail.values}
    opened = Q(status__in=(Mail.SENT, Mail.UNCLEAR), candidate__link_opened_at__isnull=False)
    counts = rows.order_by().aggregate(**states, opened=Count("pk", filter=opened))
    wrong = Q(status__in=(Mail.FAILED, Mail.UNCLEAR)) | Q(status=Mail.QUEUED, tries__gt=0)
    wrong &= ~Q(status=Mail.UNCLEAR, candidate__link_opened_at__isnull=False)
    troubled = rows.filter(wrong).select_related("candidate__assessment").order_by("status", "pk")
    found = list(troubled[: SHOWN + 1])
    return MailProgress(**counts, troubled=found[:SHOWN], is_more=len(found) > SHOWN)
