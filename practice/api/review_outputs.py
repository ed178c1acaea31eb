"""What the practice API answers about finished sessions: the review and the history."""

from __future__ import annotations

from evaluation.models import Evaluation
from practice.api.outputs import (
    Json,
    evaluation_brief,
    session_output,
    set_output,
    submission_output,
)
from practice.selectors.history import HistoryRow
from practice.selectors.review import Change, QuestionReview, Review, Summary, Try


def review_output(review: Review) -> Json:
    """With the samples once the session is completed."""
    revealed = review.session.is_completed
    return {
        **session_output(review.session),
        "question_main": set_output(review.question_main),
        "summary": summary_output(review.summary),
        "questions": [question_review_output(q, revealed=revealed) for q in review.questions],
        "sample_writeup": review.question_main.sample_writeup if revealed else None,
    }


def summary_output(summary: Summary) -> Json:
    return {
        "questions": summary.questions,
        "answered": summary.answered,
        "unanswered": [
            {"question_id": p.question_id, "order": p.order, "title": p.title}
            for p in summary.unanswered
        ],
        "tries": summary.tries,
        "active_seconds": summary.active_seconds,
        "average_score": summary.average_score,
        "scored": summary.scored,
        "unscored": summary.unscored,
    }


def question_review_output(question: QuestionReview, *, revealed: bool) -> Json:
    practice = question.practice
    return {
        "question_id": practice.question_id,
        "order": practice.order,
        "title": practice.title,
        "prompt": practice.prompt,
        "answer_text": practice.answer_text,
        "unsent_draft": question.unsent_draft or None,
        "active_seconds": practice.active_seconds,
        "score": question.score,
        "sample_answer": practice.question.sample_answer if revealed else None,
        "submissions": [try_output(one, practice.question_id) for one in question.tries],
    }


def try_output(one: Try, question_id: int) -> Json:
    return {
        **submission_output(one.submission, question_id),
        "evaluation": evaluation_full(one.evaluation),
        "change": change_output(one.change),
    }


def change_output(change: Change | None) -> Json | None:
    if change is None:
        return None
    return {
        "since_number": change.since_number,
        "gained": list(change.gained),
        "lost": list(change.lost),
        "scores": change.scores,
    }


def history_output(row: HistoryRow) -> Json:
    return {
        **session_output(row.session),
        "title": row.session.question_main.title,
        "category": row.session.question_main.category,
        "difficulty": row.session.question_main.difficulty,
        "questions": row.questions,
        "answered": row.score.answered,
        "unscored": row.score.unscored,
        "average_score": row.score.average,
        "active_seconds": row.active_seconds,
    }


def evaluation_full(evaluation: Evaluation | None) -> Json | None:
    if evaluation is None:
        return None
    names = (
        *("framework_score", "structure_score", "completeness_score", "strengths"),
        *("improvements", "suggested_framework", "example_point", "key_points"),
    )
    return {
        **(evaluation_brief(evaluation) or {}),
        **{name: getattr(evaluation, name) for name in names},
        "withheld_reason": evaluation.withheld_reason or None,
        "error": evaluation.error or None,
        "statement": evaluation.statement,
    }
