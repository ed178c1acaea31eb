from __future__ import annotations

from datetime import timedelta

import factory

from common import clock
from judge.models import CodeRun
from sessions_app.assessments.models import CodingQuestion
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionRun
from sessions_app.proctoring.rules import DEADLINE_GRACE
from tests.assessments.factories import CandidateFactory
from tests.judge.factories import ask


class SessionFactory(factory.django.DjangoModelFactory):
    """A running test that started 10 minutes ago and beat just now; `beat=False` for no row."""

    class Meta:
        model = ProctoredSession
        skip_postgeneration_save = True

    class Params:
        completed = factory.Trait(
            status="completed",
            completion_method="manual",
            completed_at=factory.LazyFunction(clock.now),
            next_check_at=None,
        )
        left = factory.Trait(
            status="abandoned",
            completion_method="tab_close",
            left_at=factory.LazyFunction(clock.now),
            next_check_at=None,
        )
        timed_out = factory.Trait(
            status="abandoned", completion_method="heartbeat_timeout", next_check_at=None
        )

    candidate = factory.SubFactory(CandidateFactory)
    test_start_time = factory.LazyFunction(lambda: clock.now() - timedelta(minutes=10))
    deadline = factory.LazyAttribute(lambda o: o.test_start_time + timedelta(minutes=60))
    next_check_at = factory.LazyAttribute(lambda o: o.deadline + DEADLINE_GRACE)
    last_heartbeat = factory.LazyFunction(clock.now)

    @factory.post_generation
    def beat(self, create, extracted, **kwargs):
        """`SessionFactory(beat={"last_heartbeat": …})`; only active tests have a beat row."""
        if create and self.status == "active" and extracted is not False:
            values = {"last_heartbeat": self.last_heartbeat, "deadline": self.deadline}
            SessionBeat.objects.create(session=self, **{**values, **(extracted or {}), **kwargs})


def run_of(session: ProctoredSession, question: CodingQuestion | None = None) -> SessionRun:
    """A run of samples that waits in the queue."""
    run = ask(kind="test_sample", priority=CodeRun.Priority.INTERACTIVE)
    question = question or CodingQuestion.objects.order_by("slug").first()
    return SessionRun.objects.create(
        session=session, question=question, kind="sample", run=run, created_at=clock.now()
    )
