import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Subscription
from common import clock
from diagnostics import counters
from diagnostics.models import DiagnosticRun, RepairRun, UserErrorReport
from diagnostics.selectors.key_metrics import key_metrics
from diagnostics.services.diagnose import diagnose
from diagnostics.services.nightly import run_nightly
from tests.factories import UserFactory, staff_with

pytestmark = pytest.mark.django_db


def test_starts_are_counted_by_result(api, owner, bank):
    from practice.models import QuestionMain

    row = QuestionMain.objects.filter(kind="design").first()
    api.post("/api/v1/practice-main", {"question_main_id": row.pk}, format="json")
    api.post("/api/v1/practice-main", {"question_main_id": row.pk}, format="json")
    api.post("/api/v1/practice-main", {"question_main_id": 999999}, format="json")

    today = counters.counts(clock.now().date())["practice"]

    assert today == {"created": 1, "existing": 1, "refused": 1, "failed": 0}
    assert key_metrics(now=clock.now()).creation_success_rate == 1.0


def test_metrics_show_the_documents_key_metrics(client, staff):
    UserErrorReport.objects.create(created_at=clock.now())
    diagnose(trigger="command", now=clock.now())
    client.force_login(staff)

    text = client.get("/metrics").content.decode()

    assert "etude_ghost_sessions 0.0" in text
    assert "etude_user_error_reports_24h 1.0" in text


def test_metrics_are_for_staff_who_may_diagnose(client, stranger):
    operator = staff_with("diagnostics.view_diagnosticrun")
    for person, status in ((stranger, 403), (UserFactory(staff=True), 403), (operator, 200)):
        client.force_login(person)
        assert client.get("/metrics").status_code == status


def test_a_scraper_brings_its_token(client, settings):
    settings.METRICS_TOKEN = "scrape-me"

    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer scrape-me").status_code == 200
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 403


def test_anyone_may_report_an_error_but_not_flood(client):
    body = {"request_id": "abc", "path": "/x", "note": "It broke."}
    codes = [client.post("/report-problem", body).status_code for _ in range(11)]

    assert codes == [302] * 10 + [429]
    assert UserErrorReport.objects.count() == 10
    assert UserErrorReport.objects.first().request_id == "abc"


def test_the_nightly_run_mails_what_is_new_and_only_once(settings, mailoutbox):
    settings.ADMINS = [("Ops", "ops@example.com")]
    Subscription.objects.filter(user=UserFactory()).delete()

    run_nightly(now=clock.now())
    run_nightly(now=clock.now())

    assert len(mailoutbox) == 1
    assert "subscription_missing" in mailoutbox[0].body


def test_staff_diagnose_plan_apply_and_undo_in_the_admin(client, staff):
    user = UserFactory()
    Subscription.objects.filter(user=user).delete()
    client.force_login(staff)

    assert client.post("/admin/diagnostics/diagnosticrun/run", follow=True).status_code == 200
    assert DiagnosticRun.objects.get().high == 1
    assert client.post("/admin/diagnostics/diagnosticrun/plan", follow=True).status_code == 200
    run = RepairRun.objects.get()
    for action, there in (("apply_plans", True), ("undo_repairs", False)):
        asked = {"action": action, "_selected_action": [str(run.pk)]}
        page = client.post("/admin/diagnostics/repairrun/", asked)
        assert "1 repair" in page.content.decode()
        assert Subscription.objects.filter(user=user).exists() is not there
        client.post("/admin/diagnostics/repairrun/", {**asked, "confirmed": "yes"})
        assert Subscription.objects.filter(user=user).exists() is there


@pytest.mark.skipif(not settings.REDIS_URL, reason="nothing is shared without Redis")
def test_the_cache_can_be_emptied():
    counters.count("practice", "created")

    call_command("clear_cache")

    assert counters.counts(clock.now().date())["practice"]["created"] == 0
