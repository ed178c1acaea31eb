"""What the practice API answers: plain values from models and selectors."""

from __future__ import annotations

from typing import Any

from evaluation.models import Evaluation
from practice.models import (
    DraftRevision,
    DraftRevisionHistory,
    Question,
    QuestionMain,
    Submission,
    SubmissionHistory,
)
from practice.selectors.progress import Progress
from practice.selectors.sessions import AnyBoardRevision, AnyPractice, AnySession

Json = dict[str, Any]


def set_output(row: QuestionMain) -> Json:
    return {
        "question_main_id": row.pk,
        "id": row.pk,
        "slug": row.slug,
        "title": row.title,
        "kind": row.kind,
        "category": row.category,
        "difficulty": row.difficulty,
        "minutes": row.minutes,
        "summary": row.summary,
    }


def set_detail_output(row: QuestionMain, questions: list[Question], *, revealed: bool) -> Json:
    """With `revealed` (the learner completed the set once) also the samples, else null."""
    return {
        **set_output(row),
        "sample_writeup": row.sample_writeup if revealed else None,
        "questions": [set_question_output(q, revealed=revealed) for q in questions],
    }


def set_question_output(question: Question, *, revealed: bool) -> Json:
    return {
        "question_id": question.pk,
        "id": question.pk,
        "order": question.order,
        "slug": question.slug,
        "title": question.title,
        "prompt": question.prompt,
        "framework": framework_output(question),
        "sample_answer": question.sample_answer if revealed else None,
    }


def framework_output(question: Question) -> Json:
    steps = question.framework_steps
    return {
        "name": question.framework_name,
        "steps": [{"title": s["title"], "hint": s.get("hint", "")} for s in steps],
    }


def bank_question_output(question: Question) -> Json:
    return {
        "question_id": question.pk,
        "id": question.pk,
        "title": question.title,
        "prompt": question.prompt,
        "category": question.question_main.category,
        "difficulty": question.question_main.difficulty,
        "question_main_id": question.question_main_id,
        "framework": framework_output(question),
    }


def session_output(session: AnySession) -> Json:
    return {
        "practice_main_id": session.pk,
        "id": session.pk,
        "user_id": session.user_id,
        "question_main_id": session.question_main_id,
        "status": session.status,
        "started_at": session.started_at,
        "completed_at": session.completed_at,
    }


def session_detail_output(session: AnySession, progress: Progress) -> Json:
    first = progress.first_incomplete
    return {
        **session_output(session),
        "progress": [
            {
                "question_id": dot.question_id,
                "order": dot.order,
                "title": dot.title,
                "has_submission": dot.has_submission,
                "score": dot.score,
            }
            for dot in progress.dots
        ],
        "first_incomplete_question_id": first.question_id if first else None,
    }


def draft_output(practice: AnyPractice) -> Json:
    return {
        "question_id": practice.question_id,
        "answer_text": practice.answer_text,
        "version": practice.version,
        "saved_at": practice.saved_at,
    }


def revision_output(revision: DraftRevision | DraftRevisionHistory) -> Json:
    return {**kept_output(revision), "answer_text": revision.answer_text}


def kept_output(revision: DraftRevision | DraftRevisionHistory | AnyBoardRevision) -> Json:
    """What was replaced and when; the text or the scene (up to 2 MB) comes on top where wanted."""
    return {
        "revision_id": revision.pk,
        "id": revision.pk,
        "version": revision.version,
        "conflict": revision.conflict,
        "late": revision.late,
        "saved_at": revision.saved_at,
    }


def board_output(session: AnySession) -> Json:
    board = getattr(session, "board", None)
    if board is None:
        return {"scene": None, "version": 0, "saved_at": None}
    return {"scene": board.scene, "version": board.version, "saved_at": board.saved_at}


def evaluation_brief(evaluation: Evaluation | None) -> Json | None:
    if evaluation is None:
        return None
    return {
        "evaluation_id": evaluation.pk,
        "status": evaluation.status,
        "provider": evaluation.provider,
        "band": evaluation.band or None,
        "overall_score": evaluation.overall_score,
    }


def submission_output(submission: Submission | SubmissionHistory, question_id: int) -> Json:
    return {
        "submission_id": submission.pk,
        "id": submission.pk,
        "question_id": question_id,
        "number": submission.number,
        "answer_text": submission.answer_text,
        "diagram": submission.diagram,
        "submitted_at": submission.submitted_at,
        "evaluation": evaluation_brief(submission.evaluation),
    }
