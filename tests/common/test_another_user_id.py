"""Another person's `user_id` is refused at every list and total."""

from __future__ import annotations

import pytest

LISTS = [
    "/api/v1/question-mains",
    "/api/v1/practice-main?question_main_id=1",
    "/api/v1/practice-history",
    "/api/v1/skills",
    "/api/v1/practice-logs",
    "/api/v1/practice-logs/export?format=csv",
    "/api/v1/evidence",
    "/api/v1/analytics",
    "/api/sessions",
]


def asking(path: str, user_id: object) -> str:
    return f"{path}{'&' if '?' in path else '?'}user_id={user_id}"


@pytest.mark.parametrize("path", LISTS)
def test_another_user_is_refused_instead_of_shown_ones_own(api, stranger, path):
    reply = api.get(asking(path, stranger.pk))

    assert reply.status_code == 403
    assert reply.json()["code"] == "forbidden"


@pytest.mark.parametrize("path", [one for one in LISTS if "practice-main?" not in one])
def test_ones_own_id_changes_nothing(api, owner, path):
    asked, plain = api.get(asking(path, owner.pk)), api.get(path)

    assert asked.status_code == plain.status_code == 200
    assert asked.getvalue() == plain.getvalue()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("user_id", ["x", "", "0", "-1", "1.5"])
def test_what_is_no_id_is_400(api, path, user_id):
    reply = api.get(asking(path, user_id))

    assert reply.status_code == 400
    assert "user_id" in reply.json()["fields"]
