from __future__ import annotations

from datetime import date

import factory

from common import clock
from tests import NOW
from tests.factories import UserFactory
from tracking.models import Evidence, PracticeLog, Skill
from tracking.names import name_key

HTMX = {"HX-Request": "true"}


def today() -> date:
    """Of people in UTC, by the clock on the wall."""
    return clock.now().date()


class SkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Skill

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Skill {n}")
    name_key = factory.LazyAttribute(lambda o: name_key(o.name))
    created_at = NOW


class PracticeLogFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PracticeLog

    skill = factory.SubFactory(SkillFactory)
    user = factory.SelfAttribute("skill.user")
    zone = "UTC"
    date_practiced = date(2026, 3, 1)
    duration_minutes = 30
    description = "Built a small thing"
    created_at = NOW
    updated_at = NOW


class EvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Evidence

    skill = factory.SubFactory(SkillFactory)
    user = factory.SelfAttribute("skill.user")
    evidence_type = "note"
    content = "What I learned"
    created_at = NOW
