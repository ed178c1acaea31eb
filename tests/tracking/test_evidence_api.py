"""/api/v1/evidence: types, limits, whom it belongs to, order."""

import pytest

from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tracking.models import Evidence

EVIDENCE = "/api/v1/evidence"


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner)


@pytest.fixture
def log(skill):
    return PracticeLogFactory(skill=skill)


def test_a_link_is_attached_to_a_log(api, log):
    made = api.post(
        EVIDENCE,
        {
            "practice_log_id": log.pk,
            "evidence_type": "link",
            "content": "https://github.com/ana/todo",
        },
    )

    assert made.status_code == 201
    body = made.json()
    assert body["evidence_id"] == body["id"]
    assert (body["practice_log_id"], body["skill_id"]) == (log.pk, log.skill_id)
    assert body["content"] == "https://github.com/ana/todo"
    assert body["created_at"].endswith("Z")
    assert api.get(f"{EVIDENCE}/{body['id']}").json() == body


def test_a_note_is_attached_to_a_skill_in_general(api, skill):
    body = api.post(
        EVIDENCE, {"skill_id": skill.pk, "evidence_type": "note", "content": " *Hooks* \n"}
    ).json()

    assert (body["practice_log_id"], body["skill_id"]) == (None, skill.pk)
    assert body["content"] == " *Hooks* \n"
    assert body["metadata"] is None


def test_a_screenshot_is_metadata_only(api, log):
    metadata = {
        "filename": "board.png",
        "size_bytes": 81_000,
        "uploaded_at": "2026-03-01T10:00:00Z",
        "storage_url": "https://res.cloudinary.com/x/board.png",
    }
    made = api.post(
        EVIDENCE,
        {"practice_log_id": log.pk, "evidence_type": "screenshot", "metadata": metadata},
    )

    assert made.status_code == 201
    assert made.json()["metadata"] == metadata


def test_a_screenshots_upload_time_is_now_unless_told(api, log):
    body = api.post(
        EVIDENCE,
        {
            "practice_log_id": log.pk,
            "evidence_type": "screenshot",
            "metadata": {"filename": "board.png"},
        },
    ).json()

    assert body["metadata"]["uploaded_at"] == body["created_at"]
    assert body["metadata"]["size_bytes"] is None


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"evidence_type": "video"}, "evidence_type"),
        ({"evidence_type": "Link"}, "evidence_type"),
        ({"evidence_type": None}, "evidence_type"),
        ({"content": ""}, "content"),
        ({"content": "   "}, "content"),
        ({"content": None}, "content"),
        ({"content": 5}, "content"),
        ({"metadata": {"filename": "x.png"}}, "metadata"),
    ],
)
def test_type_and_content_are_required(api, log, changes, field):
    body = {"practice_log_id": log.pk, "evidence_type": "note", "content": "Learned", **changes}

    refused = api.post(EVIDENCE, body)
    assert refused.status_code == 400
    assert field in refused.json()["fields"]


@pytest.mark.parametrize(
    "url, status",
    [
        ("https://example.com/a?b=c#d", 201),
        ("http://example.com", 201),
        ("http://localhost:8000/x", 201),
        ("https://пример.рф/страница", 201),
        ("https://example.com/" + "x" * 1980, 201),
        ("https://example.com/" + "x" * 1981, 400),
        ("example.com", 400),
        ("javascript:alert(1)", 400),
        ("ftp://example.com/file", 400),
        ("data:text/html,x", 400),
        ("https://", 400),
        ("http://[::1", 400),
        ("not a link", 400),
        ("https://exa mple.com", 400),
    ],
)
def test_a_link_is_an_http_url(api, log, url, status):
    body = {"practice_log_id": log.pk, "evidence_type": "link", "content": url}

    assert api.post(EVIDENCE, body).status_code == status


@pytest.mark.parametrize("length, status", [(1, 201), (2000, 201), (2001, 400)])
def test_a_note_has_at_most_2000_characters(api, log, length, status):
    body = {"practice_log_id": log.pk, "evidence_type": "note", "content": "x" * length}

    assert api.post(EVIDENCE, body).status_code == status


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"filename": ""},
        {"filename": "  "},
        {"filename": "x" * 256},
        {"filename": 5},
        {"size_bytes": 5},
        {"filename": "x.png", "size_bytes": -1},
        {"filename": "x.png", "size_bytes": 2**63},
        {"filename": "x.png", "size_bytes": "5"},
        {"filename": "x.png", "uploaded_at": "soon"},
        {"filename": "x.png", "storage_url": "javascript:alert(1)"},
        "x.png",
    ],
)
def test_bad_screenshot_metadata_is_400(api, log, metadata):
    body = {"practice_log_id": log.pk, "evidence_type": "screenshot", "metadata": metadata}

    refused = api.post(EVIDENCE, body)
    assert refused.status_code == 400
    assert "metadata" in refused.json()["fields"]


def test_it_belongs_to_a_log_or_a_skill_never_to_neither(api):
    refused = api.post(EVIDENCE, {"evidence_type": "note", "content": "Learned"})

    assert refused.status_code == 400
    assert set(refused.json()["fields"]) == {"practice_log_id", "skill_id"}


def test_both_ids_must_agree(api, owner, log):
    other = SkillFactory(user=owner)
    body = {"practice_log_id": log.pk, "evidence_type": "note", "content": "Learned"}

    assert api.post(EVIDENCE, {**body, "skill_id": other.pk}).status_code == 400
    assert api.post(EVIDENCE, {**body, "skill_id": log.skill_id}).status_code == 201


def test_not_on_a_strangers_log_or_skill(api):
    foreign = PracticeLogFactory()
    body = {"evidence_type": "note", "content": "Learned"}

    assert api.post(EVIDENCE, {**body, "practice_log_id": foreign.pk}).status_code == 400
    assert api.post(EVIDENCE, {**body, "skill_id": foreign.skill_id}).status_code == 400
    assert not Evidence.objects.exists()


def test_a_skills_evidence_includes_that_of_its_logs_oldest_first(api, skill, log):
    rows = [
        EvidenceFactory(skill=skill),
        EvidenceFactory(skill=skill, log=log),
        EvidenceFactory(skill=skill),
    ]
    EvidenceFactory(skill__user=skill.user)
    EvidenceFactory()

    found = api.get(f"{EVIDENCE}?skill_id={skill.pk}").json()["results"]
    assert [row["id"] for row in found] == [row.pk for row in rows]
    assert [row["practice_log_id"] for row in found] == [None, log.pk, None]
    assert len(api.get(f"{EVIDENCE}?practice_log_id={log.pk}").json()["results"]) == 1
    assert len(api.get(EVIDENCE).json()["results"]) == 4
    assert api.get(f"{EVIDENCE}?skill_id=x").status_code == 400


def test_pages_of_evidence(api, skill):
    rows = EvidenceFactory.create_batch(5, skill=skill)

    first = api.get(f"{EVIDENCE}?page_size=2").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    ids = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert ids == [row.pk for row in rows]
    assert third["next"] is None


def test_deleting_and_restoring(api, skill):
    row = EvidenceFactory(skill=skill)
    before = api.get(f"{EVIDENCE}/{row.pk}").json()

    assert api.delete(f"{EVIDENCE}/{row.pk}").status_code == 204
    assert api.get(f"{EVIDENCE}/{row.pk}").status_code == 404
    assert api.post(f"{EVIDENCE}/{row.pk}/restore").json() == before


def test_there_is_no_patch(api, skill):
    row = EvidenceFactory(skill=skill)

    assert api.patch(f"{EVIDENCE}/{row.pk}", {"content": "x"}).status_code == 405


@pytest.mark.parametrize("method", ["get", "delete"])
def test_a_strangers_evidence_is_404(api_for, stranger, method):
    row = EvidenceFactory()

    assert getattr(api_for(stranger), method)(f"{EVIDENCE}/{row.pk}").status_code == 404
    assert api_for(stranger).get(f"{EVIDENCE}?skill_id={row.skill_id}").json()["results"] == []
