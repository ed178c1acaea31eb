"""The statement that merges the saves of many candidates at once.

Takes only the plain case, which is nearly every save: a live test, a tab that writes on in order,
nothing removed, no section finished, well under the limits. Anything that has to leave a revision,
come back, or be refused finds no row here and goes on to Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from sessions_app.proctoring.fast.arrays import jsons, moment_of, moments, numbers, texts, uuids
from sessions_app.proctoring.fast.queue import Coalescer, Slot
from sessions_app.proctoring.fast.writer import alive
from sessions_app.proctoring.services.answers import MAX_TOTAL_BYTES

# Session first, then beat, as everywhere. PostgreSQL writes JSON with spaces, so its length is
# never below the length that counts; merged and written out once (OFFSET 0), the answers are long.
# Who wrote last is asked first: it is nearly always the same tab, and then no answer is compared.
MERGE = """
WITH sent AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::jsonb[], $4::jsonb[], $5::text[],
                         $6::bigint[])
        AS sent(id, at, answers, writers, tab, sequence)
), locked AS (
    SELECT session.candidate_id, session.pending_answers, session.writers
    FROM test_session AS session
    WHERE session.candidate_id = ANY($1::uuid[]) AND session.status = 'active'
    ORDER BY session.candidate_id FOR UPDATE
), fit AS (
    SELECT sent.id, sent.at, merged.answers, told.text AS told,
           locked.writers || sent.writers AS writers
    FROM locked JOIN sent ON sent.id = locked.candidate_id
    CROSS JOIN LATERAL (SELECT locked.pending_answers || sent.answers AS answers OFFSET 0) merged
    CROSS JOIN LATERAL (SELECT merged.answers::text AS text OFFSET 0) told
    WHERE octet_length(told.text) <= {most}
      AND NOT EXISTS (
        SELECT 1 FROM jsonb_object_keys(sent.answers) AS change(key)
        WHERE NOT COALESCE(locked.writers -> change.key ->> 0 = sent.tab
                           AND (locked.writers -> change.key ->> 1)::bigint < sent.sequence, false)
          AND locked.pending_answers -> change.key <> sent.answers -> change.key)
), beat AS (
    UPDATE test_session_beat AS beat SET
        last_heartbeat = GREATEST(beat.last_heartbeat, fit.at),
        last_activity = GREATEST(beat.last_activity, fit.at)
    FROM fit
    WHERE beat.candidate_id = fit.id AND {alive}
    RETURNING beat.candidate_id
)
UPDATE test_session AS session SET
    pending_answers = fit.answers, writers = fit.writers, updated_at = fit.at
FROM fit JOIN beat ON beat.candidate_id = fit.id
WHERE session.candidate_id = fit.id
RETURNING session.candidate_id, fit.told, session.sections_completed::text, session.deadline
"""


@dataclass(frozen=True)
class PlainSave:
    candidate_id: UUID
    at: datetime
    answers: dict[str, Any]
    tab: str
    sequence: int


@dataclass(frozen=True)
class Merged:
    """The merged state; answers and sections as JSON text, ready to be sent."""

    answers: bytes
    sections: bytes
    deadline: datetime


class Saver(Coalescer[PlainSave, Merged]):
    def _take(self) -> list[Slot[PlainSave, Merged]]:
        """One save of each candidate; a second one waits for the next statement."""
        batch: dict[UUID, Slot[PlainSave, Merged]] = {}
        later = []
        for slot in self._waiting:
            if slot.sent.candidate_id in batch:
                later.append(slot)
            else:
                batch[slot.sent.candidate_id] = slot
        self._waiting = later
        return list(batch.values())

    def _fill(self, batch: list[Slot[PlainSave, Merged]]) -> None:
        saves = sorted((slot.sent for slot in batch), key=lambda save: save.candidate_id.bytes)
        rows = self._execute(
            (
                uuids(save.candidate_id for save in saves),
                moments(save.at for save in saves),
                jsons(orjson.dumps(save.answers) for save in saves),
                jsons(orjson.dumps(_writers(save)) for save in saves),
                texts(save.tab for save in saves),
                numbers(save.sequence for save in saves),
            )
        )
        for slot in batch:
            row = rows.get(slot.sent.candidate_id.bytes)
            slot.row = _merged(*row) if row else None

    def _statement(self, server_version: int) -> str:
        return MERGE.format(alive=alive("fit.at"), most=MAX_TOTAL_BYTES)


def _merged(answers: bytes | None, sections: bytes | None, deadline: bytes | None) -> Merged:
    return Merged(answers or b"{}", sections or b"[]", moment_of(deadline or b""))


def _writers(save: PlainSave) -> dict[str, list[str | int]]:
    return {key: [save.tab, save.sequence] for key in save.answers}
