"""Two devices on one link leave a trace, on both roads, and a beat costs no statement for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from sessions_app.proctoring.models import ProctoredSession, SessionDevice
from sessions_app.proctoring.services import devices
from tests.assessments.factories import token_for
from tests.factories import UserFactory
from tests.proctoring.roads import on_both_roads

PHONE = {"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "Phone <b>"}


def seen():
    return list(SessionDevice.objects.values_list("address", "agent"))


def statements(work):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return [q["sql"] for q in captured if "test_session_device" in q["sql"]]


@on_both_roads
@pytest.mark.parametrize("body", [{}, {"tab_id": "a", "sequence": 1}], ids=["no tab", "a tab"])
def test_a_second_device_is_noted_whatever_tab_it_names(api, url, candidate, started, road, body):
    phone = road(token_for(candidate))
    for _ in range(3):
        assert api.put(url("heartbeat"), body, format="json").status_code == 200
        assert phone.put(url("heartbeat"), body, format="json", **PHONE).status_code == 200

    assert seen() == [("127.0.0.1", ""), ("198.51.100.7", "Phone <b>")]


@on_both_roads
def test_saves_are_noted_too(api, url, started):
    sent = {"pending_answers": {"q": "x"}, "tab_id": "a", "sequence": 1}
    assert api.put(url("progress"), sent, format="json", **PHONE).status_code == 200

    assert ("198.51.100.7", "Phone <b>") in seen()


def test_only_the_first_request_of_a_device_costs_a_statement(api, url, started):
    def beat():
        return api.put(url("heartbeat"), **PHONE)

    assert len(statements(beat)) == 1
    assert statements(beat) == []
    row = SessionDevice.objects.get(address=PHONE["REMOTE_ADDR"])

    later = clock.now() + timedelta(minutes=6)
    request = type("Request", (), {"META": PHONE})
    devices.note_device(request, row.session_id, now=later)

    row.refresh_from_db()
    assert row.last_seen_at == later and row.first_seen_at < later


def test_the_page_says_when_later_addresses_left_no_line(
    api, url, started, candidate, client, staff
):
    """Fifty addresses are soon made of one IPv6 network; the accomplice comes after them."""
    client.force_login(staff)
    page = reverse("admin:sessions_app_proctoredsession_change", args=[candidate.pk])
    for n in range(devices.MOST_ADDRESSES - 2):
        api.put(url("heartbeat"), REMOTE_ADDR=f"2001:db8::{n + 1:x}")
    assert "left no line here" not in client.get(page).content.decode()
    for n in range(100, 104):
        api.put(url("heartbeat"), REMOTE_ADDR=f"2001:db8::{n:x}")
    assert len({address for address, _ in seen()}) == devices.MOST_ADDRESSES
    assert "left no line here" in client.get(page).content.decode()


def test_rows_are_bounded_and_known_devices_go_on(api, url, started, candidate, monkeypatch):
    monkeypatch.setattr(devices, "MOST_ADDRESSES", 3)
    for n in range(6):
        api.put(url("heartbeat"), REMOTE_ADDR=f"198.51.100.{n}")
    assert SessionDevice.objects.count() == 3

    devices.forget_devices()
    before = SessionDevice.objects.get(address="127.0.0.1").last_seen_at
    api.put(url("heartbeat"))
    assert SessionDevice.objects.get(address="127.0.0.1").last_seen_at > before


@on_both_roads
def test_many_browsers_of_one_address_do_not_keep_a_new_address_out(api, url, started):
    for n in range(60):
        api.put(url("heartbeat"), HTTP_USER_AGENT=f"Junk {n}")
    assert api.put(url("heartbeat"), **PHONE).status_code == 200

    assert len(seen()) == devices.MOST_OF_AN_ADDRESS + 1
    assert ("198.51.100.7", "Phone <b>") in seen()


def test_a_device_that_only_reads_the_pages_is_noted(candidate, started, client):
    assert client.get(f"/t/{token_for(candidate)}", **PHONE).status_code == 302
    assert ("198.51.100.7", "Phone <b>") in seen()

    reader = {"REMOTE_ADDR": "198.51.100.8", "HTTP_USER_AGENT": "Reader"}
    page = client.get("/test", **reader)
    assert page.status_code == 200
    assert ("198.51.100.8", "Reader") in seen()


def test_pages_before_the_start_and_without_a_link_note_nothing(candidate, client):
    assert client.get("/test", **PHONE).status_code == 401
    client.get(f"/t/{token_for(candidate)}", **PHONE)
    assert client.get("/test", **PHONE).status_code == 200

    assert seen() == []


def test_nothing_is_noted_for_a_test_that_did_not_start(api, url, candidate):
    assert api.put(url("heartbeat")).status_code == 404

    assert seen() == []


def test_staff_see_the_devices_on_the_page_of_the_sitting(api, url, started, client):
    api.put(url("heartbeat"), **PHONE)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    session = ProctoredSession.objects.get()

    page = client.get(reverse("admin:sessions_app_proctoredsession_change", args=[session.pk]))

    body = page.content.decode()
    assert "2 addresses or browsers" in body
    assert "198.51.100.7" in body and "Phone &lt;b&gt;" in body
    assert SessionDevice.objects.count() == 2  # staff are none


@pytest.mark.parametrize(("asked", "given"), [(480, 60), (61, 60), (60, 60), (20, 20), (None, 60)])
def test_a_candidates_own_start_without_an_assessment_takes_an_hour_at_most(
    api, candidate, asked, given
):
    sent = {"candidate_id": str(candidate.pk), "test_duration_minutes": asked}

    session = api.post("/api/test-session", sent, format="json").json()["session"]

    assert session["test_duration_minutes"] == given
