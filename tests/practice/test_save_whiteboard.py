"""The board: versioned saves, kept scenes, limits."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from practice.models import WhiteboardRevision, WhiteboardRevisionHistory
from practice.services.completion import complete_session
from practice.services.whiteboards import restore_scene, save_whiteboard
from tests.practice.factories import NOW


@pytest.fixture
def url(session):
    return f"/api/v1/practice-main/{session.pk}/whiteboard"


def scene(mark, padding=0):
    return {"elements": [{"id": mark, "type": "rectangle", "x": 1.5}], "pad": "x" * padding}


def put(client, url, value, base):
    return client.put(url, {"scene": value, "base_version": base}, format="json")


def test_an_empty_board_is_null_and_version_0(api, url):
    assert api.get(url).json() == {"scene": None, "version": 0, "saved_at": None}


def test_a_scene_is_saved_and_read_back(api, url):
    reply = put(api, url, scene("a"), 0)

    assert (reply.status_code, reply.json()["version"], reply.json()["conflict"]) == (200, 1, False)
    assert api.get(url).json()["scene"] == scene("a")


def test_an_old_base_version_is_a_conflict_and_the_replaced_scene_is_kept(api, url):
    put(api, url, scene("a"), 0)

    assert put(api, url, scene("b"), 0).json()["conflict"] is True
    assert WhiteboardRevision.objects.get().scene == scene("a")
    assert WhiteboardRevision.objects.get().conflict is True


def test_a_base_that_a_restore_has_lost_is_no_conflict(api, url, session):
    put(api, url, scene("a"), 0)
    reply = put(api, url, scene("b"), 4).json()
    assert (reply["version"], reply["conflict"]) == (5, False)
    asked = api.get(f"/api/v1/practice-main/{session.pk}").json()
    assert asked["board_version"] == 5


def test_a_save_names_the_revision_it_made_and_its_scene_can_be_read(api, api_for, stranger, url):
    put(api, url, scene("a"), 0)

    replaced = put(api, url, scene("b"), 0).json()["replaced"]

    assert (replaced["version"], replaced["conflict"], "scene" in replaced) == (1, True, False)
    listed = api.get(f"{url}/revisions").json()["results"]
    assert listed == [replaced]
    one = f"{url}/revisions/{replaced['revision_id']}"
    assert api.get(one).json() == {**replaced, "scene": scene("a")}
    assert api_for(stranger).get(one).status_code == 404
    assert api_for(stranger).get(f"{url}/revisions").status_code == 404
    assert api.get(f"{url}/revisions/{uuid.uuid4()}").status_code == 404


def test_the_first_scene_replaces_nothing(api, url):
    assert put(api, url, scene("a"), 0).json()["replaced"] is None


def test_an_equal_scene_is_no_new_version(api, url):
    put(api, url, scene("a"), 0)

    assert put(api, url, scene("a"), 0).json()["version"] == 1
    assert not WhiteboardRevision.objects.exists()


def test_more_than_two_megabytes_is_413_and_nothing_is_applied(api, url):
    put(api, url, scene("a"), 0)

    reply = put(api, url, scene("b", padding=2 * 1024 * 1024), 1)

    assert reply.status_code == 413
    assert set(reply.json()) == {"error", "code", "fields"}
    assert api.get(url).json()["scene"] == scene("a")


def test_a_scene_just_below_the_limit_fits(api, url):
    assert put(api, url, scene("a", padding=2 * 1024 * 1024 - 200), 0).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"scene": {}},
        {"base_version": 0},
        {"scene": None, "base_version": 0},
        {"scene": [], "base_version": 0},
        {"scene": "x", "base_version": 0},
        {"scene": {"elements": 5}, "base_version": 0},
        {"scene": {}, "base_version": "x"},
        {"scene": {"elements": [{"x": 1e300}]}, "base_version": 0},
    ],
)
def test_a_bad_save_is_400(api, url, body):
    reply = api.put(url, body, format="json")

    assert reply.status_code == 400
    assert reply.json()["fields"]


def test_a_stranger_gets_404(api_for, stranger, url):
    assert put(api_for(stranger), url, scene("a"), 0).status_code == 404
    assert api_for(stranger).get(url).status_code == 404


def test_a_scene_that_arrives_late_is_409_and_kept(api, owner, session, url):
    put(api, url, scene("a"), 0)
    complete_session(user=owner, session_id=session.pk, now=NOW)

    replies = [put(api, url, scene("late"), 1) for _ in range(2)]

    assert {reply.status_code for reply in replies} == {409}
    assert api.get(url).json()["scene"] == scene("a")
    late = WhiteboardRevisionHistory.objects.get(late=True)
    assert api.get(f"{url}/revisions/{late.pk}").json()["scene"] == scene("late")


def test_old_revisions_are_thinned_to_one_in_ten_minutes(owner, session):
    start = NOW - timedelta(hours=3)
    for minute in range(0, 180, 2):
        save_whiteboard(
            user=owner,
            session_id=session.pk,
            scene=scene(str(minute)),
            base_version=0 if minute == 20 else minute // 2,
            now=start + timedelta(minutes=minute),
        )

    kept = list(session.board_revisions.order_by("saved_at").values_list("saved_at", "conflict"))
    last = start + timedelta(minutes=178)
    recent = [at for at, _ in kept if at >= last - timedelta(hours=1)]
    old = [at for at, conflict in kept if at < last - timedelta(hours=1) and not conflict]

    assert len(recent) == 30
    assert len(old) == len({int(at.timestamp() // 600) for at in old}) == 12
    assert [conflict for _, conflict in kept].count(True) == 1


def test_an_old_scene_can_be_restored(owner, session):
    where = {"user": owner, "session_id": session.pk}
    save_whiteboard(**where, scene=scene("a"), base_version=0, now=NOW)
    save_whiteboard(**where, scene=scene("b"), base_version=1, now=NOW)

    restore_scene(**where, revision_id=WhiteboardRevision.objects.get().pk, now=NOW)

    session.refresh_from_db()
    assert session.board.scene == scene("a")
    assert session.board_revisions.count() == 2
