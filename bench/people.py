"""Who presses: candidates in a running test and learners, the same on both sides."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bench.lab import SECRET

if TYPE_CHECKING:
    from bench.lab import Lab
    from sessions_app.assessments.models import Candidate

BATCH = 2000


@dataclass(frozen=True)
class Person:
    """A candidate or learner with a token for each side."""

    id: str
    etude: str
    peer: str


def jwt(subject: object) -> str:
    """What PyJWT would sign with HS256."""
    parts = [_b64(json.dumps(part).encode()) for part in ({"alg": "HS256"}, {"sub": str(subject)})]
    text = ".".join(parts)
    return f"{text}.{_b64(hmac.digest(SECRET.encode(), text.encode(), hashlib.sha256))}"


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def fill_candidates(lab: Lab, count: int, *, now: datetime, started: bool = True) -> list[Person]:
    """So many candidates, in the middle of a test of three hours or not yet started.

    Those of before are removed.
    """
    from sessions_app.assessments.models import Candidate
    from sessions_app.assessments.tokens import sign_token

    Candidate.objects.all().delete()
    people = Candidate.objects.bulk_create(
        (Candidate(name=f"Candidate {n}", email=f"c{n}@example.com") for n in range(count)),
        batch_size=BATCH,
    )
    if started:
        _start(people, now=now)
    _fill_peer_candidates(lab, [person.pk for person in people], started=started)
    for table in ("candidate", "test_session", "test_session_beat"):
        lab.sql(f"VACUUM ANALYZE {table}", database="etude")
    return [
        Person(str(p.pk), sign_token(candidate_id=p.pk, version=1, now=now), jwt(p.pk))
        for p in people
    ]


def _start(people: list[Candidate], *, now: datetime) -> None:
    from sessions_app.proctoring.models import ProctoredSession, SessionBeat

    deadline = now + timedelta(hours=3)
    ProctoredSession.objects.bulk_create(
        (
            ProctoredSession(
                candidate=person,
                test_start_time=now,
                test_duration_minutes=180,
                last_heartbeat=now,
                deadline=deadline,
                next_check_at=deadline,
            )
            for person in people
        ),
        batch_size=BATCH,
    )
    SessionBeat.objects.bulk_create(
        (SessionBeat(session_id=p.pk, last_heartbeat=now, deadline=deadline) for p in people),
        batch_size=BATCH,
    )


def _fill_peer_candidates(lab: Lab, ids: list[uuid.UUID], *, started: bool) -> None:
    listed = ",".join(f"'{one}'" for one in ids)
    lab.sql("TRUNCATE candidate, test_session, naive_session", database="peer")
    lab.sql(
        f"INSERT INTO candidate SELECT id, 'Candidate', 'c@example.com', 1 "  # noqa: S608
        f"FROM unnest(ARRAY[{listed}]::uuid[]) AS id",
        database="peer",
    )
    if started:
        lab.sql(
            "INSERT INTO test_session SELECT id, now(), 180, now(), NULL, 'active', NULL, NULL, "
            "'[]', '{}', now(), now() FROM candidate",
            database="peer",
        )
    for table in ("candidate", "test_session"):
        lab.sql(f"VACUUM ANALYZE {table}", database="peer")
