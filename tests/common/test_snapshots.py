"""A row comes back exactly as it was, from a snapshot of today and from one of older versions."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Subscription
from common.db import snapshots
from common.models import IdempotencyKey
from sessions_app.interviews.models import PracticeSession
from sessions_app.proctoring.models import SessionBeat
from tests.factories import UserFactory
from tests.proctoring.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MOMENT = datetime(2026, 2, 28, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def key(db):
    return IdempotencyKey.objects.create(
        principal="user:1",
        method="POST",
        path="/x",
        key="k",
        body_hash="h",
        response=b"\x00\xff",
        created_at=MOMENT,
    )


def stored(snapshot):
    return json.loads(json.dumps(snapshot))


def test_a_deleted_row_comes_back_exactly(key):
    before = snapshots.take(key)
    key.delete()

    snapshots.insert(snapshots.load([stored(before)]))

    row = IdempotencyKey.objects.get()
    assert snapshots.take(row) == before
    assert (row.created_at, bytes(row.response)) == (MOMENT, b"\x00\xff")


def test_uuids_json_and_a_key_that_is_another_row_come_back(owner):
    session = PracticeSession.objects.create(
        id=uuid.uuid4(), user=owner, started_at=MOMENT, last_activity_at=MOMENT, plan=[3, {"a": 1}]
    )
    beat = SessionFactory().beat
    before = [snapshots.take(row) for row in (session, beat)]
    beat.delete()
    session.delete()

    snapshots.insert(snapshots.load(stored(before)))

    rows = (PracticeSession.objects.get(), SessionBeat.objects.get())
    assert [snapshots.take(row) for row in rows] == before


def test_an_existing_row_is_overwritten_without_touching_its_stamps():
    subscription = Subscription.objects.get(user=UserFactory())
    before = snapshots.take(subscription)
    subscription.plan = "premium"
    subscription.save()

    snapshots.overwrite(snapshots.load([before]))

    assert snapshots.fetch("accounts.Subscription", [subscription.pk]) == [before]


def test_neither_writing_does_the_work_of_the_other(key):
    rows = snapshots.load([snapshots.take(key)])

    with pytest.raises(IntegrityError), transaction.atomic():
        snapshots.insert(rows)
    key.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        snapshots.overwrite(rows)


def test_any_change_changes_the_fingerprint():
    subscription = Subscription.objects.get(user=UserFactory())
    before = snapshots.fingerprint([snapshots.take(subscription)])
    subscription.status = "expired"
    subscription.save()

    assert snapshots.fingerprint([snapshots.take(subscription)]) != before


def test_a_snapshot_by_column_names_is_read_as_before():
    subscription = Subscription.objects.get(user=UserFactory())
    before = snapshots.take(subscription)
    columns = {f.name: f.attname for f in Subscription._meta.concrete_fields}
    fields = {columns[name]: value for name, value in before["fields"].items()}
    old = {**before, "fields": {"id": subscription.pk, **fields}}
    assert "user_id" in old["fields"]
    subscription.delete()

    snapshots.insert(snapshots.load([old]))

    assert snapshots.fetch("accounts.Subscription", [before["pk"]]) == [before]
    assert snapshots.fingerprint([old]) == snapshots.fingerprint([before])
