"""Files too long for a request: the worker reads and applies them, and may be killed at it."""

import pytest
from django.db import connection

from common import clock
from common.sheets import archives
from tests.factories import UserFactory
from tests.tracking.factories import SkillFactory
from tests.tracking.files import IMPORT, bring, csv_of, row, xlsx_of
from tracking.models import ImportPlan, PracticeLog, Skill
from tracking.services import import_work
from tracking.services.import_rows import Planner
from tracking.sheets import bounds


@pytest.fixture(autouse=True)
def react(owner):
    return SkillFactory(user=owner, name="React")


@pytest.fixture(autouse=True)
def small_bound(monkeypatch):
    for module in (bounds, archives):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(import_work, "BATCH", 7)


def waiting(now):
    return [str(pk) for pk in ImportPlan.objects.due_at(now).values_list("pk", flat=True)]


def claimed(plan_id, now):
    return ImportPlan.objects.claim(plan_id, now=now, lease=import_work.LEASE)


def test_a_large_file_is_202_and_read_by_the_worker(api):
    answer = bring(api, csv_of(*[row(n) for n in range(1, 26)], row(26, minutes="0")))
    assert (answer.status_code, answer.json()["status"]) == (202, "planning")
    assert (answer.json()["total_rows"], answer.json()["done_rows"]) == (26, 0)
    plan = answer.json()["plan_id"]
    assert api.get(f"{IMPORT}/{plan}").status_code == 202
    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 409

    now = clock.now()
    assert waiting(now) == [plan]
    assert import_work.work_on_import(plan_id=plan, now=now)
    body = api.get(f"{IMPORT}/{plan}").json()
    assert (body["status"], body["create"], body["error_count"]) == ("planned", 25, 1)
    assert (body["total_rows"], body["done_rows"]) == (26, 26)
    assert ImportPlan.objects.get().upload is None

    applying = api.post(f"{IMPORT}/{plan}/apply", {"skip_errors": True})
    assert (applying.status_code, applying.json()["status"]) == (202, "applying")
    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 202
    import_work.work_on_import(plan_id=plan, now=now)
    assert api.get(f"{IMPORT}/{plan}").json()["status"] == "applied"
    assert PracticeLog.objects.count() == 25
    assert not import_work.work_on_import(plan_id=plan, now=now)


def test_applying_has_all_its_tries_whatever_planning_took(api):
    plan = bring(api, csv_of(*[row(n) for n in range(1, 26)])).json()["plan_id"]
    ImportPlan.objects.update(tries=3)

    import_work.work_on_import(plan_id=plan, now=clock.now())

    stored = ImportPlan.objects.get(pk=plan)
    assert (stored.status, stored.tries) == ("planned", 0)


def test_a_large_file_may_be_applied_in_one_go(api):
    answer = bring(api, csv_of(*[row(n) for n in range(1, 26)]), dry_run="false")
    assert answer.status_code == 202

    plan = answer.json()["plan_id"]
    import_work.work_on_import(plan_id=plan, now=clock.now())
    assert api.get(f"{IMPORT}/{plan}").json()["status"] == "applied"
    assert PracticeLog.objects.count() == 25


def test_a_worker_killed_between_plan_and_apply_has_not_forgotten_to_apply(api):
    answer = bring(api, csv_of(*[row(n) for n in range(1, 26)]), dry_run="false")
    plan, now = answer.json()["plan_id"], clock.now()
    import_work.make_large_plan(plan=claimed(plan, now))
    assert not PracticeLog.objects.exists()

    assert waiting(now) == [plan]
    import_work.work_on_import(plan_id=plan, now=now)
    assert PracticeLog.objects.count() == 25


def test_a_large_file_with_errors_waits_for_the_learner(api):
    data = csv_of(*[row(n) for n in range(1, 26)], row(26, minutes="0"))
    plan = bring(api, data, dry_run="false").json()["plan_id"]

    import_work.work_on_import(plan_id=plan, now=clock.now())
    body = api.get(f"{IMPORT}/{plan}").json()
    assert body["status"] == "planned"
    assert "1 row has errors" in body["failure"]
    assert not PracticeLog.objects.exists()


def test_a_large_file_that_breaks_off_is_refused_with_a_sentence(api):
    data = csv_of(*[row(n) for n in range(1, 26)]) + b'React,2026-01-01,30,"never closed'
    plan = bring(api, data).json()["plan_id"]

    import_work.work_on_import(plan_id=plan, now=clock.now())
    body = api.get(f"{IMPORT}/{plan}").json()
    assert body["status"] == "failed"
    assert "not CSV" in body["failure"]
    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 409


def test_a_killed_worker_leaves_nothing_twice(api):
    plan_id = bring(api, csv_of(*[row(n) for n in range(1, 26)])).json()["plan_id"]
    now = clock.now()
    plan = ImportPlan.objects.get()
    import_work.make_large_plan(plan=claimed(plan_id, now))
    ImportPlan.objects.update(status="planning", upload=plan.upload)

    import_work.work_on_import(plan_id=plan_id, now=now)
    assert ImportPlan.objects.get().rows.count() == 25


def test_who_lost_the_claim_writes_nothing(api):
    plan_id = bring(api, csv_of(*[row(n) for n in range(1, 26)])).json()["plan_id"]
    now = clock.now()
    slow = claimed(plan_id, now)
    assert claimed(plan_id, now) is None
    assert claimed(plan_id, now + import_work.LEASE)

    import_work.make_large_plan(plan=slow)
    assert ImportPlan.objects.get().status == "planning"
    assert not ImportPlan.objects.get().rows.exists()


def test_a_file_that_kills_its_worker_each_time_is_refused_in_the_end(api):
    plan_id = bring(api, csv_of(*[row(n) for n in range(1, 26)])).json()["plan_id"]
    now = clock.now()
    for _ in range(import_work.MAX_TRIES):
        assert claimed(plan_id, now)
        assert import_work.requeue_stalled(now=now) == 0
        now += import_work.LEASE

    assert import_work.requeue_stalled(now=now) == 1
    body = api.get(f"{IMPORT}/{plan_id}").json()
    assert (body["status"], body["failure"][:30]) == ("failed", "This file could not be read be")


def test_a_long_excel_file_is_left_to_the_worker_unopened(api):
    header = ["skill", "date", "duration_minutes", "description"]
    rows = [["React", f"2026-01-{n:02d}", 30, f"Practiced number {n}"] for n in range(1, 26)]
    answer = bring(api, xlsx_of([header, *rows]), "long.xlsx")
    assert (answer.status_code, answer.json()["total_rows"]) == (202, 25)

    import_work.work_on_import(plan_id=answer.json()["plan_id"], now=clock.now())
    assert api.get(f"{IMPORT}/{answer.json()['plan_id']}").json()["create"] == 25


def test_of_a_long_excel_file_with_unknown_titles_the_worker_asks_what_each_column_is(api):
    rows = [["React", "2026-01-01"] for _ in range(25)]
    plan = bring(api, xlsx_of([["skill", "date"], *rows]), "long.xlsx").json()["plan_id"]

    import_work.work_on_import(plan_id=plan, now=clock.now())
    body = api.get(f"{IMPORT}/{plan}").json()
    assert (body["status"], body["total_rows"]) == ("planned", 0)
    assert [question["parameter"] for question in body["questions"]] == ["columns"]


def test_a_long_csv_with_a_wrong_header_is_refused_at_once(api):
    data = csv_of(*[row(n) for n in range(1, 26)], header="skill,date,x,y,z,a\n")

    assert bring(api, data).status_code == 400
    assert not ImportPlan.objects.exists()


def test_skills_may_be_allowed_when_a_large_plan_is_applied(api, owner):
    data = csv_of(*[row(n, skill=f"Skill {n % 3}") for n in range(1, 26)])
    plan = bring(api, data, create_skills="false").json()["plan_id"]
    import_work.work_on_import(plan_id=plan, now=clock.now())

    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 400
    assert api.post(f"{IMPORT}/{plan}/apply", {"create_skills": True}).status_code == 202
    import_work.work_on_import(plan_id=plan, now=clock.now())
    assert PracticeLog.objects.count() == 25
    assert Skill.objects.filter(user=owner).count() == 4
    assert api.post(f"{IMPORT}/{plan}/undo").status_code == 200
    assert list(Skill.objects.filter(user=owner).values_list("name", flat=True)) == ["React"]


@pytest.mark.django_db(transaction=True)
def test_cells_are_read_between_the_transactions(api_for, monkeypatch):
    # SQLite has one writer: a file read inside a transaction would hold up everybody else.
    user = UserFactory()
    plan = bring(api_for(user), csv_of(*[row(n) for n in range(1, 26)])).json()["plan_id"]
    inside = []

    class Watched(Planner):
        def read(self, batch):
            inside.append(connection.in_atomic_block)
            return super().read(batch)

    monkeypatch.setattr(import_work, "Planner", Watched)
    import_work.work_on_import(plan_id=plan, now=clock.now())
    assert inside == [False] * 4
