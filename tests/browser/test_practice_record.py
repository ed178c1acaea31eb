"""The pages of skills, logs, activity and import as a person meets them."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from common import clock
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import UserFactory
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tests.tracking.files import csv_of, row
from tracking.models import PracticeLog, StreakPause

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana(transactional_db):
    user = UserFactory(username="ana", first_name="Ana")
    today = clock.now().date()
    react, sql = (SkillFactory(user=user, name=name) for name in ("React", "SQL queries"))
    SkillFactory(user=user, name="System design")
    for age in range(70):
        if age % 3 != 1 or age < 5:
            PracticeLogFactory(
                skill=react if age % 2 else sql,
                date_practiced=today - timedelta(days=age),
                duration_minutes=15 + age * 17 % 100,
                description=f"Worked through exercise {age}",
                difficulty_rating=age % 5 + 1,
            )
    log = PracticeLog.objects.filter(skill=react).newest_first().first()
    EvidenceFactory(skill=react, log=log, content="Effects run **after** paint.")
    EvidenceFactory(
        skill=react,
        evidence_type="link",
        title="Todo app",
        content="https://github.com/ana/todo",
    )
    EvidenceFactory(
        skill=react,
        evidence_type="screenshot",
        content="",
        filename="board.png",
        size_bytes=81_000,
        uploaded_at=clock.now(),
    )
    StreakPause.objects.create(
        user=user,
        start_date=today - timedelta(days=20),
        end_date=today - timedelta(days=12),
        reason="holiday",
        created_at=clock.now(),
    )
    return user


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


def test_the_dates_of_a_file_are_asked_for_where_one_stands(page: Page, ana, sign_in, tmp_path):
    file = tmp_path / "history.csv"
    file.write_bytes(csv_of(row(1), row(4, date="03/04/2026"), row(5, date="05/11/2025")))
    sign_in(page, ana)
    page.goto("/logs/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("history.csv")).to_be_visible()
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name="3 April 2026").click()

    expect(page.get_by_text("can be read in two ways")).to_have_count(0)
    expect(page.locator("tbody")).to_contain_text("3 Apr 2026")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Undo the whole import")).to_be_visible()
    assert PracticeLog.objects.filter(date_practiced=date(2026, 4, 3)).count() == 1


def test_one_click_logs_and_one_click_takes_it_back(page: Page, ana, sign_in):
    sign_in(page, ana)
    page.goto("/skills")
    card = page.locator(".card", has_text="System design")

    card.get_by_role("button", name="Log 30 min of System design").click()
    expect(card.get_by_text("Logged 30 min.")).to_be_visible()
    assert PracticeLog.objects.filter(skill__name="System design").count() == 1
    card.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("button", name="Log 30 min of System design")).to_be_visible()
    assert not PracticeLog.objects.filter(skill__name="System design").exists()


def test_a_row_is_edited_deleted_and_brought_back_in_place(page: Page, ana, sign_in, check_axe):
    sign_in(page, ana)
    page.goto("/logs")
    first = page.locator("tbody tr").first

    first.get_by_role("link", name="Edit the session").click()
    expect(page.get_by_label("Minutes")).to_be_visible()
    check_axe(page)
    page.get_by_label("Minutes").fill("0")
    page.get_by_label("What did you practise?").fill("A better description")
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


def test_a_file_becomes_a_plan_then_logs_then_nothing(
    page: Page, ana, sign_in, check_axe, shots, tmp_path
):
    file = tmp_path / "history.csv"
    file.write_bytes(
        csv_of(row(1), row(2), row(3, minutes="0"), row(4, date="03/04/2026"), row(5, skill="Rust"))
    )
    sign_in(page, ana)
    page.goto("/logs/import")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what it would do").click()

    expect(page.get_by_role("heading", name="What cannot be read")).to_be_visible()
    expect(page.get_by_text("can be read in two ways")).to_be_visible()
    check_axe(page)
    shots(page, "record-import-plan")
    page.get_by_label("Leave out the rows with errors").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Undo the whole import")).to_be_visible()
    assert PracticeLog.objects.filter(date_practiced__lte=date(2026, 1, 31)).count() == 2
    shots(page, "record-import-applied")
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("was undone")).to_be_visible()
    assert not PracticeLog.objects.filter(date_practiced__lte=date(2026, 1, 31)).exists()


def test_a_large_file_shows_its_progress_and_finishes_by_itself(
    page: Page, ana, sign_in, worker, tmp_path
):
    file = tmp_path / "long.csv"
    file.write_bytes(csv_of(*[row(n % 28 + 1, minutes=str(n % 90 + 1)) for n in range(6000)]))
    sign_in(page, ana)
    page.goto("/logs/import")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what it would do").click()

    expect(page.get_by_role("button", name="Apply")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Undo the whole import")).to_be_visible(timeout=60_000)
    assert PracticeLog.objects.filter(import_plan__isnull=False).count() == 6000


def test_a_file_that_is_too_large_is_not_even_sent(page: Page, ana, sign_in, tmp_path):
    file = tmp_path / "years.csv"
    file.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    sign_in(page, ana)
    page.goto("/logs/import")
    page.locator("input[type=file]").set_input_files(file)

    expect(page.get_by_text("This file has 11 MB; it may have at most 10 MB.")).to_be_visible()
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", name="Import and export")).to_be_visible()
    file.write_bytes(csv_of(row(1)))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("button", name="Apply")).to_be_visible()
