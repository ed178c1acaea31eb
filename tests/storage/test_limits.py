"""How many rows a person or a test may have; junk crowds out nothing that counts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured

from accounts.models import ApiToken, StorageUse
from accounts.services.tokens import issue_token
from common import clock, retention
from common.db.backfill import octets
from sessions_app.proctoring.models import SessionEvent
from sessions_app.proctoring.services.answers import Save, save_progress
from sessions_app.proctoring.services.reporting import Report, record_reports
from tests.proctoring.factories import SessionFactory
from tests.threads import run_together
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tracking.models import Evidence, ImportPlan, ImportRow, PracticeLog, Skill, Trash
from tracking.services.evidence import delete_evidence
from tracking.services.logs import delete_log

pytestmark = pytest.mark.django_db
DOCS = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()


@pytest.fixture
def limit(settings):
    settings.LIMITS = dict(configured.LIMITS)

    def set_to(**limits: int) -> None:
        settings.LIMITS.update(limits)

    return set_to


@pytest.mark.parametrize(("kind", "number"), configured.LIMITS.items())
def test_each_limit_is_in_the_docs(kind, number):
    line = next(line for line in DOCS.splitlines() if f"`{kind}`" in line)
    words = f"{number // 2**20} MiB" if kind.endswith("_bytes") else f"{number:,}"
    assert words in line


def assert_too_many(reply, kind, limit):
    body = reply.json()
    assert (reply.status_code, body["code"], body["kind"]) == (413, "too_many", kind)
    assert (body["limit"], body["used"]) == (limit, limit)
    assert set(body) >= {"error", "code", "fields"}


def test_skills_end_at_their_limit_and_deleting_makes_room(api, owner, stranger, limit):
    limit(skills=3)
    SkillFactory(user=stranger)
    made = [api.post("/api/v1/skills", {"name": f"Skill {n}"}) for n in range(4)]

    assert [reply.status_code for reply in made] == [201, 201, 201, 413]
    assert_too_many(made[-1], "skills", 3)
    assert api.delete(f"/api/v1/skills/{made[0].json()['skill_id']}").status_code == 204
    assert api.post("/api/v1/skills", {"name": "Skill 9"}).status_code == 201


def test_logs_end_at_their_limits(api, owner, limit):
    skill = SkillFactory(user=owner)
    limit(logs_on_a_day=2, logs=3)

    def log(day: str):
        body = {"skill_id": skill.pk, "date_practiced": day, "duration_minutes": 5}
        return api.post("/api/v1/practice-logs", {**body, "description": "Some practice"})

    assert [log("2026-01-01").status_code for _ in range(2)] == [201, 201]
    assert_too_many(log("2026-01-01"), "logs_on_a_day", 2)
    assert log("2026-01-02").status_code == 201
    assert_too_many(log("2026-01-03"), "logs", 3)


def test_an_import_above_the_limits_writes_nothing(api, owner, limit):
    PracticeLogFactory(skill=SkillFactory(user=owner, name="React"), user=owner)
    from django.core.files.uploadedfile import SimpleUploadedFile

    lines = [f"New {n},2026-01-0{n},30,Some practice here,," for n in (1, 2, 3)]
    header = "skill,date,duration_minutes,description,difficulty,confidence"
    data = "\n".join([header, *lines]).encode()

    def upload():
        file = SimpleUploadedFile("logs.csv", data, content_type="text/csv")
        body = {"file": file, "dry_run": "false", "create_skills": "true"}
        return api.post("/api/v1/practice-logs/import", body, format="multipart")

    limit(logs=3)
    reply = upload()
    assert (reply.status_code, reply.json()["kind"]) == (413, "logs")
    limit(logs=100, skills=3)
    reply = upload()
    assert (reply.status_code, reply.json()["kind"]) == (413, "skills")
    assert (PracticeLog.objects.count(), Skill.objects.count()) == (1, 1)
    limit(skills=4)
    assert upload().status_code == 200
    assert (PracticeLog.objects.count(), Skill.objects.count()) == (4, 4)

    limit(imports_an_hour=ImportPlan.objects.count())
    reply = upload()
    assert (reply.status_code, reply.json()["code"]) == (429, "importing_too_fast")
    assert 0 < int(reply["Retry-After"]) <= 3600
    assert {"limit", "used", "resets_at"} <= set(reply.json())


def test_of_many_imports_the_newest_keep_their_rows(owner, limit):
    limit(imports_kept=2)
    now = clock.now()
    for age in range(4):
        for status in ("applied", "planned"):
            at = now - timedelta(minutes=2 * age + (status == "planned"))
            plan = ImportPlan.objects.create(user=owner, status=status, created_at=at)
            ImportRow.objects.create(plan=plan, number=1, action="create")

    retention.run(now=now, names=["import_plans", "import_rows"])

    assert ImportPlan.objects.filter(status="applied").count() == 4
    assert ImportPlan.objects.filter(status="planned").count() == 1
    assert ImportRow.objects.count() == 2


def test_evidence_ends_at_its_limit(api, owner, limit):
    skill = SkillFactory(user=owner)
    EvidenceFactory.create_batch(2, skill=skill, user=owner)
    limit(evidence=2)
    body = {"skill_id": skill.pk, "evidence_type": "note", "content": "A note"}
    assert_too_many(api.post("/api/v1/evidence", body), "evidence", 2)


@pytest.mark.parametrize("kind", ["skills", "evidence", "logs", "logs_on_a_day"])
def test_what_is_restored_counts_too(api, owner, limit, kind):
    """Else delete, create, restore passes any limit."""
    skill = SkillFactory(user=owner)
    log = {"skill_id": skill.pk, "date_practiced": "2026-01-01", "duration_minutes": 5}
    log["description"] = "Some practice"
    note = {"skill_id": skill.pk, "evidence_type": "note", "content": "A note"}
    path, body = {
        "skills": ("skills", {"name": "Gone"}),
        "evidence": ("evidence", note),
        "logs": ("practice-logs", log),
        "logs_on_a_day": ("practice-logs", log),
    }[kind]
    gone = api.post(f"/api/v1/{path}", body).json()["id"]
    assert api.delete(f"/api/v1/{path}/{gone}").status_code == 204
    made = api.post(f"/api/v1/{path}", {"name": "New"} if kind == "skills" else body)
    assert made.status_code == 201
    most = 2 if kind == "skills" else 1
    limit(**{kind: most})

    assert_too_many(api.post(f"/api/v1/{path}/{gone}/restore"), kind, most)

    assert api.delete(f"/api/v1/{path}/{made.json()['id']}").status_code == 204
    assert api.post(f"/api/v1/{path}/{gone}/restore").status_code == 200


def test_a_skill_comes_back_with_all_its_logs_or_with_none(api, owner, limit):
    skill = SkillFactory(user=owner)
    PracticeLogFactory.create_batch(3, skill=skill, user=owner)
    api.delete(f"/api/v1/skills/{skill.pk}?cascade=true")
    limit(logs=2)
    reply = api.post(f"/api/v1/skills/{skill.pk}/restore")
    assert (reply.status_code, reply.json()["kind"], reply.json()["used"]) == (413, "logs", 0)
    assert not Skill.objects.exists() and Trash.objects.count() == 1
    limit(logs=3)
    assert api.post(f"/api/v1/skills/{skill.pk}/restore").status_code == 200
    assert PracticeLog.objects.count() == 3


def test_imported_logs_of_a_full_day_come_back(api, owner, limit):
    plan = ImportPlan.objects.create(user=owner, status="applied", created_at=clock.now())
    skill, day = SkillFactory(user=owner), clock.now().date()
    same = {"skill": skill, "user": owner, "date_practiced": day}
    logs = PracticeLogFactory.create_batch(3, **same, import_plan=plan)
    limit(logs_on_a_day=1)
    api.delete(f"/api/v1/practice-logs/{logs[0].pk}")
    assert api.post(f"/api/v1/practice-logs/{logs[0].pk}/restore").status_code == 200


def test_a_log_is_not_moved_to_a_full_day(api, owner, limit):
    skill = SkillFactory(user=owner)
    body = {"skill_id": skill.pk, "duration_minutes": 5, "description": "Some practice"}
    days = ("2026-01-01", "2026-01-02")
    first, second = (
        api.post("/api/v1/practice-logs", {**body, "date_practiced": day}).json()["id"]
        for day in days
    )
    limit(logs_on_a_day=1)
    moved = api.patch(f"/api/v1/practice-logs/{second}", {"date_practiced": days[0]})
    assert_too_many(moved, "logs_on_a_day", 1)
    same = api.patch(f"/api/v1/practice-logs/{first}", {"date_practiced": days[0]})
    assert same.status_code == 200
    shown = api.get(f"/api/v1/practice-logs/{second}").json()
    assert shown["date_practiced"] == days[1]


def test_a_sign_in_makes_room_among_tokens_of_sign_ins(anonymous_api, owner, limit):
    limit(tokens=2)
    by_hand = issue_token(user=owner, name="notebook")[0]
    body = {"username": owner.username, "password": "secret-pass-1"}
    for _ in range(3):
        assert anonymous_api.post("/api/auth/token", body).status_code == 200
    assert ApiToken.objects.filter(user=owner).count() == 2
    assert ApiToken.objects.filter(token_key=by_hand.token_key).exists()

    limit(tokens=1)
    ApiToken.objects.exclude(token_key=by_hand.token_key).delete()
    assert_too_many(anonymous_api.post("/api/auth/token", body), "tokens", 1)


def test_many_deletions_forget_the_old_ones_first_and_then_wait(api, owner, limit):
    limit(deleted=2)
    skills = [SkillFactory(user=owner) for _ in range(4)]
    for skill in skills[:2]:
        assert api.delete(f"/api/v1/skills/{skill.pk}").status_code == 204

    refused = api.delete(f"/api/v1/skills/{skills[2].pk}")
    assert (refused.status_code, refused.json()["code"]) == (429, "deleting_too_fast")
    assert 0 < int(refused["Retry-After"]) <= 601
    assert Skill.objects.filter(pk=skills[2].pk).exists()

    Trash.objects.filter(object_id=skills[0].pk).update(
        deleted_at=clock.now() - timedelta(minutes=11)
    )
    assert api.delete(f"/api/v1/skills/{skills[2].pk}").status_code == 204
    assert api.post(f"/api/v1/skills/{skills[1].pk}/restore").status_code == 200


def test_deletions_together_end_at_their_bytes_and_the_newest_is_kept_whole(
    api, owner, stranger, limit
):
    def deleted(*, notes, user=owner, client=api):
        skill = SkillFactory(user=user)
        for _ in range(notes):
            EvidenceFactory(skill=skill, content="😀" * 2_000)
        assert client.delete(f"/api/v1/skills/{skill.pk}?cascade=true").status_code == 204
        return skill.pk

    def kept():
        rows = Trash.objects.filter(user=owner).order_by("pk")
        return list(rows.values_list("object_id", flat=True))

    foreign = PracticeLogFactory(skill__user=stranger)
    delete_log(log=foreign, now=clock.now() - timedelta(days=1))
    limit(deleted_bytes=40_000)
    first, second, third = (deleted(notes=2) for _ in range(3))
    assert kept() == [second, third]
    sizes = Trash.objects.annotate(really=octets("rows")).values_list("stored_bytes", "really")
    assert all(stored == really for stored, really in sizes)
    assert sum(stored for stored, _ in sizes.filter(user=owner)) in range(32_000, 40_001)

    huge = deleted(notes=6)
    assert kept() == [huge]
    assert api.post(f"/api/v1/skills/{first}/restore").status_code == 404
    assert api.post(f"/api/v1/skills/{huge}/restore").status_code == 200
    assert Evidence.objects.filter(skill_id=huge, content="😀" * 2_000).count() == 6

    imported = PracticeLogFactory(skill__user=owner)
    PracticeLogFactory.create_batch(60, skill=imported.skill, description="é" * 500)
    assert api.delete(f"/api/v1/skills/{imported.skill_id}?cascade=true").status_code == 204
    last = deleted(notes=0)
    assert kept() == [last]
    assert Trash.objects.filter(user=stranger).exists()


@pytest.mark.django_db(transaction=True)
def test_deletions_at_once_end_at_their_bytes_together_and_give_bytes_back_once(owner, limit):
    limit(deleted_bytes=1)
    now = clock.now()
    twice = EvidenceFactory(skill__user=owner, stored_bytes=100)
    once = PracticeLogFactory(skill=twice.skill)
    StorageUse.objects.create(user=owner, evidence=250)

    read = [Evidence.objects.get(pk=twice.pk) for _ in range(2)]
    calls = [lambda row=row: delete_evidence(evidence=row, now=now) for row in read]
    answers = run_together([*calls, lambda: delete_log(log=once, now=now)])

    assert sorted(type(answer).__name__ for answer in answers) == ["NotFound", "Trash", "Trash"]
    assert Trash.objects.count() == 1
    assert StorageUse.objects.get(user=owner).evidence == 150


def report(session, *types, now=None):
    now = now or clock.now()
    return record_reports(
        candidate_id=session.pk, reports=[Report(type=name) for name in types], now=now
    )


def test_a_flood_of_junk_crowds_out_no_real_signal(limit):
    limit(events_of_a_kind=20)
    session = SessionFactory()
    for batch in range(4):
        report(session, *[f"junk-{batch}-{n}" for n in range(50)])
    report(session, *["window_blur"] * 50)

    assert report(session, "tab_hidden", "paste", "second_tab", "window_blur", "junk") == 3

    kept = session.events.filter(kind=SessionEvent.Kind.INTEGRITY, who="candidate")
    assert kept.filter(type__startswith="junk").count() == 20
    assert kept.filter(type="window_blur").count() == 20
    assert kept.filter(type__in=["tab_hidden", "paste", "second_tab"]).count() == 3
    noted = session.events.filter(type="events_dropped", who="system")
    assert sorted(row.detail["type"] for row in noted) == ["other", "window_blur"]


def test_a_client_cannot_say_itself_that_events_were_dropped(limit):
    """Else it could keep staff from being told."""
    limit(events_of_a_kind=2)
    session = SessionFactory()
    record_reports(
        candidate_id=session.pk,
        reports=[Report(type="events_dropped", detail={"type": "other"})] * 5,
        now=clock.now(),
    )
    assert session.events.filter(type="events_dropped", who="system").count() == 1


def put_progress(session, **save):
    return save_progress(candidate_id=session.pk, save=Save(**save), now=clock.now())


def test_finished_sections_end_at_their_limit_and_nothing_of_that_save_is_merged(limit):
    from common.row_limits import TooMany

    limit(sections=3)
    session = SessionFactory()
    put_progress(session, sections=["a", "b", "c"], tab="t", sequence=1)
    put_progress(session, sections=["c", "a"], answers={"q": "1"}, tab="t", sequence=2)

    with pytest.raises(TooMany):
        put_progress(session, sections=["d"], answers={"q": "2"}, tab="t", sequence=3)

    session.refresh_from_db()
    assert session.sections_completed == ["a", "b", "c"]
    assert session.pending_answers == {"q": "1"}


def test_two_tabs_in_turn_keep_each_text_once(limit):
    session = SessionFactory()
    for turn in range(30):
        put_progress(session, answers={"q": "ab"[turn % 2]}, tab=f"tab-{turn % 2}", sequence=turn)
    assert session.revisions.count() == 2


def test_replaced_answers_end_at_their_limit_and_one_tab_goes_on(limit):
    from common.row_limits import TooMany

    limit(answer_revisions=5)
    session = SessionFactory()
    for turn in range(6):
        put_progress(session, answers={"q": f"text {turn}"}, tab=f"tab-{turn}", sequence=1)

    with pytest.raises(TooMany):
        put_progress(session, answers={"q": "another"}, tab="new", sequence=1)
    put_progress(session, answers={"q": "goes on"}, tab="tab-5", sequence=2)

    session.refresh_from_db()
    assert session.pending_answers == {"q": "goes on"}
    assert session.revisions.count() == 5


def test_replaced_answers_are_bounded_in_bytes(limit):
    from common.row_limits import TooMany

    limit(answer_revision_bytes=3_000)
    session = SessionFactory()
    for turn in range(3):
        put_progress(session, answers={"q": str(turn) * 1_200}, tab=f"tab-{turn}", sequence=1)
    with pytest.raises(TooMany):
        put_progress(session, answers={"q": "x"}, tab="tab-9", sequence=1)


def test_of_late_answers_the_newest_are_kept_once_each(limit):
    from common.errors import Conflict

    limit(late_answers=3)
    session = SessionFactory(completed=True)
    for number in (0, 1, 2, 3, 3, 4, 4):
        with pytest.raises(Conflict) as refused:
            put_progress(session, answers={"q": f"late {number}"}, tab="t", sequence=number)
        refused.value.keep()

    kept = session.revisions.order_by("id").values_list("value", flat=True)
    assert list(kept) == ["late 2", "late 3", "late 4"]
