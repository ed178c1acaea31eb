"""Deleting a session with its evidence, and bringing both back."""

from tests.tracking.bodies import LOGS
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory
from tracking.models import Evidence


def test_deleting_a_log_deletes_its_evidence_and_restoring_brings_both_back(api, skill):
    log = PracticeLogFactory(skill=skill)
    EvidenceFactory(skill=skill, log=log)
    general = EvidenceFactory(skill=skill)
    before = api.get(f"{LOGS}/{log.pk}").json()

    assert api.delete(f"{LOGS}/{log.pk}").status_code == 204
    assert list(Evidence.objects.all()) == [general]
    assert api.delete(f"{LOGS}/{log.pk}").status_code == 404

    assert api.post(f"{LOGS}/{log.pk}/restore").json() == before
    assert Evidence.objects.count() == 2


def test_a_log_is_not_restored_to_a_skill_that_is_gone(api, skill):
    log = PracticeLogFactory(skill=skill)
    api.delete(f"{LOGS}/{log.pk}")
    api.delete(f"/api/v1/skills/{skill.pk}")

    refused = api.post(f"{LOGS}/{log.pk}/restore")
    assert refused.status_code == 409
    assert "skill" in refused.json()["error"]
    assert api.post(f"/api/v1/skills/{skill.pk}/restore").status_code == 200
    assert api.post(f"{LOGS}/{log.pk}/restore").status_code == 200
