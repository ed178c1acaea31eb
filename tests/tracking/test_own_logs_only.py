"""§10: everyone sees and fills only what is theirs."""

import pytest

from tests.tracking.bodies import LOGS, body_for
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import PracticeLog


def test_practice_is_logged_on_ones_own_skills_only(api, skill):
    foreign = SkillFactory()

    for wrong in (foreign.pk, 10**9, 10**30, "abc", None, True):
        refused = api.post(LOGS, body_for(skill, skill_id=wrong))
        assert refused.status_code == 400
        assert "skill_id" in refused.json()["fields"]


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_log_is_404(api_for, stranger, method):
    log = PracticeLogFactory()
    client = api_for(stranger)

    assert getattr(client, method)(f"{LOGS}/{log.pk}").status_code == 404
    assert client.post(f"{LOGS}/{log.pk}/restore").status_code == 404
    assert PracticeLog.objects.filter(pk=log.pk).exists()


def test_not_even_staff_read_a_learners_logs_here(api_for, staff):
    log = PracticeLogFactory()

    assert api_for(staff).get(f"{LOGS}/{log.pk}").status_code == 404
    assert api_for(staff).get(LOGS).json()["results"] == []
