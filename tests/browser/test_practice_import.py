"""Files of practice on the import page: the plan, dates that can be read in two ways, long and large files."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.record import make_ana
from tests.tracking.files import csv_of, row
from tracking.models import PracticeLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana(transactional_db):
    return make_ana()


def test_the_dates_of_a_file_are_asked_for_where_one_stands(page: Page, ana, sign_in, tmp_path):
    file = tmp_path / "history.csv"
    file.write_bytes(csv_of(row(1), row(4, date="03/04/2026"), row(5, date="05/11/2025")))
    sign_in(page, ana)
    page.goto("/logs/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("history.csv")).to_be_visible()
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name="3 April 2026").click()

    expect(page.get_by_text("Are dates such as 03/04/2026")).to_have_count(0)
    expect(page.locator("tbody")).to_contain_text("3 Apr 2026")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Undo the whole import")).to_be_visible()
    assert PracticeLog.objects.filter(date_practiced=date(2026, 4, 3)).count() == 1


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
    expect(page.get_by_text("Are dates such as 03/04/2026")).to_be_visible()
    expect(page.get_by_text("Creates skill Rust")).to_be_visible()
    check_axe(page)
    shots(page, "record-import-plan")
    page.get_by_label("Leave out the rows with errors").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Undo the whole import")).to_be_visible()
    assert PracticeLog.objects.filter(date_practiced__lte=date(2026, 1, 31)).count() == 3
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


def test_the_export_of_a_tracker_is_mapped_asked_about_and_read_again(
    page: Page, ana, sign_in, check_axe, shots, tmp_path
):
    file = tmp_path / "toggl.csv"
    file.write_bytes(
        b"Description,Duration,Member,Project,Tags,Start date,Start time\n"
        b"Ownership and borrowing,1:30:00,Ana,Rust,reading,03/04/2026,09:00\n"
        b"Tour,0:47:06,Ana,Go,reading,04/04/2026,09:00\n"
    )
    sign_in(page, ana)
    page.goto("/logs/import")
    shots(page, "record-import")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what it would do").click()

    expect(page.get_by_role("heading", name="An export of Toggl Track")).to_be_visible()
    expect(page.get_by_label("Skill", exact=True)).to_have_value("Project")
    check_axe(page)
    shots(page, "record-import-tracker")
    page.get_by_role("button", name="3 April 2026").click()
    expect(page.get_by_text("Creates 2 skills: Rust, Go")).to_be_visible()
    shots(page, "record-import-tracker-answered")
    page.get_by_label("Skill", exact=True).select_option("Tags")
    page.get_by_role("button", name="Read it again").click()
    expect(page.get_by_text("Creates skill reading")).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Created skill reading")).to_be_visible()
    logs = PracticeLog.objects.filter(skill__name="reading").order_by("date_practiced")
    assert [log.date_practiced for log in logs] == [date(2026, 4, 3), date(2026, 4, 4)]
