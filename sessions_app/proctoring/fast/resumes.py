"""`POST /api/test-session` for a test that is live: the page was opened again, nothing is due.

`services.starting.resume_live` in one statement that many share. A first start, and every test that
is not live, finds no row here and goes on to Django.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson
import psycopg
from django.conf import settings

from common import clock
from common.clock import iso
from sessions_app.assessments.rules import MAX_MINUTES
from sessions_app.proctoring.api.output import session_body
from sessions_app.proctoring.fast.arrays import moment_of, moments, numbers, texts, uuids
from sessions_app.proctoring.fast.bodies import LONGEST_BEAT, Environ, is_json, read_json, sender_of
from sessions_app.proctoring.fast.callers import caller_of
from sessions_app.proctoring.fast.queue import Coalescer, Slot
from sessions_app.proctoring.fast.tokens import TokenCache
from sessions_app.proctoring.fast.writer import alive
from sessions_app.proctoring.fast.wsgi import HEADERS, Application
from sessions_app.proctoring.models import ProctoredSession, SessionBeat
from sessions_app.proctoring.pulse import pulse
from sessions_app.proctoring.states import Status

log = logging.getLogger(__name__)

PATH = "/api/test-session"
PRIVATE = ("Cache-Control", "private, no-store")
# In the order of their ids, as every other writer of beats: nobody waits for another in a ring.
RESUME = """
WITH sent AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::bigint[])
        AS sent(id, at, tab, sequence)
), locked AS (
    SELECT beat.candidate_id FROM test_session_beat AS beat JOIN sent ON sent.id = beat.candidate_id
    WHERE {alive} ORDER BY beat.candidate_id FOR NO KEY UPDATE OF beat
)
UPDATE test_session_beat AS beat SET
    last_heartbeat = GREATEST(beat.last_heartbeat, sent.at),
    tab = sent.tab, sequence = sent.sequence
FROM locked JOIN sent ON sent.id = locked.candidate_id
    JOIN test_session AS session ON session.candidate_id = sent.id
        AND session.status = 'active' AND session.voided_at IS NULL
WHERE beat.candidate_id = sent.id
RETURNING beat.candidate_id, beat.last_heartbeat, beat.last_activity, session.deadline,
    session.test_start_time, session.created_at, session.updated_at, session.left_at,
    session.test_duration_minutes, session.sections_completed::text, session.pending_answers::text
"""


@dataclass(frozen=True)
class Resume:
    candidate_id: UUID
    at: datetime
    tab: str
    sequence: int | None


class Live:
    """A live test as `session_body` reads one; sections and answers are JSON already."""

    status, completion_method, completed_at, voided_at = Status.ACTIVE.value, None, None, None

    def __init__(self, candidate_id: UUID, row: list[bytes | None]) -> None:
        self.pk = candidate_id
        (
            self.last_heartbeat, self.last_activity, self.deadline, self.test_start_time,
            self.created_at, self.updated_at, self.left_at,
        ) = (None if raw is None else moment_of(raw) for raw in row[:7])  # fmt: skip
        minutes, sections, answers = (raw or b"" for raw in row[7:])
        self.test_duration_minutes = int.from_bytes(minutes)
        self.sections_completed = orjson.Fragment(sections)
        self.pending_answers = orjson.Fragment(answers)


class Resumer(Coalescer[Resume, Live]):
    def __init__(self, *, on_resumed: Callable[[int], object]) -> None:
        super().__init__()
        self.on_resumed = on_resumed

    def _fill(self, batch: list[Slot[Resume, Live]]) -> None:
        last = {slot.sent.candidate_id: slot.sent for slot in batch}
        resumes = [last[key] for key in sorted(last)]
        rows = self._execute(
            (
                uuids(resume.candidate_id for resume in resumes),
                moments(resume.at for resume in resumes),
                texts(resume.tab for resume in resumes),
                numbers(resume.sequence for resume in resumes),
            )
        )
        for slot in batch:
            row = rows.get(slot.sent.candidate_id.bytes)
            slot.row = Live(slot.sent.candidate_id, row) if row else None
        if rows:
            self.on_resumed(sum(slot.row is not None for slot in batch))

    def _statement(self, server_version: int) -> str:
        return RESUME.format(alive=alive("sent.at"))


class FastResumes:
    """Answers plain resumes; hands everything else to `application`, whose answer counts itself.

    `on_resumed` is told how many were answered here.
    """

    def __init__(self, application: Application, *, on_resumed: Callable[[int], object]) -> None:
        self.application = application
        self.resumer = Resumer(on_resumed=on_resumed)
        self.tokens = TokenCache(self.resumer)
        self.answered = 0

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        is_start = environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO") == PATH
        body = self._answer(environ) if is_start else None
        if body is None:
            return self.application(environ, start_response)
        self.answered += 1
        start_response("200 OK", [*HEADERS, PRIVATE, ("Content-Length", str(len(body)))])
        return [body]

    def close(self) -> None:
        self.resumer.close()

    def _answer(self, environ: Environ) -> bytes | None:
        try:
            candidate_id = caller_of(environ, self.tokens) if _is_plain(environ) else None
            if candidate_id is None:
                return None
            pulse.ensure()
            resume = _resume(read_json(environ, longest=LONGEST_BEAT), candidate_id)
            live = None if resume is None else self.resumer.write(resume)
            return None if resume is None or live is None else _body(live, now=resume.at)
        except (psycopg.Error, ValueError) as error:
            log.warning("left to Django: %s", error)
            return None


def _is_plain(environ: Environ) -> bool:
    """JSON without a key."""
    return "HTTP_IDEMPOTENCY_KEY" not in environ and is_json(environ)


def _resume(sent: Any, candidate_id: UUID) -> Resume | None:
    """What `StartInput` takes without a word, for the caller's own test."""
    sender = sender_of(sent) if sent else None
    if sender is None or sent.get("candidate_id") != str(candidate_id):
        return None
    minutes = sent.get("test_duration_minutes")
    if minutes is not None and not (type(minutes) is int and 1 <= minutes <= MAX_MINUTES):
        return None
    return Resume(candidate_id, clock.now(), *sender)


def _body(live: Live, *, now: datetime) -> bytes:
    session = session_body(cast(ProctoredSession, live), cast(SessionBeat, live))
    return orjson.dumps({"success": True, "session": session, "server_time": iso(now)})


def with_fast_resumes(
    application: Application, *, on_resumed: Callable[[int], object]
) -> Application:
    """As `with_fast_beats`: where it is on and possible."""
    is_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    if not (settings.FAST_BEATS and is_postgres):
        return application
    return FastResumes(application, on_resumed=on_resumed)
