"""The statement that stamps many live tests at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from sessions_app.proctoring.fast.queue import Coalescer, Slot
from sessions_app.proctoring.rules import DEADLINE_GRACE, HEARTBEAT_TIMEOUT

# The condition is that of querysets.BeatQuerySet.alive_at. `old` needs PostgreSQL 18.
UPDATE = """
UPDATE test_session_beat AS beat SET
    last_heartbeat = GREATEST(beat.last_heartbeat, sent.at),
    last_activity = GREATEST(beat.last_activity, sent.active_at),
    tab = CASE WHEN sent.is_beat THEN sent.tab ELSE beat.tab END,
    sequence = CASE WHEN sent.is_beat THEN sent.sequence ELSE beat.sequence END
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bool[])
    AS sent(id, at, active_at, tab, sequence, is_beat)
WHERE beat.candidate_id = sent.id
    AND beat.deadline >= sent.at - %s::interval
    AND (beat.last_heartbeat >= sent.at - %s::interval
         OR beat.deadline <= beat.last_heartbeat + %s::interval)
RETURNING beat.candidate_id, beat.deadline, {old}
"""
OLD = {True: "old.tab, old.last_heartbeat", False: "NULL::text, NULL::timestamptz"}


@dataclass(frozen=True)
class Sent:
    """One beat, or one activity (`is_beat` false: the tab that is stored stays)."""

    candidate_id: UUID
    at: datetime
    is_beat: bool
    tab: str = ""
    sequence: int | None = None


@dataclass(frozen=True)
class Stamped:
    deadline: datetime
    old_tab: str | None
    old_heartbeat: datetime | None


class Writer(Coalescer[Sent, Stamped]):
    _sql = ""

    def _fill(self, batch: list[Slot[Sent, Stamped]]) -> None:
        newest: dict[UUID, Sent] = {}
        for slot in batch:
            newest[slot.sent.candidate_id] = _joined(newest.get(slot.sent.candidate_id), slot.sent)
        active = {slot.sent.candidate_id for slot in batch if not slot.sent.is_beat}
        rows = self._stamp([newest[key] for key in sorted(newest)], active)
        for slot in batch:
            row = rows.get(slot.sent.candidate_id)
            slot.row = Stamped(*row) if row else None

    def _stamp(self, sent: list[Sent], active: set[UUID]) -> dict[UUID, tuple[Any, ...]]:
        """By id, as the sweep locks them too: two writers never wait for each other in a ring."""
        params = (
            [s.candidate_id for s in sent],
            [s.at for s in sent],
            [s.at if s.candidate_id in active else None for s in sent],
            [s.tab for s in sent],
            [s.sequence for s in sent],
            [s.is_beat for s in sent],
            DEADLINE_GRACE,
            HEARTBEAT_TIMEOUT,
            HEARTBEAT_TIMEOUT,
        )
        return self._execute(self._statement(), params)

    def _statement(self) -> str:
        if not self._sql:
            try:
                has_old = self._connected().info.server_version >= 180000
            except psycopg.Error:
                return UPDATE.format(old=OLD[False])  # it will fail again, and say why
            self._sql = UPDATE.format(old=OLD[has_old])
        return self._sql


def _joined(first: Sent | None, second: Sent) -> Sent:
    """Two stamps of one candidate in one statement: the later moment, the tab of the later beat."""
    if first is None:
        return second
    beat = second if second.is_beat else first
    later = max(first.at, second.at)
    return Sent(second.candidate_id, later, beat.is_beat, beat.tab, beat.sequence)
