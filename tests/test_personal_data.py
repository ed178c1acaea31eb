"""Every app that holds something of a person can export it and lets it go."""

import pytest
from django.apps import apps
from django.db import models

from accounts import personal_data
from accounts.models import User
from accounts.services.own_data import delete_user, export_everything
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OURS = {"accounts", "tracking", "evaluation", "judge", "practice", "sessions_app", "diagnostics"}
# Rows of staff work: they stay, and name nobody any more.
STAFF_ROWS = models.SET_NULL


def links_to_people():
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                yield model, field


def test_every_link_to_a_person_goes_with_the_person_or_forgets_the_name():
    kept = [
        f"{model._meta.label}.{field.name}"
        for model, field in links_to_people()
        if field.remote_field.on_delete not in (models.CASCADE, STAFF_ROWS)
    ]

    assert kept == []


def test_every_app_with_rows_of_people_exports_them():
    holding = {
        model._meta.app_label
        for model, field in links_to_people()
        if field.remote_field.on_delete is models.CASCADE and model._meta.app_label in OURS
    }
    names = " ".join(holder.name for holder in personal_data.holders())

    for label in holding:
        words = {"accounts": "account", "sessions_app": "interview"}.get(label, label)
        assert words in names, f"{label} holds rows of people and registers no export"


def test_a_deleted_person_leaves_nothing():
    user = UserFactory()
    export_everything(user)

    delete_user(user=user)

    for model, field in links_to_people():
        assert not model._base_manager.filter(**{field.attname: user.pk}).exists()
