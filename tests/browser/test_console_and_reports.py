"""The staff console at both widths and themes, and "Report this" on a failure toast."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Subscription
from common import clock
from diagnostics.models import Trigger, UserErrorReport
from diagnostics.services.diagnose import diagnose
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

    page.get_by_role("link", name="Trend of each check").click()
    expect(page.get_by_role("img", name="1, one run")).to_be_visible()
    check_axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


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
