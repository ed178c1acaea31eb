"""Access to tests: candidates their own, staff every one, everybody else none (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sessions_app.assessments.errors import NoCandidate
from sessions_app.assessments.models import Candidate


class CandidatePrincipal:
    """`request.user` of a valid candidate token: no account, one test."""

    is_authenticated = is_active = True
    is_anonymous = is_staff = is_superuser = False
    plan = None

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.pk = self.id = self.idempotency_principal = f"candidate:{candidate.pk}"

    def __str__(self) -> str:
        return str(self.pk)

    def get_username(self) -> str:
        return str(self.pk)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False


def get_candidate_for(user: Any, candidate_id: str | UUID) -> Candidate:
    """The candidate by id; raises NoCandidate (404) for strangers and malformed ids alike."""
    wanted = as_uuid(candidate_id)
    found = None
    if isinstance(user, CandidatePrincipal):
        found = user.candidate if user.candidate.pk == wanted else None
    elif user.is_staff and wanted is not None:
        found = Candidate.objects.select_related("assessment").filter(pk=wanted).first()
    if found is None:
        raise NoCandidate
    return found


def actor_of(user: Any) -> str:
    """The actor of a request in the event log."""
    return "candidate" if isinstance(user, CandidatePrincipal) else f"api:{user.pk}"


def as_uuid(value: str | UUID) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value) if len(value) in (32, 36) else None
    except ValueError:
        return None
