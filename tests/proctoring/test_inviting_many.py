"""Staff bring a list of candidates, see what it would do, and invite them in the background."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import clock
from sessions_app.assessments.models import Candidate, CodingQuestion, InvitationMail
from sessions_app.assessments.services.coding_bank import load_coding_bank
from sessions_app.assessments.services.invitations import send_due_invitations
from sessions_app.proctoring.selectors.lists import candidates_with_state
from tests.assessments.factories import AssessmentFactory, CandidateFactory, token_for
from tests.proctoring.factories import SessionFactory

MANY = "admin:candidates_many"


@pytest.fixture
def console(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def assessment(db):
    load_coding_bank()
    test = AssessmentFactory(title="Platform")
    section = test.sections.create(key="one", title="Warm-up")
    section.entries.create(question=CodingQuestion.objects.order_by("slug").first())
    return test


def bring(console, assessment, pasted: str = "", **more):
    data = {"assessment": str(assessment.pk), "pasted": pasted, **more}
    return console.post(reverse(MANY), data)


def add(console, planned, **more):
    data = {"assessment": str(planned.context["assessment"].pk), "rows": planned.context["rows"]}
    return console.post(reverse("admin:candidates_add_many"), {**data, **more})


def test_a_list_is_planned_then_added_and_invited_once_though_sent_twice(console, assessment):
    ended = CandidateFactory(email="Done@example.com", assessment=assessment)
    SessionFactory(candidate=ended, completed=True)
    CandidateFactory(email="known@example.com", assessment=assessment)
    CandidateFactory(email="ana@example.com", assessment=AssessmentFactory())  # of another test
    planned = bring(
        console,
        assessment,
        "Ana, ana@example.com, 15\nBen, ben@example.com\nCy, cy@\n"
        "Again, ANA@example.com\nOld, known@example.com\nEnded, done@example.com\n",
    )
    plan = planned.context["plan"]
    assert [row.state for row in plan.rows] == [
        "create", "create", "error", "repeated", "known", "finished",
    ]  # fmt: skip
    page = planned.content.decode()
    assert "Has already ended this test." in page and "Add and invite 2" in page
    assert Candidate.objects.count() == 3 and not mail.outbox

    mails = reverse("admin:candidates_mails")
    for _ in range(2):
        assert add(console, planned, invite="on")["Location"].startswith(mails)
    new = Candidate.objects.filter(
        assessment=assessment, email__in=["ana@example.com", "ben@example.com"]
    )
    assert sorted(new.values_list("name", "extra_minutes")) == [("Ana", 15), ("Ben", 0)]
    assert InvitationMail.objects.count() == 2 and not mail.outbox  # nothing in the request

    send_due_invitations()
    assert sorted(one.to[0] for one in mail.outbox) == ["ana@example.com", "ben@example.com"]
    assert "60 minutes in one sitting" in mail.outbox[0].body  # 45 and 15
    assert b"2</strong> of 2 done" in console.get(mails).content


def test_a_file_is_read_as_well_and_can_be_added_without_inviting(console, assessment):
    file = SimpleUploadedFile("people.csv", b"name,email\nAna,ana@example.com\n")
    added = add(console, bring(console, assessment, file=file))
    assert "assessment__id__exact" in added["Location"]
    assert Candidate.objects.get().name == "Ana" and not InvitationMail.objects.exists()


@pytest.mark.parametrize("given", [{}, {"pasted": "a,a@b.co", "file": "both"}, {"file": "bad"}])
def test_a_list_that_cannot_be_read_is_said_on_the_form(console, assessment, given):
    if "file" in given:
        given = {**given, "file": SimpleUploadedFile("a.csv", b"\xff\x00\xfe")}
    reply = bring(console, assessment, **given)
    assert reply.status_code == 200 and b"errorlist" in reply.content
    assert "plan" not in (reply.context or {})


@pytest.mark.parametrize("rows", ["", "{}", "[[1]]", '[["x", "a", "b", "c"]]', "[7]", "null"])
def test_rows_that_were_changed_on_the_way_add_nobody(console, assessment, rows):
    data = {"assessment": str(assessment.pk), "rows": rows, "invite": "on"}
    assert console.post(reverse("admin:candidates_add_many"), data).status_code == 302
    assert not Candidate.objects.exists()


def test_rows_are_checked_again_when_they_come_back(console, assessment):
    rows = json.dumps([[1, "", "nowhere", ""], [2, "Ana", "ana@example.com", "x"]])
    data = {"assessment": str(assessment.pk), "rows": rows}
    console.post(reverse("admin:candidates_add_many"), data)
    assert not Candidate.objects.exists()


def test_nobody_is_invited_to_what_cannot_be_sat(console):
    empty = AssessmentFactory(title="Empty")
    planned = bring(console, empty, "Ana, ana@example.com")
    assert "“Empty” has no questions." in planned.content.decode()
    assert "Add and invite" not in planned.content.decode()
    add(console, planned, invite="on")
    assert not Candidate.objects.exists()

    empty.sections.create(key="a", title="Hollow")
    one = CandidateFactory(assessment=empty)
    data = {"candidates": str(one.pk), "confirmed": "on"}
    reply = console.post(reverse("admin:candidates_invite"), data, follow=True)
    assert "“Hollow” of “Empty” has no questions" in reply.content.decode()
    assert not InvitationMail.objects.exists()


def test_inviting_says_first_who_gets_a_mail_and_who_not(console, assessment):
    now = clock.now()
    fresh, again, waiting, ended, late = (
        CandidateFactory(assessment=assessment, name=name)
        for name in ("Fresh", "Again", "Waiting", "Ended", "Late")
    )
    Candidate.objects.filter(pk=again.pk).update(invited_at=now)
    InvitationMail.objects.create(candidate=waiting, created_at=now)
    SessionFactory(candidate=ended, completed=True)
    SessionFactory(candidate=late, timed_out=True, test_start_time=now - timedelta(days=1))
    chosen = [str(one.pk) for one in (fresh, again, waiting, ended, late)]
    page = console.post(
        reverse("admin:sessions_app_candidate_changelist"),
        {"action": "invite", "_selected_action": chosen},
    )
    plan = page.context["plan"]
    assert (plan.fresh, plan.again, plan.waiting, plan.finished) == (
        [fresh], [again], [waiting], [ended, late],
    )  # fmt: skip
    assert "Invite 1" in page.content.decode() and not mail.outbox

    send = reverse("admin:candidates_invite")
    console.post(send, {"candidates": ",".join(chosen), "confirmed": "on"})
    assert set(InvitationMail.objects.values_list("candidate__name", flat=True)) == {
        "Fresh", "Waiting",
    }  # fmt: skip
    console.post(send, {"candidates": ",".join(chosen), "confirmed": "on", "again": "on"})
    assert InvitationMail.objects.count() == 3


def test_the_first_visit_to_the_link_is_kept_but_not_that_of_staff(client, console, assessment):
    one = CandidateFactory(assessment=assessment)
    link = reverse("proctoring:enter", args=[token_for(one)])
    console.get(link)
    one.refresh_from_db()
    assert one.link_opened_at is None

    client.logout()
    client.get(link)
    one.refresh_from_db()
    first = one.link_opened_at
    client.get(link)
    one.refresh_from_db()
    assert first is not None and one.link_opened_at == first
    assert candidates_with_state(now=clock.now()).get().state == "opened"


def test_mails_with_a_problem_are_named_and_can_be_sent_again(console, assessment):
    one = CandidateFactory(assessment=assessment, name="Lost")
    made = {"candidate": one, "created_at": clock.now()}
    InvitationMail.objects.create(**made, status="failed", error="550 No such user")
    page = console.get(reverse("admin:candidates_mails"), {"assessment": str(assessment.pk)})
    assert b"550 No such user" in page.content and b"Send again" in page.content
    data = {"candidates": page.context["troubled_ids"], "confirmed": "on"}
    console.post(reverse("admin:candidates_invite"), data)
    fragment = console.get(reverse("admin:candidates_mails"), headers={"HX-Request": "true"})
    assert b"550" not in fragment.content and b"<html" not in fragment.content
    listed = reverse("admin:sessions_app_candidate_changelist")
    assert b"Lost" in console.get(listed, {"mail": "queued"}).content
    assert b"Lost" not in console.get(listed, {"mail": "failed"}).content
