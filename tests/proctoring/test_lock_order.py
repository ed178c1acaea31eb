"""Who takes hold of many tests takes them in the order of their ids: two never wait in a ring.

The lower id is held here; when a statement that wants both waits for it, the higher one must still
be free. It comes first in the table and in what is asked, so code without a lock order takes it first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Model

from common import clock
from sessions_app.proctoring.hot.batcher import Slot
from sessions_app.proctoring.hot.statements import Beat, Save, Saver, Stamper
from sessions_app.proctoring.models import ProctoredSession, ServerHeartbeat, SessionBeat
from sessions_app.proctoring.services.locks import lock_sessions
from sessions_app.proctoring.services.outages import record_web_heartbeat
from sessions_app.proctoring.services.status import close_due_sessions
from tests.assessments.factories import CandidateFactory
from tests.proctoring.factories import SessionFactory

LOW, HIGH = UUID(int=1), UUID(int=2)
# Then rows come as they lie in the table, unless the statement asks for an order.
NO_INDEXES = "SET enable_indexscan = off; SET enable_bitmapscan = off"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks"),
]


@pytest.fixture(params=[30, 2000])
def two_tests(request):
    """Silent for nearly five minutes, the higher id the newer and first in a table of so many."""
    ServerHeartbeat.objects.create(
        pk=ServerHeartbeat.Source.WEB, at=clock.now() - timedelta(minutes=4, seconds=50)
    )
    now = clock.now()
    for pk, minutes in ((HIGH, 10), (LOW, 20)):
        SessionFactory(
            candidate=CandidateFactory(id=pk),
            test_start_time=now - timedelta(minutes=minutes),
            last_heartbeat=now - timedelta(minutes=4, seconds=50),
        )
    fill_the_room(request.param)


def fill_the_room(count: int) -> None:
    """Among 2,000 any plan looks for a key by its index; among 30 it does so only when told."""
    rows = ", ".join(field.column for field in SessionBeat._meta.concrete_fields[1:])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # beats alone, without a test
        cursor.execute(
            f"INSERT INTO test_session_beat (candidate_id, {rows})"  # noqa: S608
            f" SELECT lpad(to_hex(n), 32, '0')::uuid, {rows} FROM test_session_beat,"
            " generate_series(3, %s) AS n WHERE candidate_id = %s",
            [count, LOW],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE test_session_beat")


def lock_both() -> None:
    with transaction.atomic():
        lock_sessions([HIGH, LOW])


def close_both() -> None:
    with transaction.atomic():
        close_due_sessions([HIGH, LOW], now=clock.now() + timedelta(minutes=5), skip_locked=True)


def give_back() -> None:
    record_web_heartbeat(now=clock.now())


def share(shared: Any, sent: Callable[[UUID], Any], *, by_index: bool) -> None:
    """Both in one statement, the higher one first."""
    slots = [Slot(sent(pk)) for pk in (HIGH, LOW)]
    if not by_index:
        shared._connected().execute(NO_INDEXES)
    try:
        shared.fill(slots)
    finally:
        shared.close()
    assert all(slot.row is not None for slot in slots)


def beat() -> None:
    share(Stamper(), lambda pk: Beat(pk, clock.now(), tab="a", sequence=1), by_index=True)


def save(*, by_index: bool = False) -> None:
    def sent(pk: UUID) -> Save:
        return Save(pk, clock.now(), '{"q": "text"}', "a", 1)

    share(Saver(), sent, by_index=by_index)


def save_by_index() -> None:
    save(by_index=True)


@pytest.mark.parametrize(
    ("take_both", "rows"),
    [
        (lock_both, ProctoredSession),
        (lock_both, SessionBeat),
        (close_both, SessionBeat),
        (give_back, ProctoredSession),
        (give_back, SessionBeat),
        (save, ProctoredSession),
        (save_by_index, SessionBeat),
        (beat, SessionBeat),
    ],
)
def test_the_lower_id_is_waited_for_before_the_higher_is_taken(two_tests, take_both, rows):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            rows.objects.select_for_update().get(pk=LOW)
            taking = pool.submit(without_indexes, take_both)
            wait_until_somebody_waits()
            higher_is_free = is_free(rows, HIGH)
        taking.result(timeout=20)
    assert higher_is_free


def without_indexes(take_both: Callable[[], None]) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(NO_INDEXES)
        take_both()
    finally:
        connection.close()


def wait_until_somebody_waits() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    end = time.monotonic() + 20
    with connection.cursor() as cursor:
        while cursor.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < end, "nobody waits for the lower row"
            time.sleep(0.01)


def is_free(rows: type[Model], pk: UUID) -> bool:
    try:
        with transaction.atomic():
            rows.objects.select_for_update(nowait=True).get(pk=pk)
    except OperationalError:
        return False
    return True
