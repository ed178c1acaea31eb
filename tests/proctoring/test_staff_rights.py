"""Staff and tests: what they need the right for, what they never do for a candidate, and that what
they do is recorded as theirs, with the reason."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import AuditEntry
from sessions_app.assessments.models import Candidate
from sessions_app.assessments.services.coding_bank import load_coding_bank
from sessions_app.proctoring.models import (
    AnswerRevision,
    ProctoredSession,
    SessionBeat,
    SessionEvent,
)
from tests.assessments.factories import CandidateFactory
from tests.factories import UserFactory, staff_with
from tests.proctoring.factories import SessionFactory
from tests.proctoring.roads import on_both_roads

VIEW = "sessions_app.view_proctoredsession"
START = "sessions_app.add_proctoredsession"
CHANGE = "sessions_app.change_proctoredsession"
EVENT = {"events": [{"type": "tab_hidden"}]}
ANSWER = {"pending_answers": {"q": "not the candidate's"}, "tab_id": "t", "sequence": 9}
CANDIDATES_OWN = [
    ("put", "heartbeat", {"tab_id": "t", "sequence": 9}),
    ("put", "activity", {}),
    ("put", "progress", ANSWER),
    ("post", "events", EVENT),
]


@pytest.fixture
def running(candidate):
    load_coding_bank()
    return SessionFactory(candidate=candidate, pending_answers={"q": "the candidate's own"})


def state_of(session):
    """All that could be told of a test: its row, its beat, its log."""
    rows = (ProctoredSession, SessionBeat, SessionEvent, AnswerRevision)
    return [list(model.objects.order_by("pk").values()) for model in rows]


def test_staff_without_rights_list_read_move_and_invite_nothing(powerless_api, running, url):
    before, someone = state_of(running), CandidateFactory()
    calls = [
        *(
            ("get", f"/api/test-session/{name}", None)
            for name in ("active", "abandoned", "analytics")
        ),
        ("get", url(), None),
        ("get", url("questions"), None),
        *((method, url(verb), body) for method, verb, body in CANDIDATES_OWN),
        ("put", url("complete"), {"reason": "Over"}),
        ("put", url("abandon"), {"reason": "Over"}),
        ("post", url("abandon"), {"reason": "Over"}),
        ("post", "/api/test-session", {"candidate_id": str(someone.pk), "reason": "Now"}),
        ("post", "/api/candidates", {"name": "A", "email": "a@b.example", "extra_minutes": 480}),
    ]

    for method, path, body in calls:
        reply = getattr(powerless_api, method)(path, body)
        assert (reply.status_code, reply.json()["success"]) == (403, False), (method, path)
    assert state_of(running) == before
    assert Candidate.objects.count() == 2


@on_both_roads
@pytest.mark.parametrize(("method", "verb", "body"), CANDIDATES_OWN)
def test_what_is_the_candidates_own_staff_never_send(road, running, url, method, verb, body):
    before = state_of(running)
    from accounts.services.tokens import issue_token

    people = [(UserFactory(admin=True), 403), (staff_with(VIEW, CHANGE), 403), (UserFactory(), 404)]
    for person, status in people:
        client = road(issue_token(user=person)[1])
        reply = getattr(client, method)(url(verb), body)
        assert reply.status_code == status, person
    assert state_of(running) == before


@pytest.mark.parametrize(
    ("right", "method", "verb"),
    [
        (VIEW, "get", ""),
        (VIEW, "get", "questions"),
        (CHANGE, "put", "complete"),
        (CHANGE, "put", "abandon"),
        (CHANGE, "post", "abandon"),
    ],
)
def test_each_call_asks_for_its_own_right(api_for, running, url, right, method, verb):
    others = {VIEW, START, CHANGE, "sessions_app.add_candidate"} - {right}
    without, holder = api_for(staff_with(*others)), api_for(staff_with(right))

    assert getattr(without, method)(url(verb), {"reason": "Because"}).status_code == 403
    assert getattr(holder, method)(url(verb), {"reason": "Because"}).status_code == 200


def test_a_permission_without_staff_status_opens_nothing(api_for, running, url):
    learner = UserFactory()
    learner.user_permissions.set(staff_with(VIEW, CHANGE).user_permissions.all())

    assert api_for(learner).get("/api/test-session/active").status_code == 403
    assert api_for(learner).get(url()).status_code == 404


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_staff_say_why_or_nothing_happens(api_for, running, url, reason):
    client, other = api_for(staff_with(START, CHANGE)), CandidateFactory()
    before = state_of(running)
    body = {} if reason is None else {"reason": reason}
    replies = [
        client.put(url("complete"), body),
        client.put(url("abandon"), body),
        client.post(url("abandon"), body),
        client.post("/api/test-session", {"candidate_id": str(other.pk), **body}),
    ]

    assert [(r.status_code, list(r.json()["fields"])) for r in replies] == [(400, ["reason"])] * 4
    assert state_of(running) == before


def test_what_staff_end_is_recorded_as_theirs_and_answers_the_same_again(api_for, running, url):
    person = staff_with(CHANGE)
    client = api_for(person)

    first, again = (client.put(url("complete"), {"reason": "Fire alarm"}) for _ in range(2))

    assert first.json()["status"] == again.json()["status"] == "completed"
    assert first.json()["completion_method"] == "auto"  # nobody handed it in
    event = running.events.get()
    assert (event.kind, event.who, event.why) == ("staff", f"staff:{person.pk}", "Fire alarm")
    assert ProctoredSession.objects.get().pending_answers == {"q": "the candidate's own"}


def test_what_staff_abandon_is_theirs_and_only_the_candidate_takes_it_up_again(
    api_for, api, running, url
):
    person = staff_with(CHANGE)
    reply = api_for(person).put(url("abandon"), {"reason": "Wrong room"})

    assert (reply.json()["status"], reply.json()["completion_method"]) == ("abandoned", "auto")
    event = running.events.get()
    assert (event.type, event.who, event.why) == ("abandoned", f"staff:{person.pk}", "Wrong room")
    assert api.put(url("heartbeat"), {"tab_id": "t", "sequence": 1}).status_code == 409
    again = api.post("/api/test-session", {"candidate_id": str(running.pk)})
    assert (again.status_code, again.json()["session"]["status"]) == (200, "active")


def test_what_staff_start_is_theirs_and_a_running_test_gets_no_sign_of_life(api_for, candidate):
    load_coding_bank()
    person = staff_with(START)
    client, body = api_for(person), {"candidate_id": str(candidate.pk), "reason": "By telephone"}

    made = client.post("/api/test-session", body)
    event = SessionEvent.objects.get()
    before = state_of(None)
    again = client.post("/api/test-session", body)

    assert (made.status_code, again.status_code) == (201, 200)
    assert (event.type, event.who, event.why) == ("started", f"staff:{person.pk}", "By telephone")
    assert event.kind == "staff" and event.detail == {"minutes": 60}
    assert state_of(None) == before


def test_staff_make_a_left_test_active_again_with_a_reason(api_for, candidate):
    session = SessionFactory(candidate=candidate, left=True)
    person = staff_with(START)
    body = {"candidate_id": str(candidate.pk), "reason": "Their browser crashed"}

    assert api_for(person).post("/api/test-session", body).status_code == 200
    event = session.events.get()
    assert (event.type, event.who) == ("resumed", f"staff:{person.pk}")
    assert event.why == "Their browser crashed"


def test_a_candidates_own_calls_ask_for_no_reason(api, url, candidate):
    load_coding_bank()
    assert api.post("/api/test-session", {"candidate_id": str(candidate.pk)}).status_code == 201
    assert api.put(url("complete"), {"reason": "mine"}).status_code == 200
    assert set(SessionEvent.objects.values_list("who", "why")) == {
        ("candidate", ""),
        ("candidate", "Handed in"),
    }


LIST = "/admin/sessions_app/candidate/"


def ask_for_link(client, candidate):
    chosen = {"action": "show_links", "_selected_action": [str(candidate.pk)]}
    return client.post(LIST, chosen, follow=True).content.decode()


def link_in(page):
    return re.search(r"(/t/ct_[^<]+)<", page)[1]


def test_the_personal_link_is_shown_once_to_who_may_invite_and_recorded(client, candidate):
    client.force_login(staff_with("sessions_app.view_candidate"))
    assert "/t/ct_" not in ask_for_link(client, candidate)
    assert not AuditEntry.objects.filter(action="candidate.link_shown").exists()
    recruiter = staff_with("sessions_app.change_candidate")
    client.force_login(recruiter)
    assert b"/t/ct_" not in client.get(f"{LIST}{candidate.pk}/change/").content

    page = ask_for_link(client, candidate)

    assert Client().get(link_in(page))["Location"] == "/test"
    entry = AuditEntry.objects.about(candidate).get()
    assert (entry.action, entry.actor_id) == ("candidate.link_shown", str(recruiter.pk))
    assert "ct_" not in str(entry.detail)


def test_of_a_started_test_no_link_is_shown_and_none_goes_to_another_address(db, client):
    client.force_login(staff_with("sessions_app.change_candidate", "sessions_app.view_candidate"))
    for state in ({}, {"left": True}, {"completed": True}):
        candidate = SessionFactory(**state).candidate
        page = ask_for_link(client, candidate)
        assert "/t/ct_" not in page and "can only be mailed now" in page
        form = {"name": candidate.name, "email": "mine@example.com"}
        client.post(f"{LIST}{candidate.pk}/change/", form)
        candidate.refresh_from_db()
        assert candidate.email != "mine@example.com"


def test_the_page_of_a_test_names_the_staff_who_had_its_link(client, candidate):
    recruiter = staff_with("sessions_app.change_candidate", VIEW)
    name = recruiter.username
    client.force_login(recruiter)
    link = link_in(ask_for_link(client, candidate))
    session = SessionFactory(candidate=candidate)
    Client().get(link, REMOTE_ADDR="198.51.100.7")
    client.get(link, REMOTE_ADDR="203.0.113.5")  # in the browser that is signed in to the console

    page = client.get(f"/admin/sessions_app/proctoredsession/{session.pk}/change/").content.decode()

    assert f"{name} was shown the link (127.0.0.1)" in page
    assert f"{name} opened the link, signed in as staff (203.0.113.5)" in page
    assert f"203.0.113.5 <strong>Also the address of {name}, who had the link" in page
    assert "198.51.100.7</td>" in page
    actions = AuditEntry.objects.about(candidate).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["candidate.link_shown", "candidate.link_opened"]


def test_an_invitation_by_api_is_recorded_as_a_link_that_was_shown(staff_api, staff):
    sent = {"name": "Ana", "email": "ana@example.com"}
    for _ in range(2):
        staff_api.post("/api/candidates", sent, headers={"Idempotency-Key": "k"})
    shown = AuditEntry.objects.filter(action="candidate.link_shown", actor_id=str(staff.pk))
    assert shown.count() == 2  # a replay signs anew
