"""The demo cast: learner (premium), learner2 (free), staff. Only with DEBUG."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Subscription, User
from accounts.services.people import ensure_subscription, grant_plan

DEMO_PASSWORD = "etude-demo-people"  # noqa: S105 - printed at start, exists only with DEBUG
CAST = [
    ("learner", "Ana", Subscription.Plan.PREMIUM, False),
    ("learner2", "Ben", Subscription.Plan.FREE, False),
    ("staff", "Sam", Subscription.Plan.FREE, True),
]


@transaction.atomic(durable=True)
def ensure_demo_people() -> list[User]:
    """Create who is missing; existing people keep their settings."""
    people = []
    for username, first_name, plan, is_staff in CAST:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(
                username=username,
                email=f"{username}@example.com",
                password=DEMO_PASSWORD,
                first_name=first_name,
                is_staff=is_staff,
                is_superuser=is_staff,
            )
            grant_plan(user=user, plan=plan)
        ensure_subscription(user=user)
        people.append(user)
    return people
