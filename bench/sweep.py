"""The sweep over a million sessions, 20,000 of them live and 2,000 due.

Finding what is due is held against the sequential scan of the sessions that the document's query
makes. The longest lock is the longest transaction of the sweep, timed from its first statement to
its commit: no row can have been locked for longer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.effort import Effort
from bench.lab import Lab
from bench.rounds import Figure, Measured, RunVoid, interleave, ratios, seconds_each

SESSIONS, DUE, LIVE = 1_000_000, 2_000, 20_000
# The document's query for abandoned sessions, and that for those whose time is over.
SCAN = """SELECT candidate_id FROM test_session
WHERE status = 'active' AND (last_heartbeat < %s OR deadline < %s)"""
FILL = """
INSERT INTO candidate (id, name, email, extra_minutes, token_version, created_at)
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Candidate ' || n,
    'c' || n || '@example.com', 0, 1, now() FROM generate_series(1, {sessions}) n;
INSERT INTO test_session (candidate_id, test_start_time, test_duration_minutes, last_heartbeat,
    status, completion_method, completed_at, sections_completed, pending_answers, created_at,
    updated_at, deadline, left_tab, plan, writers)
SELECT id, now() - interval '30 minutes', 60, now(),
    CASE WHEN n <= {live} THEN 'active' ELSE 'completed' END,
    CASE WHEN n <= {live} THEN NULL ELSE 'manual' END,
    CASE WHEN n <= {live} THEN NULL ELSE now() END, '[]', '{{}}', now(), now(),
    now() + interval '30 minutes', '', '[]', '{{}}'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM candidate) AS listed
ORDER BY md5(id::text);
INSERT INTO test_session_beat (candidate_id, last_heartbeat, tab, deadline)
SELECT candidate_id, now(), '', deadline FROM test_session WHERE status = 'active';
"""
# Half have gone silent, half have come to the end of their time.
MAKE_DUE = """
WITH chosen AS (
    SELECT candidate_id, row_number() OVER (ORDER BY candidate_id) AS n
    FROM test_session_beat ORDER BY candidate_id LIMIT {due}
), silent AS (
    UPDATE test_session_beat AS beat SET last_heartbeat = now() - interval '6 minutes'
    FROM chosen WHERE beat.candidate_id = chosen.candidate_id AND n % 2 = 0
), over AS (
    UPDATE test_session_beat AS beat SET deadline = now() - interval '1 minute'
    FROM chosen WHERE beat.candidate_id = chosen.candidate_id AND n % 2 = 1
)
UPDATE test_session AS session SET
    deadline = CASE WHEN n % 2 = 1 THEN now() - interval '1 minute' ELSE deadline END,
    last_heartbeat = CASE WHEN n % 2 = 0 THEN now() - interval '6 minutes' ELSE last_heartbeat END
FROM chosen WHERE session.candidate_id = chosen.candidate_id
"""


def run(lab: Lab, effort: Effort) -> list[Figure]:
    total = int(SESSIONS * effort.scale)
    live, due = int(LIVE * effort.scale), int(DUE * effort.scale)
    _fill(lab, total, live)
    locks: list[float] = []
    whole: list[float] = []

    def finds() -> Measured:
        lab.sql(MAKE_DUE.format(due=due), database="etude")
        lab.sql("VACUUM test_session_beat", database="etude")
        seconds = _median_time(lambda: _find(due))
        seconds_of_sweep, longest = _sweep(due)
        whole.append(seconds_of_sweep)
        locks.append(longest)
        _bring_back(lab)
        return Measured(1, seconds)

    found = interleave(
        {"sweep": finds, "scan": lambda: Measured(1, _median_time(_scan))}, rounds=effort.rounds
    )
    path = f"sweep of {total:,} sessions, {live:,} live, {due:,} due"
    times = ratios(found["sweep"], found["scan"], seconds_each)
    note = f"whole sweep {min(whole):.1f}–{max(whole):.1f} s"
    return [
        Figure(path, "sequential scan", "time to find, ×", times, 0.1, at_least=False),
        Figure(path, "–", "longest lock, ms", tuple(locks), 100, at_least=False, note=note),
    ]


def _fill(lab: Lab, total: int, live: int) -> None:
    lab.sql("TRUNCATE candidate CASCADE", database="etude")
    for statement in FILL.format(sessions=total, live=live).split(";\n"):
        if statement.strip():
            lab.sql(statement, database="etude")
    for table in ("candidate", "test_session", "test_session_beat"):
        lab.sql(f"VACUUM ANALYZE {table}", database="etude")


def _find(due: int) -> None:
    from common import clock
    from sessions_app.proctoring.services.sweeping import due_ids

    found = len(due_ids(now=clock.now(), with_lost=False))
    if found != due:
        raise RunVoid(f"The sweep found {found} of {due} due sessions.")


def _scan() -> None:
    from django.db import connection

    from common import clock

    now = clock.now()
    with connection.cursor() as cursor:
        # What the document's table has: no index that knows the active ones.
        cursor.execute("SET enable_indexscan = off")
        cursor.execute("SET enable_bitmapscan = off")
        cursor.execute(SCAN, [now - timedelta(minutes=5), now - timedelta(seconds=30)])
        cursor.fetchall()
        cursor.execute("RESET enable_indexscan")
        cursor.execute("RESET enable_bitmapscan")


def _sweep(due: int) -> tuple[float, float]:
    """(seconds of a whole sweep, milliseconds of its longest transaction)."""
    from common import clock
    from sessions_app.proctoring.services import sweeping

    longest = 0.0
    close = sweeping._close_batch

    def timed(*args: Any, **named: Any) -> Any:
        nonlocal longest
        started = time.perf_counter()
        try:
            return close(*args, **named)
        finally:
            longest = max(longest, time.perf_counter() - started)

    sweeping._close_batch = timed
    started = time.perf_counter()
    try:
        report = sweeping.sweep_sessions(now=clock.now(), with_lost=False)
    finally:
        sweeping._close_batch = close
    if report.total != due or report.failed:
        raise RunVoid(f"The sweep closed {report.total} of {due} due sessions.")
    return time.perf_counter() - started, longest * 1000


def _bring_back(lab: Lab) -> None:
    """Make live again what the sweep has closed, for the next round."""
    lab.sql(
        "UPDATE test_session SET status = 'active', completion_method = NULL, "
        "completed_at = NULL, last_heartbeat = now(), deadline = now() + interval '30 minutes' "
        "WHERE completion_method IN ('timer_expired', 'heartbeat_timeout')",
        database="etude",
    )
    lab.sql(
        "INSERT INTO test_session_beat (candidate_id, last_heartbeat, tab, deadline) "
        "SELECT candidate_id, now(), '', deadline FROM test_session WHERE status = 'active' "
        "ON CONFLICT (candidate_id) DO UPDATE SET last_heartbeat = now(), "
        "deadline = EXCLUDED.deadline",
        database="etude",
    )
    for table in ("test_session", "test_session_beat"):
        lab.sql(f"VACUUM ANALYZE {table}", database="etude")


def _median_time(work: Callable[[], None], *, times: int = 5) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return sorted(taken)[times // 2]
