"""A person's right to their data: everything as one document, and leaving for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from accounts import personal_data
from accounts.models import ApiToken, AuditEntry, StorageUse, Subscription, User
from accounts.services import closed_accounts
from accounts.services.audit import record
from common import clock
from common.http.idempotency import forget_answers, principal_of

PROFILE = (
    *("username", "email", "first_name", "last_name", "timezone", "theme"),
    *("day_start_hour", "weekly_goal_minutes", "reminder_after_days"),
)


def export_everything(user: User) -> dict[str, Any]:
    """All that Etude holds about a user, by app, JSON-ready; in memory as a whole."""
    return personal_data.whole(_export(user))


def export_document(user: User) -> Iterator[str]:
    """The same as a JSON document in pieces; rows are read while it is written."""
    return personal_data.written(_export(user))


def _export(user: User) -> dict[str, Any]:
    record("account.exported", subject=user)
    return {holder.name: holder.export(user) for holder in reversed(personal_data.holders())}


@transaction.atomic(durable=True)
def delete_user(*, user: User) -> None:
    """Erase a user and all that each app holds about them, at once or not at all."""
    erase_everything(user=user, actor=user)


def erase_everything(*, user: User, actor: User | None = None) -> None:
    """What `delete_user` does, in the caller's transaction; `actor` as in the audit."""
    record("account.deleted", subject=user, actor=actor)
    for holder in personal_data.holders():
        holder.erase(user)


def export_account(user: User) -> dict[str, Any]:
    """The part of this app: profile, plan, use of it, tokens without their text."""
    subscription = Subscription.objects.filter(user=user).first()
    return {
        **{name: getattr(user, name) for name in PROFILE},
        "date_joined": clock.iso(user.date_joined),
        "plan": subscription.plan if subscription else "free",
        "usage": list(
            user.usage_reservations.order_by("-created_at").values(
                "day", "kind", "state", "subject_kind", "subject_id"
            )
        ),
        "storage": use.by_kind if (use := StorageUse.objects.filter(pk=user.pk).first()) else {},
        "tokens": list(ApiToken.objects.filter(user=user).values("name", "created", "expiry")),
        "audit": list(
            AuditEntry.objects.about(user).order_by("-at").values("at", "action", "address")
        ),
    }


def erase_account(user: User) -> None:
    """The row of the person itself, last of all."""
    closed_accounts.remember_usage(user=user, now=clock.now())
    forget_answers(principal_of(user))
    user.delete()
