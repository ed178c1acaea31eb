"""The statements that many candidates share.

Stamper and Saver take only the plain case, which is nearly every request. What finds no row there
(a test that is not live, a save that leaves a revision or goes over a limit) goes on to Django.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from common.row_limits import limit_of
from sessions_app.proctoring import rules_sql
from sessions_app.proctoring.hot.batcher import Batcher, Slot
from sessions_app.proctoring.models import SessionBeat
from sessions_app.proctoring.services.answers import MAX_ANSWERS, MAX_TOTAL_BYTES
from sessions_app.proctoring.services.devices import Device, record_sql

STAMP = """
UPDATE test_session_beat SET {stamps},
    tab = CASE WHEN sent.is_beat THEN sent.tab ELSE test_session_beat.tab END,
    sequence = CASE WHEN sent.is_beat THEN sent.sequence ELSE test_session_beat.sequence END
FROM unnest(%(candidate_id)b::uuid[], %(at)b::timestamptz[], %(active_at)b::timestamptz[],
            %(is_beat)b::bool[], %(tab)b::text[], %(sequence)b::bigint[])
    AS sent(id, at, active_at, is_beat, tab, sequence)
WHERE candidate_id = sent.id AND {alive}
RETURNING candidate_id, deadline, answers_version, {old}
"""
OLD = {True: "old.tab, old.last_heartbeat", False: "NULL::text, NULL::timestamptz"}

# Session first, then beat, as everywhere. PostgreSQL writes JSON with spaces, so its length is
# never below the length that counts; merged and written out once (OFFSET 0), the answers are long.
MERGE = """
WITH sent AS (
    SELECT * FROM unnest(%(candidate_id)b::uuid[], %(at)b::timestamptz[],
                         %(answers)b::text[]::jsonb[], %(tab)b::text[], %(sequence)b::bigint[],
                         %(step)b::text[])
        AS sent(id, at, answers, tab, sequence, step)
), stored AS (
    SELECT candidate_id, pending_answers, writers, answers_version, step_bytes FROM test_session
    WHERE candidate_id = ANY(%(candidate_id)b::uuid[]) AND status = 'active'
    ORDER BY candidate_id FOR UPDATE
), fit AS (
    SELECT sent.id, sent.at, merged.answers, merged_text.value AS text, {writers} AS writers,
        stored.answers_version + 1 AS version, sent.step,
        LEAST(stored.step_bytes + octet_length(sent.step), {most_step_bytes} + 1) AS step_bytes
    FROM stored JOIN sent ON sent.id = stored.candidate_id
    CROSS JOIN LATERAL (SELECT {answers} AS answers OFFSET 0) merged
    CROSS JOIN LATERAL (SELECT merged.answers::text AS value OFFSET 0) merged_text
    WHERE octet_length(merged_text.value) <= {most} AND NOT {replaces_another_tabs}
        AND (SELECT COUNT(*) FROM jsonb_object_keys(merged.answers)) <= {most_answers}
), stamped AS (
    UPDATE test_session_beat SET {stamps}, answers_version = fit.version
    FROM fit WHERE candidate_id = fit.id AND {alive}
    RETURNING candidate_id
), step AS (
    INSERT INTO test_session_answer_step (session_id, version, at, changes)
    SELECT fit.id, fit.version, fit.at, fit.step
    FROM fit JOIN stamped ON stamped.candidate_id = fit.id
    WHERE fit.step_bytes <= {most_step_bytes} AND fit.version <= {most_steps}
)
UPDATE test_session AS session
SET pending_answers = fit.answers, writers = fit.writers, answers_version = fit.version,
    step_bytes = fit.step_bytes, updated_at = fit.at
FROM fit JOIN stamped ON stamped.candidate_id = fit.id
WHERE session.candidate_id = fit.id
RETURNING session.candidate_id, fit.text, session.sections_completed::text, session.deadline,
    fit.version
"""


class Beat(NamedTuple):
    """One heartbeat, or one activity: `active_at` is set, and the tab that is stored stays."""

    candidate_id: UUID
    at: datetime
    active_at: datetime | None = None
    is_beat: bool = True
    tab: str = ""
    sequence: int | None = None


class Stamped(NamedTuple):
    """`old_tab` and `old_heartbeat` are None where the server is older than PostgreSQL 18."""

    deadline: datetime
    answers_version: int
    old_tab: str | None
    old_heartbeat: datetime | None


class Stamper(Batcher[Beat, Stamped]):
    make_row = Stamped

    def take(self) -> list[Slot[Beat, Stamped]]:
        """All: several of one candidate are joined."""
        batch, self._waiting = self._waiting, []
        return batch

    def statement(self, server: psycopg.Connection[Any]) -> str:
        return STAMP.format(
            stamps=rules_sql.MERGED_STAMPS.format(at="sent.at", active_at="sent.active_at"),
            alive=_alive("sent.at", server),
            old=OLD[server.info.server_version >= 180000],
        )

    def parameters(self, sent: list[Beat]) -> dict[str, list[Any]]:
        """Of one candidate's stamps: the latest moments, the tab of the latest beat."""
        joined: dict[UUID, Beat] = {}
        for beat in sent:
            other = joined.get(beat.candidate_id, beat)
            joined[beat.candidate_id] = (beat if beat.is_beat else other)._replace(
                at=max(beat.at, other.at), active_at=beat.active_at or other.active_at
            )
        return super().parameters(list(joined.values()))


class Save(NamedTuple):
    """A save of the plain kind: named tab and sequence, nothing removed, no section finished.

    `answers` is JSON already, and `step` what they change (`growth.packed`).
    """

    candidate_id: UUID
    at: datetime
    answers: str
    tab: str
    sequence: int
    step: str = "{}"


class Merged(NamedTuple):
    """The merged state; answers and sections as JSON text, ready to be sent."""

    answers: str
    sections: str
    deadline: datetime
    answers_version: int


class Saver(Batcher[Save, Merged]):
    make_row = Merged

    def statement(self, server: psycopg.Connection[Any]) -> str:
        return MERGE.format(
            answers=rules_sql.MERGED_ANSWERS,
            writers=rules_sql.MERGED_WRITERS,
            replaces_another_tabs=rules_sql.REPLACES_ANOTHER_TABS,
            most=MAX_TOTAL_BYTES,
            most_answers=MAX_ANSWERS,
            most_steps=limit_of("answer_steps"),
            most_step_bytes=limit_of("answer_step_bytes"),
            stamps=rules_sql.MERGED_STAMPS.format(at="fit.at", active_at="fit.at"),
            alive=_alive("fit.at", server),
        )


class Asked(NamedTuple):
    candidate_id: UUID


class TokenVersions(Batcher[Asked, int]):
    """The version that a candidate's token must have; None when there is no such candidate."""

    make_row = int

    def statement(self, server: psycopg.Connection[Any]) -> str:
        return "SELECT id, token_version FROM candidate WHERE id = ANY(%(candidate_id)b)"


class Devices(Batcher[Device, int]):
    """Traces of devices: 1 for each that was written."""

    make_row = int

    def statement(self, server: psycopg.Connection[Any]) -> str:
        sent = (
            "unnest(%(candidate_id)b::uuid[], %(at)b::timestamptz[], %(digest)b::text[], "
            "%(address)b::text[], %(agent)b::text[]) AS sent(id, at, digest, address, agent)"
        )
        source = f"{sent} JOIN test_session ON candidate_id = sent.id WHERE TRUE"
        return record_sql(source, at="sent.at", text="sent.{}")


def _alive(at: str, server: psycopg.Connection[Any]) -> str:
    alive = rules_sql.is_alive(rules_sql.each_row(at))
    return rules_sql.as_text(alive, model=SessionBeat, server=server)
