"""The pages of skills, logs, activity and import as a person meets them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.record import make_ana
from tests.factories import UserFactory
from tracking.models import PracticeLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana(transactional_db):
    return make_ana()


def test_the_pages_are_accessible_and_look_right(page: Page, ana, sign_in, check_axe, shots):
    sign_in(page, ana)
    react = ana.skills.get(name="React")
    for name, path in [
        ("skills", "/skills"),
        ("skill", f"/skills/{react.pk}"),
        ("logs", "/logs"),
        ("activity", "/skills/activity"),
        ("import", "/logs/import"),
        ("log-form", "/logs/new"),
        ("delete-skill", f"/skills/{react.pk}/delete"),
    ]:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        fits_and_is_accessible(page, check_axe)
        shots(page, f"record-{name}")


def fits_and_is_accessible(page: Page, check_axe):
    """On a wide screen and on a phone, light and dark, with every fold open."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Not the menu of the app bar, which would lie over the page.
            page.locator("main details").evaluate_all(
                "all => all.forEach((fold) => (fold.open = true))"
            )
            check_axe(page)
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) == 0, f"{page.url} is too wide for {size['width']}"
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")


def test_empty_pages_invite(page: Page, sign_in, check_axe, shots):
    sign_in(page, UserFactory())
    for name, path in [
        ("skills", "/skills"),
        ("logs", "/logs"),
        ("activity", "/skills/activity"),
        ("log-form", "/logs/new"),
    ]:
        page.goto(path)
        fits_and_is_accessible(page, check_axe)
        shots(page, f"record-empty-{name}")


def test_the_first_session_names_the_first_skill_by_keyboard(page: Page, sign_in):
    newcomer = UserFactory()
    sign_in(page, newcomer)
    page.goto("/logs")
    page.get_by_role("link", name="Log practice").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/logs/new"))
    page.get_by_label("Skill").focus()
    page.keyboard.type("Chess openings")
    page.get_by_label("Minutes").focus()
    page.keyboard.type("25")
    page.keyboard.press("Tab")
    page.keyboard.type("Two lines of the Caro-Kann")
    expect(page.get_by_text("26 characters of 500")).to_be_visible()
    page.get_by_label("Minutes").focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Chess openings")
    log = PracticeLog.objects.get(user=newcomer)
    assert (log.skill.name, log.duration_minutes) == ("Chess openings", 25)


def test_a_phone_shows_a_session_as_a_card(page: Page, ana, sign_in):
    sign_in(page, ana)
    page.set_viewport_size(PHONE)
    page.goto("/logs")

    first = page.locator("tbody tr").first
    assert first.bounding_box()["height"] < 180
    date, minutes = first.locator("td").nth(0), first.locator("td").nth(2)
    assert abs(date.bounding_box()["y"] - minutes.bounding_box()["y"]) < 8


def test_one_click_logs_and_one_click_takes_it_back(page: Page, ana, sign_in):
    sign_in(page, ana)
    page.goto("/skills")
    card = page.locator(".card", has_text="System design")
    sessions = page.locator("#totals .stat-note").last
    before = int(sessions.inner_text().split()[0])

    card.get_by_role("button", name="Log 30 min of System design").click()
    expect(card.get_by_text("Logged 30 min.")).to_be_visible()
    assert PracticeLog.objects.filter(skill__name="System design").count() == 1
    expect(sessions).to_have_text(f"{before + 1} sessions")
    expect(page.locator("#streak")).to_have_attribute("data-state", "lit")
    card.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("button", name="Log 30 min of System design")).to_be_visible()
    assert not PracticeLog.objects.filter(skill__name="System design").exists()
    expect(sessions).to_have_text(f"{before} session{'' if before == 1 else 's'}")


def test_a_row_is_edited_deleted_and_brought_back_in_place(page: Page, ana, sign_in, check_axe):
    sign_in(page, ana)
    page.goto("/logs")
    first = page.locator("tbody tr").first

    first.get_by_role("link", name="Edit the session").click()
    expect(page.get_by_label("Minutes")).to_be_visible()
    check_axe(page)
    page.get_by_label("Minutes").fill("0")
    page.get_by_label("What did you practice?").fill("A better description")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("tbody tr").first).to_contain_text("1")
    page.get_by_label("Minutes").fill("33")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("tbody tr").first).to_contain_text("A better description")

    page.locator("tbody tr").first.get_by_role("link", name="Delete the session").click()
    expect(page.get_by_role("alert")).to_contain_text("Delete 33 min")
    check_axe(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted 33 min")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr").first).to_contain_text("A better description")


def test_filters_stand_in_the_address(page: Page, ana, sign_in):
    sign_in(page, ana)
    page.goto("/logs")

    page.get_by_label("Skill").select_option(label="SQL queries")
    expect(page.locator("tbody tr", has_text="React")).to_have_count(0)
    expect(page).to_have_url(re.compile("skill_id="))
    page.reload()
    expect(page.locator("tbody tr", has_text="React")).to_have_count(0)
