"""Staff invite candidates through the API; their token opens their own test."""

from __future__ import annotations

from uuid import uuid4

from sessions_app.assessments.policies import CandidatePrincipal
from tests.assessments.clients import bearer
from tests.assessments.factories import AssessmentFactory, CandidateFactory


def test_staff_invite_a_candidate_who_can_start(staff_api):
    assessment = AssessmentFactory()
    reply = staff_api.post(
        "/api/candidates",
        {"name": "Ana", "email": "ana@example.com", "assessment_id": str(assessment.pk)},
    )

    assert reply.status_code == 201
    body = reply.json()
    assert body["success"] is True and body["start_url"].startswith("http")
    start = bearer(body["access_token"]).post(
        "/api/test-session", {"candidate_id": body["candidate_id"]}
    )
    assert start.status_code == 201


def test_a_replayed_invitation_makes_no_second_candidate_and_signs_anew(staff_api):
    replies = [
        staff_api.post(
            "/api/candidates",
            {"name": "Ana", "email": "ana@example.com"},
            headers={"Idempotency-Key": "k1"},
        )
        for _ in range(2)
    ]

    assert [r.status_code for r in replies] == [201, 201]
    assert replies[1]["Idempotency-Replayed"] == "true"
    first, second = (r.json() for r in replies)
    assert first["candidate_id"] == second["candidate_id"]
    assert second["access_token"].startswith("ct_")


def test_a_candidate_needs_a_name_an_address_and_a_known_assessment(staff_api):
    good = {"name": "Ana", "email": "ana@example.com"}
    for field, wrong in (
        ("name", ""),
        ("name", " "),
        ("name", 5),
        ("email", "nowhere"),
        ("assessment_id", str(uuid4())),
        ("assessment_id", "x"),
    ):
        reply = staff_api.post("/api/candidates", {**good, field: wrong})
        assert (reply.status_code, list(reply.json()["fields"])) == (400, [field])


def test_a_candidate_has_no_permission_whatever_is_asked():
    principal = CandidatePrincipal(CandidateFactory.build())

    assert not principal.has_perm("assessments.view_candidate")
    assert not (principal.is_staff or principal.is_superuser)
