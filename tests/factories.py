"""The cast that every test shares: learners, staff, and their plans."""

from __future__ import annotations

import factory
from django.contrib.auth.models import Permission

from accounts.models import Subscription, User


class UserFactory(factory.django.DjangoModelFactory):
    """A learner on the free plan; traits `premium`, `staff`, `admin`. Password: `secret-pass-1`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True)
        admin = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.com")
    password = factory.django.Password("secret-pass-1")

    @factory.post_generation
    def plan(self, create, extracted, **kwargs):
        """`UserFactory(plan="premium")`."""
        if create:
            Subscription.objects.get_or_create(user=self, defaults={"plan": extracted or "free"})


def staff_with(*rights: str) -> User:
    """Staff who hold these permissions (`app_label.codename`) and nothing else."""
    person = UserFactory(staff=True)
    for right in rights:
        app, _, code = right.partition(".")
        person.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=code)
        )
    return person
