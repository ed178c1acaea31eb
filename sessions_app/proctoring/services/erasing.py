"""Removing candidates with everything that is kept of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from common.http.idempotency import forget_answers
from judge.models import CodeRun
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.policies import principal_of


@transaction.atomic
def erase_candidates(candidate_ids: Iterable[UUID]) -> None:
    """With answers, events and revisions, the code they ran, and stored replies to requests."""
    ids = list(candidate_ids)
    forget_answers(*map(principal_of, ids))
    CodeRun.objects.filter(session_run__session__in=ids).delete()
    CodeRun.objects.filter(trial_run__candidate__in=ids).delete()
    Candidate.objects.filter(pk__in=ids).delete()
