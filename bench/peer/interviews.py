"""Interview sessions: create, read, next question, attempts, end.

What an answer costs in Etude is asked of the peer too: a queued evaluation with its snapshot, the
text kept as draft, count and average rebuilt, the day's starts held against a limit.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from fastapi import APIRouter, HTTPException
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bench.peer.deps import Database, OfUser, now
from bench.peer.interview_shapes import (
    AttemptIn,
    AttemptOut,
    NextOut,
    QuestionOut,
    SessionIn,
    SessionOut,
)
from bench.peer.models import (
    Attempt,
    Evaluation,
    InterviewDraft,
    InterviewSession,
    Question,
    QuestionMain,
    User,
)

router = APIRouter(prefix="/api/sessions")
DAILY_STARTS = 1_000_000


async def own(
    db: AsyncSession, session_id: uuid.UUID, user: User, *, lock: bool = False
) -> InterviewSession:
    found = await db.get(InterviewSession, session_id, with_for_update=lock or None)
    if found is None or found.user_id != user.id:
        raise HTTPException(404, "No such session")
    return found


@router.post("", status_code=201)
async def create_session(body: SessionIn, db: Database, user: OfUser) -> SessionOut:
    at = now()
    if body.category_filter is not None:
        known = select(QuestionMain.id).where(QuestionMain.category == body.category_filter)
        if await db.scalar(known.limit(1)) is None:
            raise HTTPException(400, "No such category")
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    started = select(func.count()).select_from(InterviewSession)
    started = started.where(
        InterviewSession.user_id == user.id, InterviewSession.started_at >= midnight
    )
    if (await db.scalar(started) or 0) >= DAILY_STARTS:
        raise HTTPException(429, "Daily limit reached")
    minutes = body.timer_minutes
    session = InterviewSession(
        **body.model_dump(exclude={"id"}),
        id=body.id or uuid.uuid4(),
        user_id=user.id,
        started_at=at,
        deadline=at + timedelta(minutes=minutes) if minutes else None,
        questions_count=0,
    )
    db.add(session)
    await db.commit()
    return SessionOut.model_validate(session)


@router.get("/{session_id}")
async def read_session(session_id: uuid.UUID, db: Database, user: OfUser) -> SessionOut:
    return SessionOut.model_validate(await own(db, session_id, user))


@router.get("/{session_id}/next-question")
async def next_question(session_id: uuid.UUID, db: Database, user: OfUser) -> NextOut:
    """The question of the category that the learner has not answered for the longest time."""
    session = await own(db, session_id, user)
    answered = select(Attempt.question_id).where(Attempt.session_id == session.id)
    last = (
        select(Attempt.question_id, func.max(Attempt.created_at).label("at"))
        .join(InterviewSession, InterviewSession.id == Attempt.session_id)
        .where(InterviewSession.user_id == user.id)
        .group_by(Attempt.question_id)
        .subquery()
    )
    found = (
        select(Question)
        .join(Question.question_main)
        .outerjoin(last, last.c.question_id == Question.id)
        .options(joinedload(Question.question_main))
        .where(QuestionMain.kind == "interview", Question.id.not_in(answered))
        .order_by(last.c.at.nulls_first(), Question.id)
        .limit(1)
    )
    if session.category_filter:
        found = found.where(QuestionMain.category == session.category_filter)
    row = await db.scalar(found)
    return NextOut(question=question_out(row) if row else None)


def question_out(row: Question) -> QuestionOut:
    steps = [{"title": s["title"], "hint": s.get("hint", "")} for s in row.framework_steps]
    return QuestionOut(
        question_id=row.id,
        title=row.title,
        prompt=row.prompt,
        category=row.question_main.category,
        framework={"name": row.framework_name, "steps": steps},
    )


@router.post("/{session_id}/attempts", status_code=201)
async def add_attempt(
    session_id: uuid.UUID, body: AttemptIn, db: Database, user: OfUser
) -> AttemptOut:
    session = await own(db, session_id, user, lock=True)
    if session.ended_at is not None:
        raise HTTPException(409, "This session has ended")
    question = await db.get(Question, body.question_id)
    if question is None:
        raise HTTPException(400, "No such question")
    at = now()
    attempt = Attempt(
        **body.model_dump(),
        session_id=session.id,
        late_by_sec=max(0, int((at - session.deadline).total_seconds())) if session.deadline else 0,
        created_at=at,
        evaluation=_queued(question, body.answer_text, user, at),
    )
    db.add(attempt)
    await _keep_draft(db, session, body, at)
    await db.flush()
    await recalculate_session_stats(db, session)
    await db.commit()
    return AttemptOut.model_validate(attempt)


def _queued(question: Question, answer: str, user: User, at: datetime) -> Evaluation:
    rubric = {
        "prompt": question.prompt,
        "framework_name": question.framework_name,
        "framework_steps": question.framework_steps,
        "key_points": question.key_points,
        "sample_answer": question.sample_answer,
    }
    snapshot = {"rubric": rubric, "answer": answer}
    return Evaluation(owner_id=user.id, input=snapshot, created_at=at)


async def _keep_draft(
    db: AsyncSession, session: InterviewSession, body: AttemptIn, at: datetime
) -> None:
    where = (
        InterviewDraft.session_id == session.id,
        InterviewDraft.question_id == body.question_id,
    )
    draft = await db.scalar(select(InterviewDraft).where(*where))
    if draft is None:
        draft = InterviewDraft(session_id=session.id, question_id=body.question_id, version=0)
        db.add(draft)
    draft.answer_text, draft.version, draft.saved_at = body.answer_text, draft.version + 1, at


async def recalculate_session_stats(db: AsyncSession, session: InterviewSession) -> None:
    rows = select(Attempt.overall_score).where(Attempt.session_id == session.id)
    scores = list(await db.scalars(rows))
    scored = [score for score in scores if score is not None]
    session.questions_count = len(scores)
    session.avg_score = round(sum(scored) / len(scored), 2) if scored else None


@router.get("/{session_id}/attempts")
async def list_attempts(session_id: uuid.UUID, db: Database, user: OfUser) -> list[AttemptOut]:
    session = await own(db, session_id, user)
    rows = select(Attempt).where(Attempt.session_id == session.id).order_by(Attempt.created_at)
    rows = rows.options(joinedload(Attempt.evaluation))
    return [AttemptOut.model_validate(row) for row in await db.scalars(rows)]


@router.post("/{session_id}/end")
async def end_session(session_id: uuid.UUID, db: Database, user: OfUser) -> SessionOut:
    session = await own(db, session_id, user, lock=True)
    if session.ended_at is None:
        session.ended_at = now()
        await recalculate_session_stats(db, session)
    await db.commit()
    return SessionOut.model_validate(session)
