"""Staff run a test from the console: invite, watch, act with a reason, read what was written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from common import clock
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.services.demo import ensure_demo_assessment
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.services.answers import Save, save_progress
from sessions_app.proctoring.services.demo import ensure_demo_candidate
from sessions_app.proctoring.services.outages import record_web_heartbeat
from sessions_app.proctoring.services.starting import start_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def console(page, sign_in, staff):
    sign_in(page, staff)
    return page


@pytest.fixture
def session():
    """Somebody works; one answer was written in two tabs."""
    candidate, now = ensure_demo_candidate(), clock.now()
    record_web_heartbeat(now=now)
    start_session(candidate=candidate, asked_minutes=None, tab="a", now=now)
    key = str(CodingQuestion.objects.get(slug="matching-brackets").pk)
    for tab, code in (("a", "# older words"), ("b", "# newer words")):
        save = Save({key: {"code": code, "language": "python"}}, tab=tab, sequence=1)
        save_progress(candidate_id=candidate.pk, save=save, now=now)
    return ProctoredSession.objects.get()


def sitting(session):
    return reverse("admin:sessions_app_proctoredsession_change", args=[session.pk])


def act(page, action, reason, *, minutes=""):
    page.get_by_label("What").select_option(label=action)
    page.get_by_label("Minutes").fill(minutes)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Apply").click()


def confirm(page, session, check_axe):
    """A second page names the candidate; going back changes nothing."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(session.candidate.name)
    check_axe(page)
    page.get_by_role("button", name=session.candidate.name).click()


def test_staff_give_time_end_reopen_and_void_with_a_reason(console, session, staff, check_axe):
    console.goto(sitting(session))
    before = session.deadline
    act(console, "Give more time", "Fire alarm", minutes="15")
    expect(console.get_by_text("Done, and written to the log")).to_be_visible()
    session.refresh_from_db()
    assert session.deadline == before + timedelta(minutes=15)

    for action, reason, status in (
        ("End now", "Left the room", "completed"),
        ("Reopen", "Wrong person ended", "active"),
        ("Declare void", "Somebody else sat it", "completed"),
    ):
        act(console, action, reason, minutes="20" if action == "Reopen" else "")
        if action != "Reopen":
            confirm(console, session, check_axe)
        expect(console.get_by_role("region", name="Log")).to_contain_text(reason)
        session.refresh_from_db()
        assert session.status == status
    assert session.voided_at is not None
    log = console.get_by_role("region", name="Log")
    expect(log).to_contain_text(f"staff {staff.get_username()}")
    assert session.events.filter(who=f"staff:{staff.pk}").count() == 4


def test_without_a_reason_or_minutes_nothing_happens(console, session):
    console.goto(sitting(session))
    act(console, "End now", "")  # the browser itself asks for the reason
    act(console, "Declare void", "Perhaps somebody else")
    console.get_by_role("link", name="Go back").click()
    act(console, "Give more time", "Fire alarm")
    expect(console.get_by_text("Say how many minutes.")).to_be_visible()
    session.refresh_from_db()
    assert session.status == "active" and not session.events.filter(kind="staff").exists()


def test_the_board_refreshes_itself(console, session):
    console.goto(reverse("admin:proctoring_live"))
    expect(console.locator(".board-counts")).to_contain_text("1 beating")
    late = clock.now() - timedelta(minutes=3)
    session.beat.__class__.objects.update(last_heartbeat=late)
    expect(console.locator(".board-counts")).to_contain_text("1 missing", timeout=15_000)
    expect(console.locator(".board-state")).to_contain_text("no beat for")


def test_an_invitation_goes_out_and_its_link_opens_the_rules(console, worker):
    candidate = ensure_demo_candidate()
    console.goto(reverse("admin:sessions_app_candidate_changelist"))
    console.get_by_role("checkbox", name="Select this object for an action").check()
    console.get_by_label("Action:").select_option(label="Invite by mail…")
    console.get_by_role("button", name="Run the selected action").or_(
        console.get_by_role("button", name="Go")
    ).click()
    console.get_by_role("button", name="Invite 1").click()
    expect(console.get_by_text("1 invitation queued.")).to_be_visible()
    expect(console.get_by_role("status")).to_contain_text("1 of 1 done")

    (sent,) = mail.outbox
    assert sent.to == [candidate.email]
    link = next(word for word in sent.body.split() if "/t/ct_" in word)
    console.goto(link[link.index("/t/") :])
    expect(console.get_by_role("heading", name="What is recorded, and why")).to_be_visible()


def test_a_list_is_checked_added_and_invited(console, looks_good, problems, shots, worker):
    assessment = ensure_demo_assessment()
    rows = ["Name\tAddress\tExtra minutes", *(f"Person {n}\tp{n}@example.com\t" for n in range(9))]
    rows += ["Nobody\tnowhere\t", "Ana Lee\tana@example.com\t15", "Ana L.\tANA@example.com\t"]

    def look(name):
        shots(console, name)
        looks_good(console)
        problems.clear()  # axe sets styles of its own on forms

    console.goto(reverse("admin:sessions_app_candidate_changelist"))
    console.get_by_role("link", name="Add from a list").click()
    console.get_by_label("Assessment").select_option(label=str(assessment))
    console.get_by_label("List").fill("\n".join(rows))
    look("many")
    console.get_by_role("button", name="Check the list").click()
    expect(console.get_by_text("The address is not valid.")).to_be_visible()
    expect(console.get_by_text("The same address as row")).to_be_visible()
    look("many-plan")
    console.get_by_role("button", name="Add and invite 10").click()
    expect(console.get_by_role("status")).to_contain_text("10 of 10 done")
    look("mails")
    assert sorted(to for one in mail.outbox for to in one.to)[0] == "ana@example.com"
    assert len(mail.outbox) == 10

    console.goto(reverse("admin:sessions_app_candidate_changelist"))
    console.locator("#action-toggle").check()
    console.get_by_label("Action:").select_option(label="Invite by mail…")
    console.get_by_role("button", name="Run the selected action").or_(
        console.get_by_role("button", name="Go")
    ).click()
    expect(console.get_by_label("Send a new mail to the 10")).to_be_checked()
    look("invite")


def test_the_console_of_tests_wide_and_narrow_light_and_dark(
    console, session, looks_good, problems
):
    assessment = ensure_demo_assessment()
    question = CodingQuestion.objects.get(slug="build-farm")
    admin = "admin:sessions_app_"
    for address in (
        reverse("admin:proctoring_live"),
        sitting(session),
        reverse("admin:proctoring_analytics"),
        reverse(f"{admin}candidate_change", args=[session.pk]),
        reverse(f"{admin}candidate_add"),
        reverse(f"{admin}codingquestion_change", args=[question.pk]),
        reverse(f"{admin}codingquestion_import"),
        reverse(f"{admin}codingquestion_export"),
        reverse(f"{admin}assessment_change", args=[assessment.pk]),
        reverse(f"{admin}outage_changelist"),
    ):
        console.goto(address)
        assert problems == []
        looks_good(console)
        problems.clear()  # axe sets styles of its own on forms, and the policy refuses them


def test_a_question_is_written_in_rows_and_an_answer_is_played_back(console, session, shots):
    ensure_demo_assessment()
    question = CodingQuestion.objects.get(slug="matching-brackets")
    hidden = len(question.test_cases)
    console.goto(reverse("admin:sessions_app_codingquestion_change", args=[question.pk]))
    expect(console.locator(".preview-text")).to_contain_text("bracket")
    expect(console.locator("html")).to_have_attribute("data-ready", "true")
    console.get_by_role("button", name="Add a case").click()
    row = console.locator(".case").last
    expect(row.get_by_label("Kind")).to_be_focused()
    row.get_by_label("Input:", exact=True).fill("()[]\n")
    row.get_by_label("Expected output").fill("ok")
    row.get_by_label("Kind").select_option("generated")
    expect(row.get_by_label("Input:", exact=True)).to_be_hidden()
    row.get_by_label("Kind").select_option("hidden")
    console.get_by_role("button", name="Check").click()
    expect(console.locator("#check")).to_contain_text("No worker that runs code has reported")
    shots(console, "question-form")
    console.get_by_role("button", name="Save and continue editing").click()
    expect(console.locator(".success")).to_be_visible()
    question.refresh_from_db()
    assert question.test_cases[-1] == {"input": "()[]\n", "output": "ok"}
    assert len(question.test_cases) == hidden + 1

    console.goto(sitting(session))
    console.get_by_role("button", name="Play how").click()
    player = console.locator(".playback")
    expect(player.locator("pre")).to_have_text("# newer words")
    player.get_by_role("slider").press("ArrowLeft")
    expect(player.locator("pre")).to_have_text("# older words")
    player.get_by_role("slider").press("Home")
    player.get_by_role("button", name="Play").click()
    expect(player.locator("pre")).to_have_text("# newer words")
    expect(player.locator("output")).to_contain_text("save 3 of 3")
    shots(console, "sitting-playback")
