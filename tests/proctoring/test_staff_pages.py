"""The staff console of proctored tests: board, sitting, actions, invitations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from common.models import IdempotencyKey
from sessions_app.assessments.models import Candidate, CodingQuestion
from sessions_app.assessments.services.demo import ensure_demo_assessment
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession, SessionEvent
from sessions_app.proctoring.selectors.timeline import timeline_of
from tests import NOW
from tests.assessments.factories import AssessmentFactory, CandidateFactory
from tests.factories import UserFactory, staff_with
from tests.proctoring.factories import SessionFactory

CHANGE = "admin:sessions_app_proctoredsession_change"


@pytest.fixture
def console(client, staff):
    client.force_login(staff)
    return client


def test_the_board_puts_first_what_needs_a_look_and_refreshes_itself(console):
    SessionFactory(candidate__name="Live One")
    SessionFactory(candidate__name="Silent One", last_heartbeat=clock.now() - timedelta(minutes=2))
    SessionFactory(candidate__name="Left One", left=True)
    page = console.get(reverse("admin:proctoring_live")).content.decode()

    assert 'hx-trigger="every 10s"' in page
    assert page.index("Silent One") < page.index("Left One") < page.index("Live One")
    rows = console.get(reverse("admin:proctoring_live"), headers={"HX-Request": "true"})
    assert b"<html" not in rows.content and b"Silent One" in rows.content


def test_an_empty_board_says_what_will_be_there(console):
    assert b"Nobody is sitting a test" in console.get(reverse("admin:proctoring_live")).content


def test_the_board_costs_the_same_for_many(console, django_assert_max_num_queries):
    for _ in range(15):
        SessionFactory()
    with django_assert_max_num_queries(14):
        console.get(reverse("admin:proctoring_live"))


def test_pages_are_for_staff_with_the_right(client, console, db):
    session = SessionFactory()
    names = [
        reverse("admin:proctoring_live"),
        reverse("admin:proctoring_analytics"),
        reverse(CHANGE, args=[session.pk]),
    ]
    for name in names:
        assert console.get(name).status_code == 200
    console.force_login(UserFactory(staff=True))
    assert {console.get(name).status_code for name in names} == {403}
    act = reverse("admin:proctoring_act", args=[session.pk])
    assert console.post(act, {"action": "end", "reason": "x"}).status_code == 403
    console.logout()
    assert {console.get(name).status_code for name in names} == {302}


def test_the_sitting_shows_line_answers_revisions_and_log(console):
    session = SessionFactory(pending_answers={"q": {"code": "print(1)", "language": "python"}})
    AnswerRevision.objects.create(
        session=session, key="q", value="older words", reason="other_tab", at=clock.now()
    )
    SessionEvent.objects.create(
        session=session, kind="integrity", type="paste", who="candidate", at=clock.now()
    )
    page = console.get(reverse(CHANGE, args=[session.pk])).content.decode()

    for words in ("print(1)", "older words", "Replaced from another tab", "paste", "<svg"):
        assert words in page
    assert console.get(reverse(CHANGE, args=["no-uuid"])).status_code == 404


def test_staff_act_with_a_reason_and_it_is_logged(console, staff):
    session = SessionFactory()
    url = reverse("admin:proctoring_act", args=[session.pk])
    refused = console.post(url, {"action": "extend", "reason": "Fire alarm"})
    assert b"Say how many minutes" in refused.content

    console.post(url, {"action": "extend", "minutes": 10, "reason": "Fire alarm"})
    event = session.events.get()
    assert (event.type, event.why, event.who) == ("extended", "Fire alarm", f"staff:{staff.pk}")

    console.post(url, {"action": "void", "reason": "Wrong person", "confirmed": "on"})
    session.refresh_from_db()
    assert session.voided_at and session.status == "completed"
    twice = {"action": "void", "reason": "Twice", "confirmed": "on"}
    again = console.post(url, twice, follow=True)
    assert b"already void" in again.content


def test_staff_start_a_test_and_mark_it_as_left_with_a_reason(console, staff):
    candidate = CandidateFactory()
    add = reverse("admin:sessions_app_proctoredsession_add")
    assert candidate.name in console.get(add, {"candidate": str(candidate.pk)}).content.decode()
    no_reason = console.post(add, {"candidate": str(candidate.pk), "reason": " "})
    assert b"This field is required" in no_reason.content

    sent = {"candidate": str(candidate.pk), "minutes": 90, "reason": "By telephone"}
    page = console.post(add, sent, follow=True)
    session = ProctoredSession.objects.get()
    assert b"Started." in page.content and session.test_duration_minutes == 90
    act = reverse("admin:proctoring_act", args=[session.pk])
    console.post(act, {"action": "abandon", "reason": "Wrong person"})
    again = console.post(act, {"action": "abandon", "reason": "Twice"}, follow=True)

    assert b"not running" in again.content
    log = list(session.events.values_list("type", "who", "why"))
    assert log == [
        ("started", f"staff:{staff.pk}", "By telephone"),
        ("abandoned", f"staff:{staff.pk}", "Wrong person"),
    ]


def test_only_who_may_start_tests_opens_the_page_for_it(client, db):
    add = reverse("admin:sessions_app_proctoredsession_add")
    client.force_login(staff_with("sessions_app.change_proctoredsession"))
    assert client.get(add).status_code == 403
    sent = {"candidate": str(CandidateFactory().pk), "reason": "Because"}
    assert client.post(add, sent).status_code == 403
    assert not ProctoredSession.objects.exists()


@pytest.mark.parametrize(
    ("action", "question"), [("end", "End the test of {} now?"), ("void", "test of {} void?")]
)
def test_ending_and_voiding_are_asked_about_by_name_before_they_happen(console, action, question):
    session = SessionFactory()
    url = reverse("admin:proctoring_act", args=[session.pk])
    asked = console.post(url, {"action": action, "reason": "Left the room"}).content.decode()

    assert question.format(session.candidate.name) in asked
    assert session.candidate.email in asked and "Left the room" in asked
    session.refresh_from_db()
    assert session.status == "active" and session.voided_at is None
    assert not session.events.filter(kind="staff").exists()


def test_the_line_shows_gaps_from_the_last_beat(db):
    start = NOW
    session = SessionFactory(test_start_time=start, deadline=start + timedelta(minutes=60))

    def event(kind, source, target, minutes):
        return SessionEvent(session=session, kind="move", type=kind, from_status=source,
                            to_status=target, who="x", at=start + timedelta(minutes=minutes))  # fmt: skip

    events = [
        event("started", "", "active", 0),
        event("heartbeat_timeout", "active", "abandoned", 15),
        event("resumed", "abandoned", "active", 20),
        event("completed", "active", "completed", 50),
    ]
    line = timeline_of(session, events, now=start + timedelta(minutes=55))
    spans = [(s.kind, s.minutes) for s in line.spans]
    assert spans == [("running", 10.0), ("away", 10.0), ("running", 30.0)]
    assert line.sentence.startswith("Away once, 10.0 minutes in all; the page reported nothing")


def test_a_busy_minute_hides_no_later_mark(db):
    start = NOW
    session = SessionFactory(test_start_time=start, deadline=start + timedelta(minutes=60))

    def event(kind, type_, seconds):
        at = start + timedelta(seconds=seconds)
        return SessionEvent(session=session, kind=kind, type=type_, who="x", at=at)

    junk = [event("integrity", "tab_hidden", 60 + n / 100) for n in range(900)]
    events = [*junk, event("staff", "extended", 61), event("integrity", "paste", 3000)]
    marks = timeline_of(session, events, now=start + timedelta(minutes=55)).marks

    assert len(marks) <= 5
    assert {(mark.kind, mark.label) for mark in marks} >= {
        ("staff", "extended"),
        ("integrity", "paste"),
    }
    assert any("tab hidden" in mark.label and "×" in mark.label for mark in marks)
    assert sum(int(mark.label.split()[0]) for mark in marks if "hidden" in mark.label) == 900


def test_withdrawn_links_open_nothing(console):
    candidate = CandidateFactory()
    page = console.post(
        reverse("admin:sessions_app_candidate_changelist"),
        {"action": "show_links", "_selected_action": [str(candidate.pk)]},
    )
    console.post(
        reverse("admin:sessions_app_candidate_changelist"),
        {"action": "withdraw_links", "_selected_action": [str(candidate.pk)]},
    )
    link = page.content.decode().split('<code class="start-link">')[1].split("<")[0]
    assert console.get(link[link.index("/t/") :]).status_code == 401


def test_erasing_a_candidate_erases_the_test_with_it_and_nothing_else_deletes_one(console):
    session = SessionFactory()
    SessionEvent.objects.create(
        session=session, kind="integrity", type="paste", who="candidate", at=clock.now()
    )
    for principal in (f"candidate:{session.pk}", "user:1"):
        IdempotencyKey.objects.create(principal=principal, key="k", created_at=clock.now())
    alone = reverse("admin:sessions_app_proctoredsession_delete", args=[session.pk])
    assert console.post(alone, {"post": "yes"}).status_code == 403

    erase = reverse("admin:sessions_app_candidate_delete", args=[session.pk])
    assert b"Are you sure" in console.get(erase).content
    console.post(erase, {"post": "yes"})
    assert not Candidate.objects.exists() and not ProctoredSession.objects.exists()
    assert not SessionEvent.objects.exists()
    assert IdempotencyKey.objects.get().principal == "user:1"


def test_the_admin_lists_open(console):
    ensure_demo_assessment()
    SessionFactory(candidate__assessment=AssessmentFactory())
    for name in ("codingquestion", "assessment", "section", "candidate", "proctoredsession",
                 "outage"):  # fmt: skip
        assert console.get(reverse(f"admin:sessions_app_{name}_changelist")).status_code == 200
    question = CodingQuestion.objects.first()
    url = reverse("admin:sessions_app_codingquestion_change", args=[question.pk])
    assert console.get(url).status_code == 200


def test_the_log_names_people_and_speaks_in_words(console, staff):
    session = SessionFactory()
    url = reverse("admin:proctoring_act", args=[session.pk])
    page = console.post(url, {"action": "extend", "minutes": 10, "reason": "Alarm"}, follow=True)
    words = page.content.decode()
    assert f"staff {staff.get_username()}" in words and "minutes: 10" in words
