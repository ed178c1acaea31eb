"""A mock interview tells nothing before its end: every surface that could, walked with real rows."""

from __future__ import annotations

import pytest

from evaluation.models import Evaluation
from evaluation.selectors.feedback import feedback_of
from tests.accounts.steps import confirm
from tests.interviews.test_scores_and_numbers import answer, finish

pytestmark = pytest.mark.django_db

SCORES = ("7.31", "6.42", "5.53", "4.64")
WORDS = ("Praised aloud", "Blamed aloud", "Kindly framed", "Exemplary point", "Found by me")
TOLD = {
    "status": "succeeded",
    "band": "partial",
    "overall_score": 7.31,
    "framework_score": 6.42,
    "structure_score": 5.53,
    "completeness_score": 4.64,
    "strengths": ["Praised aloud"],
    "improvements": ["Blamed aloud"],
    "suggested_framework": "Kindly framed",
    "example_point": "Exemplary point",
    "key_points": [{"title": "Found by me", "level": "met", "quotes": []}],
}
PAGES = ("/dashboard", "/interviews", "/interviews/history", "/history", "/account/export/file")
ENDPOINTS = ("/api/sessions", "/api/v1/practice-history", "/api/v1/analytics", "/api/auth/me")


@pytest.fixture
def mock_path(api, question):
    return f"/api/sessions/{api.post('/api/sessions', {'mode': 'mock'}).json()['id']}"


def every_surface(attempt_id, evaluation, path):
    room = path.replace("/api/sessions", "/interviews")
    page = f"{room}/answers/{attempt_id}"
    feedback = f"/evaluations/{evaluation.pk}"
    pages = (*PAGES, room, f"{room}/summary", page, f"{page}?unrated")
    under_api = (path, f"{path}/attempts", f"{path}/attempts/{attempt_id}", f"{path}/next-question")
    return (
        *pages,
        *(feedback, f"{feedback}/fragment"),
        *(*ENDPOINTS, *under_api, f"/api/v1{feedback}"),
    )


def said(api, client, surface):
    asks = api if surface.startswith("/api") else client
    answer = asks.get(surface, follow=True)
    return b"".join(answer).decode()  # a file is written while it is sent


def test_no_page_list_export_or_endpoint_tells_a_running_mock(
    api, client, owner, answered, mock_path
):
    attempt_id, evaluation = answer(api, mock_path, answered)
    finish(evaluation, **TOLD)
    client.force_login(owner)
    confirm(client)
    surfaces = every_surface(attempt_id, evaluation, mock_path)

    for surface in surfaces:
        text = said(api, client, surface)
        assert not [word for word in (*SCORES, *WORDS) if word in text], surface

    api.post(f"{mock_path}/end")
    for surface in (
        "/account/export/file",
        f"{mock_path}/attempts",
        f"/api/v1/evaluations/{evaluation.pk}",
    ):
        text = said(api, client, surface)
        assert all(word in text for word in (*SCORES, "Praised aloud")), surface


def test_what_one_may_do_with_feedback_does_not_open_a_running_mock(
    api, client, owner, answered, mock_path
):
    _, evaluation = answer(api, mock_path, answered)
    finish(evaluation, **TOLD)
    client.force_login(owner)

    for act in ("retry", "local", "cancel", "objections"):
        reply = client.post(f"/evaluations/{evaluation.pk}/{act}", {"point_title": "Found by me"})
        assert reply.status_code in (400, 409), act
        assert "7.31" not in reply.content.decode()
    evaluation.refresh_from_db()
    assert (evaluation.status, evaluation.overall_score) == ("succeeded", 7.31)


def test_a_later_answer_is_not_compared_with_one_of_a_running_mock(api, answered, mock_path):
    _, hidden = answer(api, mock_path, answered)
    finish(hidden, **TOLD)
    path = f"/api/sessions/{api.post('/api/sessions', {}).json()['id']}"
    _, open_one = answer(api, path, answered)
    finish(open_one, **(TOLD | {"key_points": []}))

    assert feedback_of(Evaluation.objects.get(pk=open_one.pk)).scored.comparison is None

    api.post(f"{mock_path}/end")
    compared = feedback_of(Evaluation.objects.get(pk=open_one.pk)).scored.comparison
    assert compared is not None
    assert compared.lost == ("Found by me",)
