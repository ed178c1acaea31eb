"""Import in two steps over HTTP: plan, apply once, undo; what is the same; large files."""

from datetime import date

import pytest

from tests.threads import run_together
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tests.tracking.files import IMPORT, bring, csv_of, row, xlsx_of
from tracking.models import ImportPlan, PracticeLog, Skill


@pytest.fixture
def react(owner):
    return SkillFactory(user=owner, name="React")


def test_a_plan_writes_nothing(api, react):
    answer = bring(api, csv_of(row(1), row(2, difficulty="3", confidence="5")))

    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "planned"
    assert (body["create"], body["same"], body["errors"]) == (2, 0, [])
    assert body["ignored_columns"] == []
    assert not PracticeLog.objects.exists()
    assert api.get(f"{IMPORT}/{body['plan_id']}").json() == body


def test_apply_writes_once(api, react):
    plan = bring(api, csv_of(row(1), row(2, difficulty="3", confidence="5"))).json()

    applied = api.post(f"{IMPORT}/{plan['plan_id']}/apply")
    assert (applied.status_code, applied.json()["status"]) == (200, "applied")
    again = api.post(f"{IMPORT}/{plan['plan_id']}/apply")
    assert (again.status_code, again.json()["status"]) == (200, "applied")
    assert PracticeLog.objects.count() == 2
    log = PracticeLog.objects.get(date_practiced=date(2026, 1, 2))
    assert (log.skill, log.duration_minutes) == (react, 30)
    assert (log.difficulty_rating, log.confidence_rating) == (3, 5)


def test_undo_takes_the_whole_import_away_and_nothing_else(api, react):
    kept = PracticeLogFactory(skill=react)
    plan = bring(api, csv_of(row(1), row(2))).json()["plan_id"]
    api.post(f"{IMPORT}/{plan}/apply")
    EvidenceFactory(skill=react, log=PracticeLog.objects.exclude(pk=kept.pk).first())

    undone = api.post(f"{IMPORT}/{plan}/undo")
    assert (undone.status_code, undone.json()["status"]) == (200, "undone")
    assert list(PracticeLog.objects.all()) == [kept]
    assert api.post(f"{IMPORT}/{plan}/undo").status_code == 200
    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 409


def test_a_plan_that_was_not_applied_cannot_be_undone(api, react):
    plan = bring(api, csv_of(row(1))).json()["plan_id"]

    assert api.post(f"{IMPORT}/{plan}/undo").status_code == 409


def test_a_strangers_plan_is_404(api, api_for, stranger, react):
    plan = bring(api, csv_of(row(1))).json()["plan_id"]
    client = api_for(stranger)

    assert client.get(f"{IMPORT}/{plan}").status_code == 404
    assert client.post(f"{IMPORT}/{plan}/apply").status_code == 404
    assert client.post(f"{IMPORT}/{plan}/undo").status_code == 404
    assert client.get(f"{IMPORT}/not-a-plan").status_code == 404


def test_dry_run_false_applies_at_once(api, react):
    answer = bring(api, csv_of(row(1)), dry_run="false")

    assert (answer.status_code, answer.json()["status"]) == (200, "applied")
    assert PracticeLog.objects.count() == 1


@pytest.mark.parametrize("word, status", [("true", 200), ("1", 200), ("perhaps", 400)])
def test_dry_run_is_a_yes_or_no(api, react, word, status):
    assert bring(api, csv_of(row(1)), dry_run=word).status_code == status


def test_options_may_stand_in_the_address(api, react):
    assert bring(api, csv_of(row(1)), query="?dry_run=false").json()["status"] == "applied"


def test_what_is_there_already_is_the_same(api, react):
    bring(api, csv_of(row(1), row(2)), dry_run="false")

    body = bring(api, csv_of(row(1), row(2), row(3))).json()
    assert (body["create"], body["same"]) == (1, 2)


def test_two_equal_rows_are_two_sessions(api, react):
    bring(api, csv_of(row(1)), dry_run="false")

    body = bring(api, csv_of(row(1), row(1))).json()
    assert (body["create"], body["same"]) == (1, 1)


def test_two_plans_of_one_file_do_not_write_it_twice(api, react):
    plans = [bring(api, csv_of(row(1), row(2))).json()["plan_id"] for _ in range(2)]

    for plan in plans:
        assert api.post(f"{IMPORT}/{plan}/apply").status_code == 200
    assert PracticeLog.objects.count() == 2


def test_errors_name_row_and_column_and_nothing_is_written(api, react):
    data = csv_of(row(1), row(2, minutes="0"), row(3, date="soon", description="short"))
    body = bring(api, data).json()

    found = [(error["row"], error["column"]) for error in body["errors"]]
    assert found == [(2, "duration_minutes"), (3, "date"), (3, "description")]
    assert (body["create"], body["error_count"]) == (1, 2)

    refused = api.post(f"{IMPORT}/{body['plan_id']}/apply")
    assert refused.status_code == 400
    assert refused.json()["errors"] == body["errors"]
    assert not PracticeLog.objects.exists()
    direct = bring(api, data, dry_run="false")
    assert (direct.status_code, direct.json()["errors"]) == (400, body["errors"])
    assert not PracticeLog.objects.exists()


def test_skip_errors_writes_the_rest(api, react):
    data = csv_of(row(1), row(2, minutes="0"), row(3))
    plan = bring(api, data).json()["plan_id"]

    applied = api.post(f"{IMPORT}/{plan}/apply", {"skip_errors": True})
    assert applied.status_code == 200
    assert PracticeLog.objects.count() == 2
    assert bring(api, data, dry_run="false", skip_errors="true").status_code == 200


def test_an_unknown_skill_is_created_and_the_plan_says_so(api, owner, react):
    data = csv_of(row(1, skill="Rust"), row(2, skill="RUST"), row(3), row(4, skill="Go"))
    body = bring(api, data).json()
    assert (body["create"], body["errors"]) == (4, [])
    assert body["creates_skills"] == ["Rust", "Go"]
    assert Skill.objects.filter(user=owner).count() == 1

    applied = api.post(f"{IMPORT}/{body['plan_id']}/apply").json()
    assert applied["creates_skills"] == ["Rust", "Go"]
    assert Skill.objects.get(user=owner, name_key="rust").name == "Rust"
    assert PracticeLog.objects.count() == 4
    assert bring(api, data).json()["creates_skills"] == []


def test_without_create_skills_an_unknown_skill_is_an_error(api, owner, react):
    data = csv_of(row(1, skill="Rust"), row(2, skill="RUST"), row(3))
    body = bring(api, data, create_skills="false").json()
    assert [(e["row"], e["column"]) for e in body["errors"]] == [(1, "skill"), (2, "skill")]
    assert (body["create"], body["creates_skills"]) == (1, [])

    allowed = bring(api, data).json()["plan_id"]
    assert api.post(f"{IMPORT}/{allowed}/apply", {"create_skills": False}).status_code == 400
    assert not PracticeLog.objects.exists()
    only = {"create_skills": False, "skip_errors": True}
    assert api.post(f"{IMPORT}/{allowed}/apply", only).json()["create"] == 1
    assert set(Skill.objects.values_list("name", flat=True)) == {"React"}


def test_skills_may_still_be_allowed_when_applying(api, react):
    data = csv_of(row(1, skill="Rust"), row(2))
    plan = bring(api, data, create_skills="false").json()["plan_id"]

    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 400
    assert api.post(f"{IMPORT}/{plan}/apply", {"create_skills": True}).status_code == 200
    assert PracticeLog.objects.count() == 2


def test_allowing_skills_forgives_nothing_else(api, react):
    data = csv_of(row(1, skill="Rust", minutes="x"), row(2))
    plan = bring(api, data, create_skills="true").json()["plan_id"]

    assert api.post(f"{IMPORT}/{plan}/apply").status_code == 400
    skipped = api.post(f"{IMPORT}/{plan}/apply", {"skip_errors": True})
    assert skipped.json()["create"] == 1


def test_undo_takes_away_the_skills_it_made_if_nothing_else_is_in_them(api, owner, react):
    data = csv_of(row(1, skill="Rust"), row(2, skill="Go"))
    plan = bring(api, data, create_skills="true", dry_run="false").json()["plan_id"]
    PracticeLogFactory(skill=Skill.objects.get(name="Go"))

    api.post(f"{IMPORT}/{plan}/undo")
    assert set(Skill.objects.values_list("name", flat=True)) == {"React", "Go"}


def test_skills_by_number_and_long_names_are_synonyms(api, react):
    header = "Skill_ID,Date_Practiced,DURATION_MINUTES,Description,difficulty_rating,confidence_rating,mood\n"
    body = bring(
        api, csv_of(f"{react.pk},2026-01-01,30,Practiced a lot,1,5,fine", header=header)
    ).json()

    assert (body["create"], body["errors"]) == (1, [])
    assert body["ignored_columns"] == ["mood"]


def test_a_strangers_skill_number_is_an_error(api, react):
    header = "skill_id,date,duration_minutes,description\n"
    foreign = SkillFactory()
    body = bring(api, csv_of(f"{foreign.pk},2026-01-01,30,Practiced a lot", header=header)).json()

    assert [(e["row"], e["column"]) for e in body["errors"]] == [(1, "skill_id")]


def test_an_excel_file_with_real_dates_and_numbers(api, react):
    data = xlsx_of(
        [
            ["Skill", "Date", "Duration_Minutes", "Description", "Difficulty"],
            ["React", date(2026, 1, 5), 45, "Practiced in Excel", 3],
            ["React", "2026-01-06", 30.0, "Practiced in Excel", None],
            [],
            ["React", "2026-01-07", 1.5, "Practiced in Excel", "x"],
        ]
    )
    body = bring(api, data, "practice.xlsx").json()

    assert body["create"] == 2
    assert [(e["row"], e["column"]) for e in body["errors"]] == [
        (4, "Duration_Minutes"),
        (4, "Difficulty"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_by_the_header(api, react, delimiter):
    data = csv_of(row(1)).replace(b",", delimiter.encode())

    assert bring(api, data).json()["create"] == 1


# ---- once, even at the same time


def test_the_same_key_and_file_make_one_plan(api, react):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answers = [
        api.post(
            IMPORT,
            {"file": SimpleUploadedFile("p.csv", csv_of(row(1)))},
            format="multipart",
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    ]
    assert answers[0].json()["plan_id"] == answers[1].json()["plan_id"]
    assert ImportPlan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_applying_at_the_same_time_writes_once(api_for):
    from tests.factories import UserFactory

    user = UserFactory()
    SkillFactory(user=user, name="React")
    clients = [api_for(user) for _ in range(4)]
    plan = bring(clients[0], csv_of(*[row(n) for n in range(1, 20)])).json()["plan_id"]

    answers = run_together([lambda c=c: c.post(f"{IMPORT}/{plan}/apply") for c in clients])
    assert {a.status_code for a in answers} == {200}
    assert PracticeLog.objects.count() == 19
