"""An ended interview becomes a practice log, once, when the learner has or wants the skill."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from sessions_app.interviews.services import end_session
from tests.interviews.factories import AttemptFactory, SessionFactory
from tests.tracking.factories import SkillFactory
from tracking.models import PracticeLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(owner, question):
    now = clock.now()
    session = SessionFactory(
        user=owner, category_filter="product_design", started_at=now - timedelta(minutes=24)
    )
    AttemptFactory(session=session, question=question, created_at=now - timedelta(minutes=4))
    return session


def test_without_the_skill_nothing_is_logged_until_the_offer_is_taken(client, owner, session):
    client.force_login(owner)
    client.post(f"/interviews/{session.pk}/end")
    assert not PracticeLog.objects.exists()
    assert (
        "Add it to your skills?" in client.get(f"/interviews/{session.pk}/summary").content.decode()
    )

    for _ in range(2):
        client.post(f"/interviews/{session.pk}/log")

    log = PracticeLog.objects.get()
    assert log.skill.name == "Product design interviews"
    assert log.duration_minutes == 20
    assert (log.source_kind, log.source_id) == ("interview_session", str(session.pk))
    assert (
        "20 minutes are logged" in client.get(f"/interviews/{session.pk}/summary").content.decode()
    )


def test_with_the_skill_the_end_logs_once_by_itself(owner, session):
    SkillFactory(user=owner, name="Product design interviews")

    for _ in range(2):
        end_session(user=owner, session_id=session.pk, now=clock.now())

    assert PracticeLog.objects.get().duration_minutes == 20


def test_an_interview_without_an_answer_is_not_logged(client, owner, question):
    session = SessionFactory(user=owner)
    client.force_login(owner)
    client.post(f"/interviews/{session.pk}/end")
    client.post(f"/interviews/{session.pk}/log")

    assert not PracticeLog.objects.exists()
