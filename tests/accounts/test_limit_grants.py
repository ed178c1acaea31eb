"""The fourth start of a day: refused in words a person can use, until staff grant one more."""

from django.test import Client
from django.urls import reverse

from accounts.models import LimitGrant
from common import clock
from tests.factories import UserFactory
from tests.practice.factories import make_set


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def start(client, row):
    return client.post(f"/practice/{row.slug}/start")


def test_the_fourth_start_is_refused_in_the_learners_own_time_and_a_grant_lets_it_in(db, staff):
    user = UserFactory(timezone="Pacific/Kiritimati")
    learner = signed_in(user)
    rows = [make_set(1) for _ in range(4)]
    assert [start(learner, row).status_code for row in rows[:3]] == [302] * 3

    refused = start(learner, rows[3])
    words = refused.content.decode()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "You have used your 3 practice sets of today. More from 14:00 on " in words
    assert "(Pacific/Kiritimati)" in words
    assert "What you have used" in words
    assert "Report this" in words

    granted = signed_in(staff).post(
        reverse("admin:accounts_limitgrant_add"),
        {"user": user.pk, "kind": "practice_start", "extra": 1, "until": clock.now().date()},
    )
    assert granted.status_code == 302
    assert LimitGrant.objects.get().granted_by == staff

    assert "3 of 4" in learner.get("/account").content.decode()
    assert start(learner, rows[3]).status_code == 302
    assert "4 of 4" in learner.get("/account").content.decode()
