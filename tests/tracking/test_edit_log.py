"""Editing a session: what may change and what may not, by the limits of §7."""

import pytest

from tests.tracking.bodies import LOGS, body_for
from tests.tracking.factories import SkillFactory


def test_what_may_change_changes(api, skill):
    pk = api.post(LOGS, body_for(skill)).json()["id"]
    changes = {
        "date_practiced": "2026-02-28",
        "duration_minutes": 15,
        "description": "  Something else entirely ",
        "difficulty_rating": 5,
        "confidence_rating": 1,
    }

    changed = api.patch(f"{LOGS}/{pk}", changes)
    assert changed.status_code == 200
    expected = {**changes, "description": "Something else entirely"}
    assert {name: changed.json()[name] for name in expected} == expected
    assert (
        api.patch(f"{LOGS}/{pk}", {"difficulty_rating": None}).json()["difficulty_rating"] is None
    )


@pytest.mark.parametrize("name", ["skill_id", "user_id", "created_at"])
def test_what_may_not_change_is_400_and_changes_nothing(api, owner, skill, name):
    log = api.post(LOGS, body_for(skill)).json()
    value = {"skill_id": SkillFactory(user=owner).pk, "user_id": owner.pk}.get(
        name, log["created_at"]
    )

    refused = api.patch(f"{LOGS}/{log['id']}", {name: value, "duration_minutes": 5})
    assert refused.status_code == 400
    assert refused.json()["fields"] == {name: ["This cannot be changed."]}
    assert api.get(f"{LOGS}/{log['id']}").json() == log


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_minutes": 0},
        {"duration_minutes": 1441},
        {"duration_minutes": None},
        {"description": "x" * 9},
        {"description": "x" * 501},
        {"date_practiced": "2999-01-01"},
        {"difficulty_rating": 6},
        {"confidence_rating": 0},
        [],
        "text",
    ],
)
def test_an_edit_obeys_the_same_limits(api, skill, changes):
    log = api.post(LOGS, body_for(skill)).json()

    assert api.patch(f"{LOGS}/{log['id']}", changes).status_code == 400
    assert api.get(f"{LOGS}/{log['id']}").json() == log
