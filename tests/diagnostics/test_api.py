import pytest

from accounts.models import AuditEntry, Subscription
from diagnostics.models import DiagnosticRun, RepairRun
from tests.factories import staff_with

pytestmark = pytest.mark.django_db
PATH = "/api/admin/diagnostics/practice"


def test_it_is_for_staff_only(api, anonymous_api):
    assert anonymous_api.get(PATH).status_code == 401
    assert api.get(PATH).status_code == 403
    assert api.post(PATH, {}).status_code == 403


def test_staff_need_the_consoles_rights_to_look_and_to_repair(api_for, powerless_api, missing):
    for body in ({}, {"dry_run": False}):
        assert powerless_api.post(PATH, body).status_code == 403
    assert powerless_api.get(PATH).status_code == 403
    assert not DiagnosticRun.objects.exists() and not RepairRun.objects.exists()

    looks = api_for(staff_with("diagnostics.view_diagnosticrun"))
    assert looks.get(PATH).status_code == 200
    run_id = looks.post(PATH, {}).json()["run_id"]
    for body in ({"dry_run": False}, {"dry_run": False, "run_id": run_id}):
        assert looks.post(PATH, body).status_code == 403
    assert RepairRun.objects.get().status == "planned"
    assert not Subscription.objects.filter(user=missing).exists()


def test_get_tells_issues_and_summary(staff_api, missing):
    body = staff_api.get(PATH).json()

    (issue,) = body["issues"]
    assert issue["check"] == "subscription_missing"
    assert issue["severity"] == "high"
    assert issue["count"] == 1
    assert issue["fixable"] is True
    assert issue["sample"][0]["user_id"] == missing.pk
    assert body["summary"] == {"critical": 0, "high": 1, "medium": 0, "low": 0}


def test_get_narrows_to_a_user_and_to_checks(staff_api, missing):
    assert staff_api.get(PATH, {"user_id": missing.pk}).json()["issues"]
    assert not staff_api.get(PATH, {"user_id": missing.pk + 1}).json()["issues"]
    assert not staff_api.get(PATH, {"checks": "limit_drift,ghost_sessions"}).json()["issues"]


@pytest.mark.parametrize("query", [{"checks": "nope"}, {"checks": ""}, {"user_id": "x"}])
def test_bad_queries_are_400(staff_api, query):
    answer = staff_api.get(PATH, query)

    assert answer.status_code == 400
    assert answer.json()["fields"]


@pytest.mark.parametrize(
    "body",
    [
        {"user_id": 2**63},
        {"dry_run": "no"},
        {"dry_run": 0},
        {"dry_run": None},
        {"checks": ["nope"]},
        {"checks": "x"},
    ],
)
def test_bad_bodies_are_400(staff_api, body):
    assert staff_api.post(PATH, body).status_code == 400
    assert not RepairRun.objects.filter(status="applied").exists()


def test_post_is_a_dry_run_by_default(staff_api, staff, missing):
    body = staff_api.post(PATH, {}).json()

    assert body["dry_run"] is True
    assert body["actions"][0]["check"] == "subscription_missing"
    assert (body["applied"], body["skipped"]) == (0, 0)
    assert not Subscription.objects.filter(user=missing).exists()
    assert RepairRun.objects.get(pk=body["run_id"]).planned_by == staff


def test_a_plan_is_applied_by_its_run_id_and_logged_with_who(staff_api, staff, missing):
    run_id = staff_api.post(PATH, {}).json()["run_id"]

    body = staff_api.post(PATH, {"dry_run": False, "run_id": run_id}).json()

    assert (body["dry_run"], body["applied"]) == (False, 1)
    assert Subscription.objects.get(user=missing).plan == "free"
    run = RepairRun.objects.get(pk=run_id)
    assert run.executed_by == staff
    assert AuditEntry.objects.get(action="repair.applied").subject_id == str(run.pk)
    assert staff_api.post(PATH, {"dry_run": False, "run_id": run_id}).status_code == 409


def test_without_a_run_id_it_plans_and_applies_at_once(staff_api, missing):
    body = staff_api.post(PATH, {"dry_run": False, "checks": ["subscription_missing"]}).json()

    assert body["applied"] == 1
    assert staff_api.get(PATH).json()["issues"] == []


def test_a_large_plan_is_handed_to_a_worker(staff_api, missing, settings):
    settings.REPAIR_ROWS_AT_ONCE = 0

    answer = staff_api.post(PATH, {"dry_run": False})

    assert answer.status_code == 202
    assert RepairRun.objects.get(pk=answer.json()["run_id"]).status == "applying"


def test_an_unknown_run_in_the_body_is_400(staff_api):
    body = {"dry_run": False, "run_id": "11111111-1111-4111-8111-111111111111"}

    answer = staff_api.post(PATH, body)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["run_id"]


def test_a_second_try_with_the_same_key_repairs_nothing_twice_and_tells_how_it_went(
    staff_api, missing
):
    body = {"dry_run": False, "checks": ["subscription_missing"]}
    key = {"HTTP_IDEMPOTENCY_KEY": "one press"}

    first = staff_api.post(PATH, body, **key)
    again = staff_api.post(PATH, body, **key)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert again.json()["applied"] == 1
    assert RepairRun.objects.count() == 1
