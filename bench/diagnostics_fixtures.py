"""Fixtures of the measurement of diagnoses: a scratch database, sound sessions, known faults."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

# What a diagnosis itself writes: its runs, and the audit, which only grows.
OWN_TABLES = ("diagnostics_", "accounts_auditentry")
DAY = timedelta(days=1)


def scratch_database(folder: Path) -> ExitStack:
    """A PostgreSQL of our own with an empty database whose name says scratch, and a Valkey: what
    lies in the cache and locks that nobody holds are faults too. Both end by `close()`."""
    import psycopg

    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    folder.chmod(0o711)
    server, cache = Postgres(folder), Valkey(folder)
    server.start()
    cache.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE etude_scratch")
    os.environ["DATABASE_URL"] = server.url.removesuffix("/postgres") + "/etude_scratch"
    os.environ.update(
        REDIS_URL=cache.url, VAR_DIR=str(folder / "var"), LOG_LEVEL="ERROR", DEBUG="true"
    )
    stack = ExitStack()
    stack.callback(server.stop)
    stack.callback(cache.stop)
    return stack


def fill(*, sessions: int, now: datetime) -> int:
    """Sound sessions: six of ten completed, a quarter interviews, the rest being practiced."""
    from diagnostics import fixtures as make

    questions = make.find_questions()
    live, interviews = sessions * 15 // 100, sessions // 4
    people = make.make_people(max(live, sessions // 5), prefix="bench", now=now)
    _hold_starts(
        make.make_live(questions, people[:live], at=now - DAY, words="An answer."), now=now
    )
    made = live
    for days in range(2, 400):
        take = people[: sessions - interviews - made]
        if not take:
            break
        made += len(make.make_completed(questions, take, at=now - days * DAY))
    for days in range(2, 400):
        take = people[: sessions - made]
        if not take:
            break
        made += len(make.make_interviews(questions, take, at=now - days * DAY, attempts=1))
    return made


def _hold_starts(sessions: list[Any], *, now: datetime) -> None:
    """Each practicing session holds one start of its day."""
    from accounts.models import DailyUsage, UsageReservation

    day = (now - DAY).date()
    UsageReservation.objects.bulk_create(
        (
            UsageReservation(
                user_id=session.user_id,
                day=day,
                kind="practice_start",
                subject_kind="practice_main",
                subject_id=str(session.pk),
                created_at=session.started_at,
                updated_at=session.started_at,
            )
            for session in sessions
        ),
        batch_size=2000,
    )
    DailyUsage.objects.bulk_create(
        (
            DailyUsage(user_id=session.user_id, day=day, kind="practice_start", taken=1)
            for session in sessions
        ),
        batch_size=2000,
    )


def seed_exactly(total: int, *, now: datetime) -> dict[str, int]:
    """`total` faults over all kinds, as evenly as can be: there are only so many constraints, and
    with few faults those that had to go for others make it a little more."""
    from diagnostics.faults import FAULTS
    from diagnostics.services.seeding import seed_faults

    seeded = seed_faults(names=None, count=total // len(FAULTS), now=now)
    endless = [name for name in FAULTS if name in seeded and name != "constraints_missing"]
    each, rest = divmod(max(0, total - sum(seeded.values())), len(endless))
    for names, count in ((endless, each), (endless[:rest], 1)):
        if names and count:
            more = seed_faults(names=names, count=count, now=now)
            seeded.update({name: seeded[name] + more[name] for name in names})
    return seeded


def prints_of_tables() -> dict[str, str]:
    """A hash of every column of every row of each table but the diagnosis's own."""
    from django.db import connection

    names = [n for n in connection.introspection.table_names() if not n.startswith(OWN_TABLES)]
    return {name: _print_of(name) for name in sorted(names)}


def _print_of(table: str) -> str:
    from django.db import connection

    quoted = connection.ops.quote_name(table)
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns, order = f"md5({quoted}::text)", "1"
        else:  # by all columns, since the first one alone need not be unique
            count = len(connection.introspection.get_table_description(cursor, table))
            columns, order = "*", ", ".join(map(str, range(1, count + 1)))
        cursor.execute(f"SELECT {columns} FROM {quoted} ORDER BY {order}")  # noqa: S608
        while rows := cursor.fetchmany(2000):
            digest.update(repr(rows).encode())
    return digest.hexdigest()
