"""Staff add and invite many candidates: what was planned is planned again under the lock of the
assessment, so that a form sent twice adds and invites nobody twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import Conflict, NotFound
from sessions_app.assessments.candidate_rows import SheetRow
from sessions_app.assessments.models import Assessment
from sessions_app.assessments.selectors.readiness import faults_of_assessment
from sessions_app.assessments.services.candidate_import import create_planned, plan_candidates
from sessions_app.assessments.services.invitations import queue_invitations
from sessions_app.proctoring.selectors.inviting import invite_plan, known_addresses


class NotReady(Conflict):
    code = "assessment_not_ready"


@dataclass(frozen=True)
class Imported:
    created: int
    queued: int


@transaction.atomic(durable=True)
def import_candidates(
    *, rows: Sequence[SheetRow], assessment_id: UUID, invite: bool, staff_id: int, now: datetime
) -> Imported:
    """Add the rows that can be added and, if wanted, queue their invitations.

    Raises NotFound, and NotReady (409) when they are to be invited to what cannot be sat.
    """
    assessment = Assessment.objects.select_for_update().filter(pk=assessment_id).first()
    if assessment is None:
        raise NotFound("There is no such assessment.")
    faults = faults_of_assessment(assessment) if invite else []
    if faults:
        raise NotReady(" ".join(faults))
    plan = plan_candidates(rows, known=known_addresses(assessment, now=now))
    created = create_planned(plan.create, assessment=assessment)
    queued = queue_invitations(created, staff_id=staff_id, now=now) if invite else 0
    return Imported(len(created), queued)


@transaction.atomic(durable=True)
def invite_candidates(
    *, candidate_ids: Collection[UUID], with_again: bool, staff_id: int, now: datetime
) -> int:
    """Queue a mail for each who was never invited, and with `with_again` for who was; how many.

    Nobody whose test has ended or whose mail waits. Raises NotReady (409).
    """
    plan = invite_plan(candidate_ids, now=now)
    if plan.faults:
        raise NotReady(" ".join(plan.faults))
    return queue_invitations(plan.ids(with_again=with_again), staff_id=staff_id, now=now)
