"""/api/v1/skills: names, owners, deleting with and without logs, restoring."""

from datetime import date, timedelta

import pytest

from common import retention
from tests.threads import run_together
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tracking.models import Evidence, PracticeLog, Skill, Trash
from tracking.services.trash import UNDO_FOR

SKILLS = "/api/v1/skills"


def test_a_skill_is_made_and_shown(api, owner):
    made = api.post(SKILLS, {"name": "React"})

    assert made.status_code == 201
    body = made.json()
    assert body["skill_id"] == body["id"]
    assert body["user_id"] == owner.pk
    assert body["created_at"].endswith("Z")
    assert api.get(f"{SKILLS}/{body['skill_id']}").json() == body


def test_the_name_is_kept_as_sent(api):
    assert api.post(SKILLS, {"name": "  C++ "}).json()["name"] == "  C++ "


@pytest.mark.parametrize("other", ["react", "REACT ", "ＲＥＡＣＴ", "  React"])
def test_the_same_name_in_another_guise_is_409(api, other):
    api.post(SKILLS, {"name": "React"})

    refused = api.post(SKILLS, {"name": other})
    assert refused.status_code == 409
    assert refused.json()["code"] == "duplicate_skill"
    assert refused.json()["fields"]["name"]


def test_two_learners_may_have_the_same_skill(api, api_for, stranger):
    assert api.post(SKILLS, {"name": "React"}).status_code == 201
    assert api_for(stranger).post(SKILLS, {"name": "React"}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": "   "}, {"name": None}, {"name": 5}, {"name": "x" * 101}, []],
)
def test_a_bad_name_is_400(api, body):
    refused = api.post(SKILLS, body)

    assert refused.status_code == 400
    assert set(refused.json()) >= {"error", "code", "fields"}


def test_a_name_of_a_hundred_characters_is_taken_even_if_it_folds_longer(api):
    assert api.post(SKILLS, {"name": "x" * 100}).status_code == 201
    assert api.post(SKILLS, {"name": "ß" * 100}).status_code == 201
    assert api.post(SKILLS, {"name": "\ufdfa" * 100}).status_code == 400


def test_the_list_is_the_callers_own_newest_first_in_pages(api, owner, stranger):
    SkillFactory(user=stranger)
    names = [SkillFactory(user=owner).name for _ in range(5)]

    first = api.get(f"{SKILLS}?page_size=3").json()
    assert [s["name"] for s in first["results"]] == names[:1:-1]
    rest = api.get(first["next"]).json()
    assert [s["name"] for s in rest["results"]] == names[1::-1]
    assert rest["next"] is None


@pytest.mark.parametrize("size, status", [(0, 400), (1, 200), (200, 200), (201, 400), ("x", 400)])
def test_page_size_is_one_to_two_hundred(api, size, status):
    assert api.get(f"{SKILLS}?page_size={size}").status_code == status


def test_renaming(api, owner):
    skill = SkillFactory(user=owner, name="React")
    SkillFactory(user=owner, name="Vue")

    assert api.patch(f"{SKILLS}/{skill.pk}", {"name": "react"}).json()["name"] == "react"
    assert api.patch(f"{SKILLS}/{skill.pk}", {"name": "VUE"}).status_code == 409
    assert api.patch(f"{SKILLS}/{skill.pk}", {"name": ""}).status_code == 400
    assert api.patch(f"{SKILLS}/{skill.pk}", [1]).status_code == 400


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_skill_is_404(api_for, stranger, method):
    skill = SkillFactory()
    client = api_for(stranger)

    assert getattr(client, method)(f"{SKILLS}/{skill.pk}").status_code == 404
    assert client.get(f"{SKILLS}/{skill.pk}/progress").status_code == 404
    assert client.get(f"{SKILLS}/{skill.pk}/timeline").status_code == 404
    assert client.post(f"{SKILLS}/{skill.pk}/restore").status_code == 404
    assert Skill.objects.filter(pk=skill.pk).exists()


@pytest.mark.parametrize("pk", ["abc", "-1", "1.5", "9" * 30])
def test_a_malformed_or_impossible_id_is_404(api, pk):
    assert api.get(f"{SKILLS}/{pk}").status_code == 404


def test_without_a_token_it_is_401(anonymous_api, db):
    for path in (SKILLS, "/api/v1/practice-logs", "/api/v1/evidence", "/api/v1/analytics"):
        refused = anonymous_api.get(path)
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"].startswith("Bearer")


def test_a_skill_without_logs_is_deleted_with_its_evidence(api, owner):
    skill = SkillFactory(user=owner)
    EvidenceFactory(skill=skill)

    assert api.delete(f"{SKILLS}/{skill.pk}").status_code == 204
    assert not Evidence.objects.exists()
    assert api.get(f"{SKILLS}/{skill.pk}").status_code == 404


def test_a_skill_with_logs_needs_cascade(api, owner):
    log = PracticeLogFactory(skill__user=owner)
    EvidenceFactory(skill=log.skill, log=log)

    refused = api.delete(f"{SKILLS}/{log.skill_id}")
    assert refused.status_code == 409
    assert (refused.json()["practice_logs"], refused.json()["evidence"]) == (1, 1)
    assert api.delete(f"{SKILLS}/{log.skill_id}?cascade=false").status_code == 409
    assert api.delete(f"{SKILLS}/{log.skill_id}?cascade=maybe").status_code == 400
    assert api.delete(f"{SKILLS}/{log.skill_id}?cascade=true").status_code == 204
    assert not PracticeLog.objects.exists()
    assert not Evidence.objects.exists()


def test_restore_brings_the_skill_back_with_all_that_went_with_it(api, owner):
    log = PracticeLogFactory(skill__user=owner, difficulty_rating=3)
    evidence = EvidenceFactory(skill=log.skill, log=log)
    before = api.get(f"{SKILLS}/{log.skill_id}/timeline").json()
    api.delete(f"{SKILLS}/{log.skill_id}?cascade=true")

    restored = api.post(f"{SKILLS}/{log.skill_id}/restore")
    assert restored.status_code == 200
    assert restored.json()["skill_id"] == log.skill_id
    assert api.get(f"{SKILLS}/{log.skill_id}/timeline").json() == before
    assert Evidence.objects.get().pk == evidence.pk


def test_restoring_twice_is_the_same_answer_twice(api, owner):
    skill = SkillFactory(user=owner)
    api.delete(f"{SKILLS}/{skill.pk}")

    assert api.post(f"{SKILLS}/{skill.pk}/restore").status_code == 200
    assert api.post(f"{SKILLS}/{skill.pk}/restore").status_code == 200


def test_after_ten_minutes_it_cannot_be_restored(api, owner):
    skill = SkillFactory(user=owner)
    api.delete(f"{SKILLS}/{skill.pk}")
    trash = Trash.objects.get()
    Trash.objects.update(deleted_at=trash.deleted_at - UNDO_FOR - timedelta(seconds=1))

    assert api.post(f"{SKILLS}/{skill.pk}/restore").status_code == 409
    retention.run(now=trash.deleted_at + timedelta(days=6), names=["trash"])
    assert Trash.objects.exists()
    retention.run(now=trash.deleted_at + timedelta(days=8), names=["trash"])
    assert not Trash.objects.exists()


def test_a_skill_whose_name_was_taken_meanwhile_is_not_restored(api, owner):
    skill = SkillFactory(user=owner, name="React")
    api.delete(f"{SKILLS}/{skill.pk}")
    api.post(SKILLS, {"name": "REACT"})

    assert api.post(f"{SKILLS}/{skill.pk}/restore").status_code == 409
    assert Trash.objects.count() == 1


def test_the_same_key_and_body_make_one_skill(api):
    first = api.post(SKILLS, {"name": "React"}, headers={"Idempotency-Key": "a"})
    again = api.post(SKILLS, {"name": "React"}, headers={"Idempotency-Key": "a"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    other = api.post(SKILLS, {"name": "Vue"}, headers={"Idempotency-Key": "a"})
    assert other.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_concurrent_duplicates_make_one_skill(api_for):
    from tests.factories import UserFactory

    user = UserFactory()
    clients = [api_for(user) for _ in range(4)]
    answers = run_together([lambda c=c: c.post(SKILLS, {"name": "React"}) for c in clients])

    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]


def test_what_an_older_version_put_in_the_trash_is_restored(api, owner):
    log = PracticeLogFactory(skill__user=owner, difficulty_rating=3)
    EvidenceFactory(skill=log.skill, log=log)
    before = api.get(f"{SKILLS}/{log.skill_id}/timeline").json()
    models = {"skill": Skill, "practice_log": PracticeLog, "evidence": Evidence}
    as_then = {
        kind: [
            {name: v.isoformat() if isinstance(v, date) else v for name, v in columns.items()}
            for columns in model.objects.values()
        ]
        for kind, model in models.items()
    }
    api.delete(f"{SKILLS}/{log.skill_id}?cascade=true")
    Trash.objects.update(rows=as_then)

    assert api.post(f"{SKILLS}/{log.skill_id}/restore").status_code == 200
    assert api.get(f"{SKILLS}/{log.skill_id}/timeline").json() == before
