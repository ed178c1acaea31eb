from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from common import clock
from common.errors import DomainError, LimitReached, TooLarge
from common.text import bytes_in_words

if TYPE_CHECKING:
    from accounts.models import User

WORDS = {
    "practice_start": "practice sets",
    "interview_start": "interview sessions",
    "evaluation": "evaluations",
}


class DailyLimitReached(LimitReached):
    """429 with `limit`, `used`, `resets_at` (UTC) and the same moment in the learner's zone."""

    code = "daily_limit_reached"

    @classmethod
    def of(
        cls, *, user: User, kind: str, limit: int, used: int, now: datetime
    ) -> DailyLimitReached:
        resets_at = clock.next_utc_midnight(now)
        local = resets_at.astimezone(clock.zone(user.timezone))
        return cls(
            f"You have used your {limit} {WORDS.get(kind, kind)} of today. "
            f"More from {local:%H:%M} on {local:%-d %B} ({user.timezone}).",
            extra={
                "limit": limit,
                "used": used,
                "resets_at": clock.iso(resets_at),
                "resets_at_local": local.isoformat(),
                "kind": kind,
            },
            headers={"Retry-After": str(ceil((resets_at - now).total_seconds()))},
        )


class StorageFull(TooLarge):
    """413 with `limit` and `used`, in bytes: what is stored stays and can be read."""

    code = "storage_full"

    @classmethod
    def of(cls, *, limit: int, used: int) -> StorageFull:
        return cls(
            f"Your {bytes_in_words(limit)} of storage are used up, so this was not saved. All that "
            "was saved before is kept. Your account page shows what takes the room and how to make "
            "some.",
            extra={"limit": limit, "used": used, "kind": "storage"},
        )


class MailNotSent(DomainError):
    code, status = "mail_not_sent", 503
    message = "The mail could not be sent."


class WrongCredentials(DomainError):
    code, status = "wrong_credentials", 401
    message = "This name and password do not belong together."


class OtpRequired(DomainError):
    code, status = "otp_required", 401
    message = "This account has a second factor: send its code as `otp`."


class WrongOtp(DomainError):
    code, status = "wrong_otp", 401
    message = "This code is not right, or was used already."


class NameTaken(DomainError):
    code, status = "name_taken", 409
    message = "This name or address was just taken. Choose another."


class SecondFactorRequired(DomainError):
    code, status = "second_factor_required", 403
    message = "Staff accounts need a second factor. Set one up under Account, Signing in."
