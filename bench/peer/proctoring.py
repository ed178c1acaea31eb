"""Heartbeat and progress of a proctored test, as its document asks for them."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.peer.deps import Database, OfCandidate, now
from bench.peer.models import Candidate, NaiveSession, ProctoredSession

router = APIRouter(prefix="/api/test-session")


class Progress(BaseModel):
    sections_completed: list[str] = Field(default_factory=list)
    pending_answers: dict[str, str | dict[str, Any] | None] = Field(default_factory=dict)


class Start(BaseModel):
    candidate_id: uuid.UUID
    test_duration_minutes: int = Field(default=60, ge=1, le=480)


@router.post("")
async def start(body: Start, db: Database, candidate: OfCandidate) -> dict[str, Any]:
    """The usual spelling: look whether there is one, and insert when there is none."""
    if candidate.id != body.candidate_id:
        raise HTTPException(404, "No such test")
    rows = select(NaiveSession).where(
        NaiveSession.candidate_id == candidate.id, NaiveSession.status == "active"
    )
    test = (await db.scalars(rows)).first()
    at = now()
    if test is None:
        minutes = body.test_duration_minutes
        test = NaiveSession(
            candidate_id=candidate.id,
            test_start_time=at,
            test_duration_minutes=minutes,
            status="active",
            sections_completed=[],
            pending_answers={},
        )
        db.add(test)
    test.last_heartbeat = at
    await db.commit()
    return {"success": True, "session": as_json(test)}


def as_json(test: NaiveSession) -> dict[str, Any]:
    return {
        "candidate_id": test.candidate_id,
        "test_start_time": test.test_start_time,
        "test_duration_minutes": test.test_duration_minutes,
        "last_heartbeat": test.last_heartbeat,
        "status": test.status,
        "sections_completed": test.sections_completed,
        "pending_answers": test.pending_answers,
    }


async def live(
    db: AsyncSession, candidate_id: uuid.UUID, candidate: Candidate, *, lock: bool = False
) -> ProctoredSession:
    if candidate.id != candidate_id:
        raise HTTPException(404, "No such test")
    found = await db.get(ProctoredSession, candidate_id, with_for_update=lock or None)
    if found is None:
        raise HTTPException(404, "No such test")
    if found.status != "active":
        raise HTTPException(409, "This test has ended")
    return found


@router.put("/{candidate_id}/heartbeat")
async def heartbeat(
    candidate_id: uuid.UUID, db: Database, candidate: OfCandidate
) -> dict[str, Any]:
    test = await live(db, candidate_id, candidate)
    test.last_heartbeat = now()
    await db.commit()
    return {"success": True, "last_heartbeat": test.last_heartbeat}


@router.put("/{candidate_id}/progress")
async def progress(
    candidate_id: uuid.UUID, body: Progress, db: Database, candidate: OfCandidate
) -> dict[str, Any]:
    """Merged by key under the row's lock, so that two tabs do not erase each other."""
    test = await live(db, candidate_id, candidate, lock=True)
    merged = {**test.pending_answers, **body.pending_answers}
    test.pending_answers = {key: value for key, value in merged.items() if value is not None}
    sections = [*test.sections_completed, *body.sections_completed]
    test.sections_completed = list(dict.fromkeys(sections))
    test.last_heartbeat = test.last_activity = test.updated_at = now()
    await db.commit()
    return {
        "success": True,
        "sections_completed": test.sections_completed,
        "pending_answers": test.pending_answers,
    }
