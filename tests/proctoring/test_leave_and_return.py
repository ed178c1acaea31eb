"""The two-step leave: a closed tab abandons at once, and a page that goes on takes it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession, SessionBeat
from tests.proctoring.factories import SessionFactory
from tests.proctoring.roads import on_both_roads


@pytest.fixture
def session(candidate):
    return SessionFactory(candidate=candidate)


def left(session, *, seconds_ago=10, tab="a", sequence=7):
    """The session as a beacon of `tab` left it."""
    at = clock.now() - timedelta(seconds=seconds_ago)
    SessionBeat.objects.filter(pk=session.pk).delete()
    ProctoredSession.objects.filter(pk=session.pk).update(
        status="abandoned",
        completion_method="tab_close",
        left_at=at,
        left_tab=tab,
        left_sequence=sequence,
        next_check_at=None,
    )


def types_of(session) -> list[str]:
    return list(session.events.values_list("type", flat=True))


def test_a_beacon_is_a_post_without_headers(api, url, session):
    body = b'{"completion_method": "tab_close", "tab_id": "a", "sequence": 3}'
    reply = api.generic("POST", url("abandon"), body, content_type="text/plain;charset=UTF-8")

    assert (reply.status_code, reply.json()["status"]) == (200, "abandoned")
    session.refresh_from_db()
    assert (session.left_tab, session.left_sequence) == ("a", 3)
    assert session.next_check_at is None
    assert not SessionBeat.objects.exists()


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b'{"tab_id": 5, "sequence": "x"}'])
def test_a_beacon_that_cannot_be_read_is_a_tab_close(api, url, session, body):
    reply = api.generic("POST", url("abandon"), body, content_type="text/plain")
    assert (reply.status_code, reply.json()["completion_method"]) == (200, "tab_close")


def test_only_tab_close_abandons(api, url, session):
    for method in ("heartbeat_timeout", "manual", "nonsense", 5):
        assert api.put(url("abandon"), {"completion_method": method}).status_code == 400
    assert api.get(url()).json()["session"]["status"] == "active"


@pytest.mark.parametrize(
    ("beat", "status"),
    [
        ({"tab_id": "b", "sequence": 1}, 200),  # another tab
        ({"tab_id": "a", "sequence": 8}, 200),  # sent after the beacon
        ({}, 200),  # a client that names neither
        ({"tab_id": "a", "sequence": 6}, 409),  # overtaken by its own beacon
        ({"tab_id": "a", "sequence": 7}, 409),
        ({"tab_id": "a"}, 409),
        ({"sequence": 8}, 200),
        ({"sequence": 3}, 409),
    ],
)
@on_both_roads
def test_which_beats_take_a_left_test_back(api, url, session, beat, status):
    left(session)
    reply = api.put(url("heartbeat"), beat)

    assert reply.status_code == status
    body = api.get(url()).json()["session"]
    assert body["status"] == ("active" if status == 200 else "abandoned")
    assert ("returned" in types_of(session)) == (status == 200)


@on_both_roads
def test_after_two_minutes_a_beat_is_409_and_says_where_the_test_stands(api, url, session):
    left(session, seconds_ago=121)
    reply = api.put(url("heartbeat"))

    body = reply.json()
    assert reply.status_code == 409 and body["success"] is False
    assert body["status"] == "abandoned" and body["completed_at"] is None
    assert body["server_time"].endswith("Z")


@on_both_roads
def test_an_action_alone_does_not_take_a_left_test_back(api, url, session):
    left(session)
    assert api.put(url("activity")).status_code == 409


def test_a_save_takes_it_back_and_is_merged(api, url, session):
    left(session)
    reply = api.put(url("progress"), {"pending_answers": {"q": "text"}})

    assert (reply.status_code, reply.json()["status"]) == (200, "active")
    assert SessionBeat.objects.filter(pk=session.pk).exists()


def test_the_last_save_of_the_page_that_closed_is_merged_and_leaves_it_closed(api, url, session):
    left(session, tab="a", sequence=7)
    body = {"pending_answers": {"q": "last words"}, "tab_id": "a", "sequence": 6}
    reply = api.put(url("progress"), body)

    assert (reply.status_code, reply.json()["status"]) == (200, "abandoned")
    session.refresh_from_db()
    assert session.pending_answers == {"q": "last words"}
    assert not SessionBeat.objects.exists()


def test_handing_in_takes_it_back_and_completes_it(api, url, session):
    left(session)
    reply = api.put(url("complete"))

    assert (reply.status_code, reply.json()["status"]) == (200, "completed")
    assert types_of(session) == ["returned", "completed"]


def test_a_reload_resumes_until_the_deadline_with_the_clock_unchanged(api, candidate, session):
    left(session, seconds_ago=1000)
    reply = api.post("/api/test-session", {"candidate_id": str(candidate.pk)})

    assert reply.status_code == 200
    body = reply.json()["session"]
    assert (body["status"], body["completion_method"]) == ("active", None)
    assert body["deadline"] == clock.iso(session.deadline)
    event = session.events.get(type="resumed")
    assert event.detail["left_as"] == "tab_close"


@on_both_roads
def test_a_timed_out_test_resumes_only_by_a_reload(api, url, candidate):
    session = SessionFactory(candidate=candidate, timed_out=True)
    assert api.put(url("heartbeat")).status_code == 409
    assert api.put(url("complete")).status_code == 409
    assert api.put(url("progress"), {"pending_answers": {"q": "late"}}).status_code == 409
    assert AnswerRevision.objects.get().reason == "late"

    assert api.post("/api/test-session", {"candidate_id": str(candidate.pk)}).status_code == 200
    assert api.put(url("heartbeat")).status_code == 200
    session.refresh_from_db()
    assert session.status == "active"


@on_both_roads
def test_after_the_deadline_abandoned_is_final(api, url, candidate):
    start = clock.now() - timedelta(minutes=61)
    session = SessionFactory(candidate=candidate, left=True, test_start_time=start)
    replies = [
        api.post("/api/test-session", {"candidate_id": str(candidate.pk)}),
        api.put(url("heartbeat")),
        api.put(url("progress"), {"pending_answers": {"q": "x"}}),
        api.put(url("complete")),
    ]

    assert [reply.status_code for reply in replies] == [409] * 4
    session.refresh_from_db()
    assert (session.status, session.completed_at) == ("abandoned", None)


def test_a_late_beacon_after_the_hand_in_is_ignored(api, url, session):
    done = api.put(url("complete")).json()
    late = api.post(url("abandon"))

    assert (late.status_code, late.json()["status"]) == (200, "completed")
    assert late.json()["completed_at"] == done["completed_at"]


def test_a_reloads_beacon_that_is_overtaken_by_the_new_page_is_ignored(api, url, candidate):
    SessionFactory(candidate=candidate)
    api.post("/api/test-session", {"candidate_id": str(candidate.pk), "tab_id": "a", "sequence": 9})
    reply = api.post(url("abandon"), {"tab_id": "a", "sequence": 8})

    assert (reply.status_code, reply.json()["status"]) == (200, "active")


def test_ending_twice_is_the_same_answer_twice(api, url, session):
    first, second = api.put(url("complete")), api.put(url("complete"))
    assert first.json()["completed_at"] == second.json()["completed_at"]
    assert second.status_code == 200
    assert types_of(session) == ["completed"]


def test_leaving_twice_keeps_the_first_moment(api, url, session):
    api.put(url("abandon"))
    first = api.get(url()).json()["session"]["left_at"]
    assert api.put(url("abandon")).status_code == 200
    assert api.get(url()).json()["session"]["left_at"] == first


@on_both_roads
def test_after_the_hand_in_nothing_is_taken_and_stamps_stay(api, url, candidate, session):
    api.put(url("activity"))
    done = api.put(url("complete")).json()
    for verb in ("heartbeat", "activity", "progress"):
        reply = api.put(url(verb), {})
        assert reply.status_code == 409, verb
        assert reply.json()["status"] == "completed"
        assert reply.json()["completed_at"] == done["completed_at"]
        assert reply.json()["server_time"]
    assert api.post("/api/test-session", {"candidate_id": str(candidate.pk)}).status_code == 409
    body = api.get(url()).json()["session"]
    assert body["last_heartbeat"] and body["last_activity"]


@on_both_roads
def test_a_second_tab_is_named(api, url, session):
    api.put(url("heartbeat"), {"tab_id": "a", "sequence": 1})
    assert api.put(url("heartbeat"), {"tab_id": "b", "sequence": 1}).json()["other_tab"] is True
    assert api.put(url("heartbeat"), {"tab_id": "b", "sequence": 2}).json()["other_tab"] is False


@on_both_roads
def test_before_the_start_everything_is_404(api, url):
    for verb in ("heartbeat", "activity", "progress", "complete", "abandon"):
        assert api.put(url(verb), {}).status_code == 404, verb
    assert api.post(url("events"), {"events": []}).status_code == 404


def test_a_loop_of_beacons_and_beats_fills_neither_log_nor_timeline(api, url, session, settings):
    settings.LIMITS = {**settings.LIMITS, "events_of_a_kind": 3}
    for number in range(6):
        sender = {"tab_id": "a", "sequence": 2 * number}
        assert api.put(url("abandon"), sender).status_code == 200
        assert api.put(url("heartbeat"), {**sender, "sequence": 2 * number + 1}).status_code == 200
    api.post(url("events"), {"events": [{"type": "left"}, {"type": "paste"}]})

    moves = session.events.filter(kind="move")
    assert [row.type for row in moves] == ["left", "returned"] * 3
    (note,) = session.events.filter(type="events_dropped", who="system")
    assert note.detail == {"type": "left", "limit": 3}
    assert session.events.filter(kind="integrity", who="candidate").count() == 2
    assert api.get(url()).json()["session"]["status"] == "active"
    assert api.put(url("complete")).status_code == 200
    assert types_of(session)[-1] == "completed"
