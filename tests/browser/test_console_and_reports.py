"""The staff console at both widths and themes, and "Report this" on a failure toast."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Subscription
from common import clock
from diagnostics.models import DiagnosticRun, RepairRun, Trigger, UserErrorReport
from diagnostics.services.applying import apply_run, claim
from diagnostics.services.diagnose import diagnose
from diagnostics.services.repair import plan_repairs
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_console_says_first_what_needs_attention(page, sign_in, staff, check_axe, shots):
    Subscription.objects.filter(user=UserFactory()).delete()
    diagnose(trigger=Trigger.COMMAND, now=clock.now())
    sign_in(page, staff)

    page.goto("/admin/")
    section = page.get_by_role("region", name="Needs attention")
    expect(section.get_by_role("link", name="High People without a subscription 1")).to_be_visible()
    shots(page, "console")
    check_axe(page)

    page.get_by_role("link", name="Trend of each check").first.click()
    expect(page.get_by_role("img", name="1, one run")).to_be_visible()
    check_axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_plan_is_made_applied_and_undone_once_however_often_its_buttons_are_pressed(
    page, sign_in, staff, check_axe, shots
):
    users = UserFactory.create_batch(3)
    Subscription.objects.filter(user__in=users).delete()
    sign_in(page, staff)
    page.goto("/admin/diagnostics/diagnosticrun/")

    page.get_by_role("button", name="Diagnose now").dblclick()
    expect(page.get_by_role("row", name="High People without a subscription")).to_be_visible()
    page.get_by_text("3 of 3").click()
    expect(page.get_by_text(f"{users[0].username} has no subscription.")).to_be_visible()
    assert DiagnosticRun.objects.count() == 1
    shots(page, "diagnosis")
    check_axe(page)

    page.get_by_role("button", name="Plan repairs").dblclick()
    expect(page.get_by_role("button", name="Apply 3 repairs…")).to_be_visible()
    assert RepairRun.objects.count() == 1
    check_axe(page)

    page.get_by_role("button", name="Apply 3 repairs…").dblclick()
    page.get_by_role("button", name="Apply 3 repairs", exact=True).dblclick()
    expect(page.get_by_text("3 applied.")).to_be_visible()
    assert Subscription.objects.filter(user__in=users).count() == 3
    shots(page, "repair")
    check_axe(page)

    page.get_by_role("button", name="Undo 3 repairs…").click()
    page.get_by_role("button", name="Undo 3 repairs", exact=True).dblclick()
    expect(page.get_by_text("3 undone.")).to_be_visible()
    assert not Subscription.objects.filter(user__in=users).exists()


def test_lists_are_cards_on_a_phone_and_scroll_by_keyboard_where_they_are_too_wide(
    page, sign_in, staff, check_axe, shots
):
    Subscription.objects.filter(user=UserFactory()).delete()
    diagnose(trigger=Trigger.COMMAND, now=clock.now())
    sign_in(page, staff)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/diagnostics/finding/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Findings")
    row = page.get_by_role("row", name="People without a subscription")
    expect(row.get_by_role("cell", name="High")).to_have_attribute("data-label", "Severity")
    assert row.evaluate("row => row.scrollWidth <= row.clientWidth")
    expect(page.locator("#changelist-filter details[open]")).to_have_count(0)
    shots(page, "findings")
    check_axe(page)

    page.set_viewport_size({"width": 800, "height": 700})
    page.goto("/admin/accounts/user/")
    place = page.get_by_role("region", name="Users, scrolls sideways")
    expect(place).to_have_attribute("data-more", "")
    place.focus()
    page.keyboard.press("End")
    place.evaluate("place => place.scrollTo(place.scrollWidth, 0)")
    expect(place).not_to_have_attribute("data-more", "")
    check_axe(page)


def test_a_button_that_was_pressed_says_so_and_sends_once(page, sign_in, staff):
    sign_in(page, staff)
    page.goto("/admin/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    words = page.get_by_role("button", name="Diagnose now").evaluate(
        """button => {
            const prevented = [];
            const note = event => prevented.push(event.defaultPrevented);
            window.addEventListener("submit", note);
            button.click();
            button.click();
            return [button.textContent, button.getAttribute("aria-disabled"), prevented];
        }"""
    )
    page.wait_for_url("**/diagnosticrun/*/change/")

    assert words == ["Diagnosing…", "true", [False, True]]
    assert len(sent) == 1


def test_a_repair_that_a_worker_applies_shows_how_far_it_is(page, sign_in, staff, check_axe, shots):
    Subscription.objects.filter(user__in=UserFactory.create_batch(2)).delete()
    run = plan_repairs(trigger=Trigger.ADMIN, now=clock.now(), planned_by=staff)
    claim(run=run, now=clock.now(), executed_by=staff)
    sign_in(page, staff)
    page.goto(f"/admin/diagnostics/repairrun/{run.pk}/change/")
    expect(page.get_by_role("status")).to_have_text("0 of 2 repairs done")
    shots(page, "repair-progress")
    check_axe(page)

    apply_run(run=run, now=clock.now())

    expect(page.get_by_role("button", name="Undo 2 repairs…")).to_be_visible(timeout=15_000)


def test_a_failure_toast_can_be_reported(page, sign_in, owner, problems):
    sign_in(page, owner)
    page.route(
        "**/boom",
        lambda route: route.fulfill(
            status=500, headers={"X-Request-ID": "ref-123"}, body='{"error": "It broke."}'
        ),
    )
    page.goto("/dashboard")
    page.evaluate(
        """() => {
        const button = Object.assign(document.createElement("button"), {textContent: "Boom"});
        button.setAttribute("hx-post", "/boom");
        document.querySelector("main").append(button);
        htmx.process(button);
    }"""
    )

    page.get_by_role("button", name="Boom").click()
    page.get_by_role("button", name="Report this").click()

    expect(page.get_by_text("We have your report and the reference.")).to_be_visible()
    report = UserErrorReport.objects.get()
    assert (report.user, report.request_id) == (owner, "ref-123")
    assert (report.path, report.note) == ("POST /boom", "It broke.")
    problems.clear()  # htmx says the 500 in the console too
