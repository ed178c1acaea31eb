"""Export-my-data and delete-me cover everything that this app holds about a person."""

import json

from django.apps import apps

from accounts.services.own_data import delete_user, export_everything
from common.http.json import JSONRenderer
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory
from tests.tracking.files import bring, csv_of, row
from tracking.models import ImportPlan, PracticeLog, Skill, Trash
from tracking.services import own_data


def test_every_model_with_a_user_is_exported_and_erased():
    with_user = {
        model
        for model in apps.get_app_config("tracking").get_models()
        if any(field.name == "user" for field in model._meta.get_fields())
    }

    assert with_user == {*own_data.HELD, ImportPlan}


def test_leaving_takes_everything_and_touches_nobody_else(api, owner):
    log = PracticeLogFactory(skill__user=owner, skill__name="React")
    EvidenceFactory(skill=log.skill, log=log)
    bring(api, csv_of(row(1)), dry_run="false")
    api.delete(f"/api/v1/practice-logs/{log.pk}")
    other = PracticeLogFactory()

    document = json.loads(JSONRenderer().render(export_everything(owner)["tracking"]))
    assert document["skill"][0]["name"] == "React"
    assert len(document["practicelog"]) == 1
    assert document["trash"][0]["rows"][0]["pk"] == log.pk
    assert document["importplan"][0]["status"] == "applied"

    delete_user(user=owner)
    assert list(PracticeLog.objects.all()) == [other]
    assert list(Skill.objects.all()) == [other.skill]
    assert not ImportPlan.objects.exists()
    assert not Trash.objects.exists()


def test_the_console_shows_the_record_and_changes_nothing(client, staff):
    log = PracticeLogFactory()
    client.force_login(staff)

    for name in (
        "skill",
        "practicelog",
        "evidence",
        "streakpause",
        "importplan",
        "mailsent",
        "trash",
    ):
        assert client.get(f"/admin/tracking/{name}/").status_code == 200, name
        assert client.get(f"/admin/tracking/{name}/add/").status_code == 403
    page = client.get(f"/admin/tracking/practicelog/{log.pk}/change/")
    assert page.status_code == 200
    assert client.post(f"/admin/tracking/practicelog/{log.pk}/change/", {}).status_code == 403
