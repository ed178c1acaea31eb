"""The console without its script: what the server itself holds when a button is pressed twice."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from diagnostics.models import DiagnosticRun, RepairRun, Trigger
from diagnostics.selectors.attention import last_full_run, needs_attention
from diagnostics.services.diagnose import diagnose
from diagnostics.services.repair import plan_repairs
from tests.factories import UserFactory, staff_with
from tests.interviews.factories import SessionFactory

pytestmark = pytest.mark.django_db
RUN, PLAN = reverse("admin:diagnostics_run"), reverse("admin:diagnostics_plan")
REPAIRS = reverse("admin:diagnostics_repairrun_changelist")


@pytest.fixture
def console(staff):
    client = Client()
    client.force_login(staff)
    return client


def test_diagnosing_twice_shows_what_the_first_has_found(console, missing):
    answers = [console.post(RUN) for _ in range(2)]

    assert len({answer.url for answer in answers}) == 1
    assert DiagnosticRun.objects.count() == 1


def test_planning_twice_from_one_page_makes_one_plan(console, missing):
    key = uuid.uuid4()
    answers = [console.post(PLAN, {"key": key}) for _ in range(2)]

    assert {answer.url for answer in answers} == {f"{REPAIRS}{key}/change/"}
    assert RepairRun.objects.get().pk == key


def test_applying_twice_applies_once_and_says_so(console, missing, staff):
    run = plan_repairs(trigger=Trigger.ADMIN, now=clock.now())
    body = {"action": "apply_plans", "_selected_action": run.pk, "confirmed": "yes"}

    first, second = (console.post(REPAIRS, body, follow=True) for _ in range(2))

    assert "1 applied." in first.content.decode()
    assert "already applied or undone" in second.content.decode()
    run.refresh_from_db()
    assert (run.status, run.executed_by) == ("applied", staff)

    console.post(REPAIRS, {**body, "action": "undo_repairs"})
    run.refresh_from_db()
    assert (run.status, run.undone_by) == ("undone", staff)


def test_a_large_plan_goes_to_a_worker(console, missing, settings):
    settings.REPAIR_ROWS_AT_ONCE = 0
    run = plan_repairs(trigger=Trigger.ADMIN, now=clock.now())
    body = {"action": "apply_plans", "_selected_action": run.pk, "confirmed": "yes"}

    page = console.post(REPAIRS, body, follow=True).content.decode()
    progress = console.get(reverse("admin:repair_progress", args=[run.pk])).json()

    assert "A worker applies it." in page
    assert progress == {
        "state": "applying",
        "done": 0,
        "total": 1,
        "words": "0 of 1 repairs done",
    }


def test_only_who_may_see_repairs_sees_them(missing):
    run = plan_repairs(trigger=Trigger.ADMIN, now=clock.now())
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    assert client.get(f"{REPAIRS}{run.pk}/change/").status_code == 403
    assert client.get(reverse("admin:repair_progress", args=[run.pk])).status_code == 403


def test_who_may_diagnose_plans_and_reads_the_plan_but_applies_nothing(missing):
    client = Client()
    client.force_login(staff_with("diagnostics.view_diagnosticrun"))
    client.post(reverse("admin:diagnostics_plan"), follow=True)
    run = RepairRun.objects.get()

    assert client.get(f"{REPAIRS}{run.pk}/change/").status_code == 200
    client.post(REPAIRS, {"action": "apply_plans", "_selected_action": run.pk, "confirmed": "yes"})
    run.refresh_from_db()
    assert run.status == "planned"


def test_by_hand_says_because(console, db):
    user = UserFactory()
    SessionFactory.create_batch(5, user=user, started_at=clock.now())

    page = console.post(RUN, follow=True).content.decode()

    assert "<strong>By hand, because</strong> the sessions may all be wanted" in page


@pytest.mark.sqlite
def test_a_look_at_a_few_checks_hides_nothing_that_the_last_full_one_found(missing):
    full, _ = diagnose(trigger=Trigger.COMMAND, now=clock.now())
    diagnose(trigger=Trigger.API, now=clock.now(), names=["ghost_sessions"])
    diagnose(trigger=Trigger.API, now=clock.now(), user_id=missing.pk + 1)

    assert last_full_run() == full
    assert [item.words for item in needs_attention(now=clock.now())] == [
        "People without a subscription"
    ]


def test_findings_show_what_was_found_worst_first_and_lead_to_the_diagnosis(console, missing):
    address = reverse("admin:diagnostics_finding_changelist")
    assert "Nothing has been looked at yet" in console.get(address).content.decode()
    run, _ = diagnose(trigger=Trigger.COMMAND, now=clock.now())

    page = console.get(address)
    body = page.content.decode()
    assert [row.check_name for row in page.context["cl"].result_list] == ["subscription_missing"]
    assert 'severity-high">High' in body and "By a repair" in body
    assert reverse("admin:diagnostics_diagnosticrun_change", args=[run.pk]) in body

    run.findings.filter(check_name="stale_locks").update(error="ProgrammingError")
    severities = [
        row.severity for row in console.get(f"{address}?found=all").context["cl"].result_list
    ]
    worst = ["critical", "high", "medium", "low"]
    assert severities == sorted(severities, key=worst.index) and len(severities) > 20
    assert "the check itself broke" in console.get(address).content.decode()

    nothing = console.get(f"{address}?severity__exact=low").content.decode()
    assert "no check found a row that fits the filter" in nothing
