"""Export-my-data, delete-me, and the exact way back after a repair."""

from __future__ import annotations

import json

import pytest

from accounts.personal_data import whole
from common.db import snapshots
from sessions_app.interviews.models import (
    Attempt,
    FollowUp,
    InterviewDraft,
    InterviewDraftRevision,
    PracticeSession,
)
from sessions_app.interviews.services.own_data import erase_interviews, export_interviews
from tests.interviews.factories import ANSWER, AttemptFactory, FollowUpFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(owner, question):
    session = SessionFactory(user=owner, ended=True, questions_count=1, avg_score=6.0)
    AttemptFactory(session=session, question=question, overall_score=6.0)
    draft = InterviewDraft.objects.create(session=session, question=question, answer_text="now")
    draft.revisions.create(answer_text="before", version=1, saved_at=session.started_at)
    reply = FollowUpFactory(attempt=session.attempts.get(), answer_text="I would stop")
    reply.revisions.create(answer_text="never", version=1, saved_at=session.started_at)
    return session


def test_the_export_has_every_word(owner, session):
    data = whole(export_interviews(owner))

    text = json.dumps(data)
    assert data[0]["session_id"] == str(session.pk)
    for word in (ANSWER, "now", "before", "I would stop", "never"):
        assert word in text


def test_a_running_mock_exports_answers_without_scores(owner, question):
    session = SessionFactory(user=owner, mode="mock", avg_score=6.0)
    AttemptFactory(session=session, question=question, overall_score=6.0)

    exported = whole(export_interviews(owner))[0]

    assert exported["avg_score"] is None
    assert "overall_score" not in exported["attempts"][0]


def test_erasing_takes_ones_own_and_nothing_else(owner, session, stranger, question):
    AttemptFactory(session__user=stranger, question=question)

    erase_interviews(owner)

    assert not PracticeSession.objects.filter(user=owner).exists()
    assert Attempt.objects.count() == 1
    assert not InterviewDraft.objects.exists()
    assert not InterviewDraftRevision.objects.exists()
    assert not FollowUp.objects.exists()


def test_rows_come_back_as_they_were(session):
    models = (PracticeSession, Attempt, InterviewDraft, InterviewDraftRevision, FollowUp)
    before = [snapshots.take(row) for model in models for row in model.objects.all()]
    session.delete()

    snapshots.insert(snapshots.load(before))

    assert [snapshots.take(row) for model in models for row in model.objects.all()] == before
