"""Pictures on boards are stored once, whatever shows them, and go when nothing does."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import connection

from accounts import stored_rows
from accounts.models import StorageUse
from accounts.services.own_data import delete_user, export_everything
from practice.models import BoardPicture, Whiteboard, WhiteboardRevision
from practice.pictures import put_together, taken_apart
from practice.services.completion import complete_session
from practice.services.deleting import delete_session
from practice.services.pictures import remove_unused_pictures
from practice.services.whiteboards import restore_scene, save_whiteboard
from tests.practice.factories import NOW, make_session

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def picture(mark: str, characters: int = 100_000) -> str:
    return "data:image/png;base64," + (mark * characters)[:characters]


def scene(*marks: str, at: int = 0) -> dict:
    files = {
        f"file-{m}": {"id": f"file-{m}", "mimeType": "image/png", "dataURL": picture(m)}
        for m in marks
    }
    images = [{"id": f"i{m}", "type": "image", "fileId": f"file-{m}", "x": at} for m in marks]
    return {"elements": images, "files": files, "appState": {"zoom": 1}}


def save(session, value, base, now=NOW):
    where = {"user": session.user, "session_id": session.pk, "now": now}
    return save_whiteboard(**where, scene=value, base_version=base)


def used(user) -> dict[str, int]:
    return StorageUse.objects.get(pk=user.pk).by_kind


def test_a_board_with_a_picture_reads_as_it_was_sent(api, session):
    url = f"/api/v1/practice-main/{session.pk}/whiteboard"
    value = scene("a", "b")

    api.put(url, {"scene": value, "base_version": 0}, format="json")

    assert api.get(url).json()["scene"] == value
    assert picture("a") not in str(Whiteboard.objects.values_list("scene", flat=True).get())


def test_forty_saves_of_one_picture_store_it_once(api, session):
    """Before, each of them kept it anew: 58 MB for one picture."""
    url = f"/api/v1/practice-main/{session.pk}/whiteboard"
    for number in range(40):
        body = {"scene": scene("a", at=number), "base_version": number}
        assert api.put(url, body, format="json").status_code == 200

    assert BoardPicture.objects.count() == 1
    assert used(session.user)["pictures"] == len(picture("a"))
    assert sum(used(session.user).values()) < 2 * len(picture("a"))
    revision = WhiteboardRevision.objects.order_by("version").first()
    shown = api.get(f"{url}/revisions/{revision.pk}").json()["scene"]
    assert shown == scene("a", at=0)


def test_the_same_picture_of_two_people_is_kept_for_each(owner, stranger):
    for user in (owner, stranger):
        save(make_session(user), scene("a"), 0)

    assert BoardPicture.objects.filter(user=owner).count() == 1
    assert BoardPicture.objects.filter(user=stranger).count() == 1


def test_nobody_reads_anothers_picture_by_its_digest(api_for, owner, stranger, session):
    """Who sends a file without data, or the digest of another's, gets back what they sent."""
    save(session, scene("a"), 0)
    digest = hashlib.sha256(picture("a").encode()).hexdigest()
    mine = make_session(stranger)
    sent = {"elements": [], "files": {"file-a": {"id": "file-a"}}, "pictures": {"file-a": digest}}
    save(mine, sent, 0)

    reply = api_for(stranger).get(f"/api/v1/practice-main/{mine.pk}/whiteboard")

    assert reply.json()["scene"] == sent


def test_a_board_saved_before_pictures_had_rows_is_read_and_becomes_slim(api, session):
    board = Whiteboard.objects.create(session=session, scene=scene("a"), version=1, saved_at=NOW)
    url = f"/api/v1/practice-main/{session.pk}/whiteboard"
    assert api.get(url).json()["scene"] == scene("a")

    assert save(session, scene("a"), 1).changed is False
    save(session, scene("a", at=5), 1)

    board.refresh_from_db()
    assert api.get(url).json()["scene"] == scene("a", at=5)
    assert BoardPicture.objects.count() == 1
    assert picture("a") not in str(board.scene)


def test_a_replaced_board_from_before_is_read(api, session):
    row = WhiteboardRevision.objects.create(
        session=session, plain=scene("a"), version=1, saved_at=NOW
    )
    url = f"/api/v1/practice-main/{session.pk}/whiteboard/revisions/{row.pk}"
    assert api.get(url).json()["scene"] == scene("a")


def test_an_old_board_comes_back_with_its_picture(api, session):
    save(session, scene("a"), 0)
    save(session, scene("b"), 1)
    where = {"user": session.user, "session_id": session.pk, "now": NOW}

    restore_scene(**where, revision_id=WhiteboardRevision.objects.get().pk)

    shown = api.get(f"/api/v1/practice-main/{session.pk}/whiteboard").json()["scene"]
    assert shown == scene("a")
    assert BoardPicture.objects.count() == 2


def test_pictures_move_with_the_session_and_stay_while_a_revision_shows_them(session):
    save(session, scene("a"), 0)
    save(session, scene("b"), 1)
    complete_session(user=session.user, session_id=session.pk, now=NOW)

    removed = remove_unused_pictures(
        user_id=session.user_id, now=LATER, unused_for=timedelta(days=1)
    )

    assert removed == 0
    assert BoardPicture.objects.count() == 2


def test_a_picture_that_nothing_shows_any_more_goes_and_its_room_is_free(session):
    save(session, scene("a"), 0)
    save(session, scene("b"), 1)
    WhiteboardRevision.objects.all().delete()
    asked = {"user_id": session.user_id, "unused_for": timedelta(days=1)}

    assert remove_unused_pictures(**asked, now=NOW) == 0  # younger than a day
    assert remove_unused_pictures(**asked, now=LATER) == 1
    assert remove_unused_pictures(**asked, now=LATER) == 0

    assert used(session.user)["pictures"] == len(picture("b"))


def test_export_has_them_and_deletion_takes_them(session):
    save(session, scene("a"), 0)
    save(session, scene("b"), 1)

    (told,) = export_everything(session.user)["practice"]
    assert told["board"] == scene("b")
    assert told["board_revisions"][0]["scene"] == scene("a")

    delete_user(user=session.user)
    assert not BoardPicture.objects.exists()
    assert not StorageUse.objects.exists()


def test_a_deleted_session_gives_all_its_room_back(session):
    user = session.user
    save(session, scene("a"), 0)
    save(session, scene("b"), 1)
    complete_session(user=user, session_id=session.pk, now=NOW)

    delete_session(user=user, session_id=session.pk, now=NOW)

    assert used(user) == {"answers": 0, "boards": 0, "pictures": 0, "evidence": 0}
    assert stored_rows.measured(user_id=user.pk) == {}


@pytest.mark.parametrize(
    "files", [None, [], {}, {"a": None}, {"a": {"dataURL": 5}}, {"a": {"dataURL": "short"}}]
)
def test_strange_files_are_kept_as_they_are(files):
    value = {"elements": [], "files": files}
    drawing = taken_apart(value)

    assert (drawing.scene, drawing.pictures, drawing.data) == (value, {}, {})


def test_taking_apart_and_putting_together_is_the_same_scene():
    value = scene("a", "b")
    drawing = taken_apart(value)
    assert put_together(drawing.scene, drawing.pictures, drawing.data) == value


def test_an_hour_of_drawing_on_a_real_board_fits_into_the_free_quota(session, settings):
    """A board of 300 elements (200 kB), changed every five seconds for an hour: of the revisions
    of the last hour none is thinned."""
    elements = [
        {
            "id": f"element-{n}", "type": "rectangle", "x": n * 7.25, "y": n * 3.5, "width": 160,
            "height": 80, "angle": 0, "strokeColor": "#1e1e1e", "backgroundColor": "transparent",
            "fillStyle": "solid", "strokeWidth": 2, "strokeStyle": "solid", "roughness": 1,
            "opacity": 100, "groupIds": [], "frameId": "frame-1", "index": f"a{n}", "seed": n * 97,
            "roundness": {"type": 3}, "version": 12, "versionNonce": n * 7919, "isDeleted": False,
            "boundElements": [{"id": f"text-{n}", "type": "text"}], "updated": 1764532800000 + n,
            "link": None, "locked": False, "customData": {"note": f"part {n} of the drawing"},
        }
        for n in range(300)
    ]  # fmt: skip
    for number in range(60):  # a twelfth of the hour
        elements[number]["x"] += 1
        save(session, {"elements": elements}, number, now=NOW + timedelta(seconds=5 * number))

    an_hour = used(session.user)["boards"] * 12
    assert an_hour < settings.STORAGE_BYTES["free"] / 5
    assert connection.vendor
