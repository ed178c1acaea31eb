"""A cursor comes from us or is refused; no cursor makes a list fail."""

from __future__ import annotations

import base64

import pytest

LISTS = [
    "/api/v1/question-mains",
    "/api/v1/questions",
    "/api/v1/practice-history",
    "/api/v1/skills",
    "/api/v1/practice-logs",
    "/api/v1/evidence",
    "/api/sessions",
]
NOT_OURS = [
    "p=abc",
    "p=%00",
    "p=",
    "p=2026-99-99",
    "p=1|2|3",
    "r=1&p=1",
    "q=1",
    "",
    "o=-1",
    "p=%ff",
]


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("text", NOT_OURS)
def test_a_cursor_that_is_not_ours_is_400(api, path, text):
    answer = api.get(path, {"cursor": cursor(text) or "AAAA"})

    assert answer.status_code == 400
    assert "cursor" in answer.json()["fields"]


@pytest.mark.parametrize("size", ["0", "-1", "201", "1.5", "abc", "", "99999999999999999999"])
def test_a_page_size_out_of_range_is_400(api, size):
    answer = api.get("/api/v1/skills", {"page_size": size})

    assert answer.status_code == 400
    assert "page_size" in answer.json()["fields"]


def test_our_own_cursors_lead_through_the_whole_list(api):
    made = [api.post("/api/v1/skills", {"name": f"Skill {n}"}).json()["id"] for n in range(5)]

    seen, url = [], "/api/v1/skills?page_size=2"
    while url:
        page = api.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]

    assert seen == made[::-1]
