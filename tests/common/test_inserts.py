"""Of rows with the same key one is inserted, and the others learn so without an error."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.db import connection, transaction
from django.forms.models import model_to_dict

from accounts.models import DailyUsage
from common.db import insert_if_absent
from sessions_app.interviews.models import PracticeSession
from tests import NOW
from tests.threads import run_together


def usage(user, taken):
    return DailyUsage(user=user, day=NOW.date(), kind="evaluation", taken=taken)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_of_two_rows_with_one_key_the_first_stays(owner):
    first, second = usage(owner, 1), usage(owner, 2)

    with transaction.atomic():
        assert insert_if_absent(first) is True
        assert insert_if_absent(second) is False

    assert first.pk is not None
    assert second.pk is None
    assert DailyUsage.objects.get() == first
    assert DailyUsage.objects.get().taken == 1


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_given_key_and_json_are_written_as_they_are(owner):
    wanted = PracticeSession(
        id=uuid.uuid4(), user=owner, started_at=NOW, last_activity_at=NOW, plan=[3, 1]
    )

    assert insert_if_absent(wanted) is True
    assert insert_if_absent(wanted) is False

    stored = PracticeSession.objects.get()
    assert model_to_dict(stored) == model_to_dict(wanted)
    assert (stored.pk, stored.plan, stored.started_at) == (wanted.pk, [3, 1], NOW)
    assert wanted._state.adding is False


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_inserts(owner):
    calls = [partial(insert_if_absent, usage(owner, n)) for n in range(12)]

    assert sorted(run_together(calls)) == [False] * 11 + [True]
    assert DailyUsage.objects.count() == 1
