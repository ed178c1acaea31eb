"""The documented shapes are the answered shapes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers

from common.http.outputs import page_of, schema_of
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory
from tests.tracking.files import IMPORT, csv_of, row
from tracking.api import outputs


def assert_shape(serializer, data, where=""):
    serializer = serializer() if isinstance(serializer, type) else serializer
    if isinstance(serializer, serializers.ListSerializer):
        for item in data:
            assert_shape(serializer.child, item, f"{where}[]")
        return
    if isinstance(serializer, serializers.Serializer):
        if data is None:
            assert serializer.allow_null, where
            return
        assert set(data) == set(serializer.fields), where
        for name, field in serializer.fields.items():
            assert_shape(field, data[name], f"{where}.{name}")
        return
    if data is None:
        assert serializer.allow_null, f"{where} is null"


@pytest.fixture
def log(owner):
    log = PracticeLogFactory(skill__user=owner, skill__name="React")
    EvidenceFactory(skill=log.skill, log=log)
    EvidenceFactory(
        skill=log.skill,
        evidence_type="screenshot",
        content="",
        filename="x.png",
        uploaded_at=log.created_at,
    )
    return log


def test_each_answer_has_the_documented_fields(api, log):
    for path, shape in [
        ("skills", page_of(outputs.SkillOutput)),
        (f"skills/{log.skill_id}", schema_of(outputs.SkillOutput)),
        (f"skills/{log.skill_id}/progress", schema_of(outputs.ProgressOutput)),
        (f"skills/{log.skill_id}/timeline", schema_of(outputs.TimelineOutput)),
        ("practice-logs", page_of(outputs.PracticeLogOutput)),
        (f"practice-logs/{log.pk}", schema_of(outputs.PracticeLogOutput)),
        ("evidence", page_of(outputs.EvidenceOutput)),
        ("analytics", schema_of(outputs.AnalyticsOutput)),
    ]:
        answer = api.get(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert_shape(shape, answer.json(), path)


def test_so_has_a_plan(api, log):
    upload = SimpleUploadedFile("p.csv", csv_of(row(1), row(2, date="03/04/2026")))

    assert_shape(
        schema_of(outputs.ImportPlanOutput),
        api.post(IMPORT, {"file": upload}, format="multipart").json(),
    )


def test_the_schema_names_every_path(anonymous_api, db):
    text = anonymous_api.get("/api/schema").content.decode()

    for path in ("skills/{id}/progress", "practice-logs/quick", "practice-logs/import/{id}/undo"):
        assert f"/api/v1/{path}" in text
    assert "multipart/form-data" in text
