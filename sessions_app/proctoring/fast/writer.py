"""The statement that stamps many live tests at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sessions_app.proctoring.fast.arrays import flags, moment_of, moments, numbers, texts, uuids
from sessions_app.proctoring.fast.queue import Coalescer, Rows, Slot
from sessions_app.proctoring.rules import DEADLINE_GRACE, HEARTBEAT_TIMEOUT

# The condition is that of querysets.BeatQuerySet.alive_at. `old` needs PostgreSQL 18.
UPDATE = """
UPDATE test_session_beat AS beat SET
    last_heartbeat = GREATEST(beat.last_heartbeat, sent.at),
    last_activity = GREATEST(beat.last_activity, sent.active_at),
    tab = CASE WHEN sent.is_beat THEN sent.tab ELSE beat.tab END,
    sequence = CASE WHEN sent.is_beat THEN sent.sequence ELSE beat.sequence END
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::bigint[], $6::bool[])
    AS sent(id, at, active_at, tab, sequence, is_beat)
WHERE beat.candidate_id = sent.id AND {alive}
RETURNING beat.candidate_id, beat.deadline, {old}
"""
ALIVE = """beat.deadline >= {at} - interval '{grace}'
    AND (beat.last_heartbeat >= {at} - interval '{timeout}'
         OR beat.deadline <= beat.last_heartbeat + interval '{timeout}')"""
OLD = {True: "old.tab, old.last_heartbeat", False: "NULL::text, NULL::timestamptz"}


def alive(at: str) -> str:
    """The SQL condition that nothing is due for `beat` at the moment `at`."""
    grace, timeout = (f"{d.total_seconds():.0f} s" for d in (DEADLINE_GRACE, HEARTBEAT_TIMEOUT))
    return ALIVE.format(at=at, grace=grace, timeout=timeout)


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
    def _fill(self, batch: list[Slot[Sent, Stamped]]) -> None:
        newest: dict[UUID, Sent] = {}
        for slot in batch:
            newest[slot.sent.candidate_id] = _joined(newest.get(slot.sent.candidate_id), slot.sent)
        active = {slot.sent.candidate_id for slot in batch if not slot.sent.is_beat}
        rows = self._stamp([newest[key] for key in sorted(newest)], active)
        for slot in batch:
            row = rows.get(slot.sent.candidate_id.bytes)
            slot.row = _stamped(row) if row else None

    def _stamp(self, sent: list[Sent], active: set[UUID]) -> Rows:
        """By id, as the sweep locks them too: two writers never wait for each other in a ring."""
        return self._execute(
            (
                uuids(s.candidate_id for s in sent),
                moments(s.at for s in sent),
                moments(s.at if s.candidate_id in active else None for s in sent),
                texts(s.tab for s in sent),
                numbers(s.sequence for s in sent),
                flags(s.is_beat for s in sent),
            )
        )

    def _statement(self, server_version: int) -> str:
        return UPDATE.format(alive=alive("sent.at"), old=OLD[server_version >= 180000])


def _stamped(row: list[bytes | None]) -> Stamped:
    deadline, old_tab, old_heartbeat = row
    return Stamped(
        moment_of(deadline or b""),
        old_tab.decode() if old_tab else None,
        moment_of(old_heartbeat) if old_heartbeat else None,
    )


def _joined(first: Sent | None, second: Sent) -> Sent:
    """Two stamps of one candidate in one statement: the later moment, the tab of the later beat."""
    if first is None:
        return second
    beat = second if second.is_beat else first
    later = max(first.at, second.at)
    return Sent(second.candidate_id, later, beat.is_beat, beat.tab, beat.sequence)
