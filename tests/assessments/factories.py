from __future__ import annotations

import factory

from common import clock
from sessions_app.assessments.models import Assessment, Candidate
from sessions_app.assessments.services.candidates import invite


class AssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assessment

    title = factory.Sequence(lambda n: f"Backend engineer {n}")
    duration_minutes = 45


class CandidateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Candidate

    name = factory.Sequence(lambda n: f"Candidate {n}")
    email = factory.LazyAttribute(lambda o: f"{o.name.replace(' ', '').lower()}@example.com")


def token_for(candidate: Candidate) -> str:
    return invite(candidate=candidate, now=clock.now()).token
