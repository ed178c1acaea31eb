"""The signed token of a candidate: `ct_<payload>.<signature>`.

Stateless: candidate, token version and expiry are in it, so checking needs no table but the
candidate's own row. It is valid for this one test and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

PREFIX = "ct_"
SALT = "sessions_app.proctoring.candidate"  # must not change: links that were sent carry it


@dataclass(frozen=True)
class CandidateToken:
    candidate_id: UUID
    version: int
    expires_at: datetime


class BadToken(Exception):
    """Tampered with, malformed or expired."""


def looks_like_candidate_token(text: str) -> bool:
    return text.startswith(PREFIX)


def sign_token(
    *, candidate_id: UUID, version: int, now: datetime, lifetime: timedelta | None = None
) -> str:
    expires_at = now + (lifetime or timedelta(days=settings.CANDIDATE_TOKEN_DAYS))
    payload = [candidate_id.hex, version, int(expires_at.timestamp())]
    return PREFIX + _signer().sign_object(payload)


def read_token(text: str, *, now: datetime) -> CandidateToken:
    """Check signature and expiry; raises BadToken. The caller compares the version."""
    try:
        candidate, version, expires = _signer().unsign_object(text.removeprefix(PREFIX))
        token = CandidateToken(
            UUID(hex=candidate), int(version), datetime.fromtimestamp(expires, tz=UTC)
        )
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadToken("This link or token is not valid.") from error
    if token.expires_at <= now:
        raise BadToken("This link or token has expired.")
    return token


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep=".")
