"""Candidates by their signed token: as a Bearer, or in the cookie that their link set."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, CSRFCheck, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.api.authentication import BearerAuthentication, PageSessionAuthentication
from common import clock
from common.db import compiled
from sessions_app.assessments.errors import CrossSite
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.policies import CandidatePrincipal
from sessions_app.assessments.tokens import BadToken, looks_like_candidate_token, read_token

COOKIE = "etude_candidate"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@compiled
def candidate_with_assessment(candidate_id: UUID) -> QuerySet[Candidate]:
    """Read by every call with a candidate's token."""
    return Candidate.objects.select_related("assessment").filter(pk=candidate_id)


class CandidateAuthentication(BaseAuthentication):
    """A Bearer that is no candidate token is left to the next class; a bad one of ours is 401.

    An unsafe request by cookie must come from our own pages: `Origin`, `Sec-Fetch-Site`, or
    Django's CSRF token.
    """

    takes_cookie = True

    def authenticate(self, request: Any) -> tuple[CandidatePrincipal, str] | None:
        header = get_authorization_header(request).decode("latin-1").split()
        if header:
            is_bearer = len(header) == 2 and header[0].lower() == "bearer"
            token = header[1] if is_bearer and looks_like_candidate_token(header[1]) else ""
        else:
            token = request.COOKIES.get(COOKIE, "") if self.takes_cookie else ""
        if not token:
            return None
        try:
            candidate = candidate_of(token, now=clock.now())
        except BadToken as error:
            if not header:
                return None
            raise AuthenticationFailed(str(error)) from error
        if not (header or request.method in SAFE_METHODS or is_same_origin(request._request)):
            raise CrossSite
        return CandidatePrincipal(candidate), token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class CandidateBearer(CandidateAuthentication):
    """Only the Bearer: for views of staff, whose own session comes before a candidate's cookie."""

    takes_cookie = False


# For views of staff: a candidate's token is recognized, and refused (403).
STAFF_AUTHENTICATION = [
    CandidateBearer,
    BearerAuthentication,
    PageSessionAuthentication,
    CandidateAuthentication,
]


def candidate_of(token: str, *, now: datetime) -> Candidate:
    """The candidate whom a token names; raises BadToken, also when it was revoked."""
    read = read_token(token, now=now)
    candidate = candidate_with_assessment.first(candidate_id=read.candidate_id)
    if candidate is None or candidate.token_version != read.version:
        raise BadToken("This link or token was withdrawn.")
    return candidate


def is_same_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    if origin:
        ours = {*settings.CSRF_TRUSTED_ORIGINS, f"{request.scheme}://{request.get_host()}"}
        if origin in ours:
            return True
    elif request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    check = CSRFCheck(lambda _request: None)  # type: ignore[arg-type]
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is None


class CandidateScheme(OpenApiAuthenticationExtension):
    target_class = CandidateAuthentication
    name = "candidate"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A candidate's signed token."}


class CandidateBearerScheme(CandidateScheme):
    target_class = CandidateBearer
    name = "candidateBearer"
