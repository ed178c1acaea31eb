"""The audit: one function writes it, one removes what is older than AUDIT_DAYS.

What is recorded is in the table of docs/staff.md. Passwords, tokens and links never are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from accounts.models import AuditEntry, User
from common import caller, clock

Kind = AuditEntry.ActorKind
FORGOTTEN_AT_ONCE = 5_000


def record(
    action: str,
    /,
    *,
    subject: models.Model | None = None,
    actor: User | int | None = None,
    reason: str = "",
    **detail: Any,
) -> AuditEntry:
    """Add one entry, in the caller's transaction if there is one.

    `action` is `noun.verb`, `subject` the row that it was done to, `detail` JSON. The actor is who
    is signed in on the request that is being answered, unless named (a User or its id); address and
    reference come from that request. Without a request the actor is the system.
    """
    asking = caller.current()
    entry = AuditEntry(
        at=clock.now(),
        action=action,
        reason=reason[:300],
        detail=detail,
        **_actor(actor, asking),
        **_subject(subject),
    )
    if asking is not None:
        entry.address, entry.request_id = asking.address, asking.request_id
        asking.traces += 1
    entry.save(force_insert=True)
    return entry


def forget_due(*, now: datetime) -> Iterator[int]:
    """Remove entries older than AUDIT_DAYS, some thousand a transaction; yields how many went in
    each. Safe to run twice at once."""
    removed = FORGOTTEN_AT_ONCE
    while removed:
        with transaction.atomic():
            due = AuditEntry.objects.due(now).order_by("at").values_list("pk", flat=True)
            removed = _remove(list(due[:FORGOTTEN_AT_ONCE]))
        yield removed


def _remove(keys: list[int]) -> int:
    """The trigger of PostgreSQL lets DELETE through only where this setting is on."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL etude.audit_retention = 'on'")
    rows: models.QuerySet[Any] = models.QuerySet(AuditEntry).filter(pk__in=keys)
    removed = rows.delete()[0]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL etude.audit_retention = 'off'")
    return removed


def _actor(actor: User | int | None, asking: caller.Caller | None) -> dict[str, str]:
    who: Any = asking.user if asking is not None and actor is None else actor
    if isinstance(who, int):
        signed_in = asking.user if asking is not None else None
        same = isinstance(signed_in, User) and signed_in.pk == who
        who = signed_in if same else User.objects.filter(pk=who).first() or who
    if isinstance(who, User):
        return _as_actor(Kind.PERSON, who.pk, who.username)
    if isinstance(who, int):
        return _as_actor(Kind.PERSON, who, "")
    if who is not None:  # a candidate's token; `accounts` knows no candidates
        return _as_actor(Kind.CANDIDATE, getattr(who, "pk", ""), str(who))
    return _as_actor(Kind.SYSTEM if asking is None else Kind.NOBODY, "", "")


def _as_actor(kind: Kind, key: Any, name: str) -> dict[str, str]:
    return {"actor_kind": kind, "actor_id": str(key)[:64], "actor_name": name[:254]}


def _subject(row: models.Model | None) -> dict[str, str]:
    if row is None:
        return {}
    return {
        "subject_kind": row._meta.label_lower[:64],
        "subject_id": str(row.pk)[:64],
        "subject_name": str(row)[:254],
    }
