"""The library and a page of the workspace, from the same rows as Etude's, by Jinja2."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from bench.peer.deps import Database, OfPage
from bench.peer.models import (
    Evaluation,
    Practice,
    PracticeLog,
    PracticeMain,
    Question,
    QuestionMain,
    Submission,
    User,
)

router = APIRouter(default_response_class=HTMLResponse)
templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, user: User, streak: int, **context: Any) -> HTMLResponse:
    context |= {"user": user, "streak": streak, "token": secrets.token_urlsafe(32)}
    return HTMLResponse(templates.get_template(name).render(**context))


async def streak_of(db: AsyncSession, user: User) -> int:
    """Days in a row up to today or yesterday."""
    rows = select(distinct(PracticeLog.date_practiced)).where(PracticeLog.user_id == user.id)
    newest = await db.scalars(rows.order_by(PracticeLog.date_practiced.desc()).limit(60))
    days = {date.fromisoformat(day) for day in newest}
    day = datetime.now(UTC).date()
    if day not in days:
        day -= timedelta(days=1)
    count = 0
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count


@router.get("/practice")
async def library(db: Database, user: OfPage) -> HTMLResponse:
    counts = (
        select(Question.question_main_id, func.count().label("questions"))
        .group_by(Question.question_main_id)
        .subquery()
    )
    sets = (
        select(QuestionMain, counts.c.questions)
        .join(counts, counts.c.question_main_id == QuestionMain.id)
        .where(QuestionMain.kind == "design")
        .order_by(QuestionMain.category, QuestionMain.minutes, QuestionMain.title)
    )
    states = await _states(db, user)
    cards = [
        {"set": row, "questions": questions, **states.get(row.id, {"state": "new"})}
        for row, questions in (await db.execute(sets)).all()
    ]
    categories = sorted({card["set"].category for card in cards})
    streak = await streak_of(db, user)
    return page("library.html", user, streak, cards=cards, categories=categories)


async def _states(db: AsyncSession, user: User) -> dict[int, dict[str, Any]]:
    """Where the learner stands in each set: started, with how many answers, or done, with what
    score; the newest session of a set counts."""
    rows = (
        select(
            PracticeMain.question_main_id,
            PracticeMain.status,
            func.count(distinct(Submission.practice_id)),
            func.avg(Evaluation.overall_score),
        )
        .outerjoin(Practice, Practice.session_id == PracticeMain.id)
        .outerjoin(Submission, Submission.practice_id == Practice.id)
        .outerjoin(Evaluation, Evaluation.id == Submission.evaluation_id)
        .where(PracticeMain.user_id == user.id)
        .group_by(PracticeMain.id)
        .order_by(PracticeMain.started_at)
    )
    return {
        set_id: {
            "state": "started" if status == "practicing" else "done",
            "answered": answered,
            "score": score if status != "practicing" else None,
        }
        for set_id, status, answered, score in (await db.execute(rows)).all()
    }


@router.get("/practice/sessions/{session_id}/questions/{order}")
async def workspace(session_id: int, order: int, db: Database, user: OfPage) -> HTMLResponse:
    tries = selectinload(PracticeMain.practices).selectinload(Practice.submissions)
    rows = (
        select(PracticeMain)
        .where(PracticeMain.id == session_id, PracticeMain.user_id == user.id)
        .options(
            joinedload(PracticeMain.question_main),
            tries.joinedload(Submission.evaluation),
            selectinload(PracticeMain.practices).joinedload(Practice.question),
        )
    )
    session = await db.scalar(rows)
    practice = next((p for p in session.practices if p.order == order), None) if session else None
    if practice is None:
        raise HTTPException(404, "There is nothing here")
    at = session.practices.index(practice)
    around = {
        "previous": session.practices[at - 1] if at else None,
        "next": session.practices[at + 1] if at + 1 < len(session.practices) else None,
        "tries": _tries(practice.submissions),
        "frames": [_frame(one) for one in session.practices],
    }
    streak = await streak_of(db, user)
    return page("workspace.html", user, streak, session=session, practice=practice, **around)


def _tries(submissions: list[Submission]) -> list[dict[str, Any]]:
    """Newest first, each with the scored one before it."""
    tries: list[dict[str, Any]] = []
    before = None
    for one in reversed(submissions):
        shown = {
            "number": one.number,
            "submitted_at": one.submitted_at,
            "answer_text": one.answer_text,
            "evaluation": one.evaluation,
            "before": before,
        }
        tries.append(shown)
        before = shown if one.evaluation and one.evaluation.overall_score is not None else before
    return tries[::-1]


def _frame(practice: Practice) -> dict[str, Any]:
    name = f"{practice.order}. {practice.title}"
    place = {"x": (practice.order - 1) * 1400, "y": 0, "width": 1200, "height": 800}
    known = {"id": f"question-{practice.question_id}", "question_id": practice.question_id}
    return {**known, "order": practice.order, "name": name, **place}
