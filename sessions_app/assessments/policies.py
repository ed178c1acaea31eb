"""Access to tests: candidates their own, staff with the permission for it every one (else 403),
everybody else none (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.errors import Forbidden
from common.rights import has_right
from sessions_app.assessments.errors import NoCandidate
from sessions_app.assessments.models import Candidate

# The Django permissions that console and API ask of staff.
INVITE = "sessions_app.add_candidate"


def principal_of(candidate_id: UUID) -> str:
    """A candidate as the owner of stored answers (`common.http.idempotency`)."""
    return f"candidate:{candidate_id}"


class CandidatePrincipal:
    """`request.user` of a valid candidate token: no account, one test."""

    is_authenticated = is_active = True
    is_anonymous = is_staff = is_superuser = False
    plan = None

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.pk = self.id = self.idempotency_principal = principal_of(candidate.pk)

    def __str__(self) -> str:
        return str(self.pk)

    def get_username(self) -> str:
        return str(self.pk)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False


def is_candidate(user: Any) -> bool:
    return isinstance(user, CandidatePrincipal)


def refuse_staff_without(user: Any, right: str | None) -> None:
    """Raises Forbidden (403) for staff without `right`. None: only the candidate may do it, since
    answers, beats and reports are evidence of what the candidate did. Other users pass."""
    if user.is_staff and not (right and has_right(user, right)):
        raise Forbidden(None if right else "Only the candidate can send this.")


def get_candidate_for(user: Any, candidate_id: str | UUID) -> Candidate:
    """The candidate by id, for themselves and for staff, whose right the view has checked before
    (`refuse_staff_without`, or `HasRight`). Raises NoCandidate (404) for strangers and malformed
    ids alike.
    """
    wanted = as_uuid(candidate_id)
    found = None
    if isinstance(user, CandidatePrincipal):
        found = user.candidate if user.candidate.pk == wanted else None
    elif user.is_staff and wanted is not None:
        found = Candidate.objects.select_related("assessment").filter(pk=wanted).first()
    if found is None:
        raise NoCandidate
    return found


def as_uuid(value: str | UUID) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value) if len(value) in (32, 36) else None
    except ValueError:
        return None
