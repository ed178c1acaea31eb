"""Numbers that no column holds, and texts in which nothing can be seen."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.db import models

from common.text import is_blank
from tests.tracking.factories import SkillFactory

HUGE = 2**63
UNSEEN = {
    "white space": " \t\n\u00a0\u3000",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "soft hyphen": "\u00ad\u00ad",
    "Hangul filler": "\u3164\u115f\uffa0",
    "empty Braille": "\u2800",
    "turned around": "\u202e\u2066",
    "control": "\x01\x7f",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/practice-logs?skill_id=", "skill_id"),
        ("/api/v1/evidence?skill_id=", "skill_id"),
        ("/api/v1/evidence?practice_log_id=", "practice_log_id"),
        ("/api/v1/practice-history?question_main_id=", "question_main_id"),
    ],
)
def test_a_filter_by_a_number_that_no_row_can_have_is_refused(api, path, field):
    for number in (HUGE, -HUGE, 10**40):
        answer = api.get(f"{path}{number}")
        assert answer.status_code == 400 and list(answer.json()["fields"]) == [field]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [HUGE, 10**40])
def test_a_page_leaves_out_a_filter_that_no_row_can_meet(client, owner, number):
    client.force_login(owner)

    assert client.get(f"/logs?skill_id={number}").status_code == 200
    for page in (f"/logs/{number}", f"/skills/{number}", f"/evaluations/{number}"):
        assert client.get(page).status_code == 404


def _console_filters() -> list[str]:
    """One filter by a foreign key, and the page of one object, of each model of the console."""
    return [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/{rest}"
        for model in site._registry
        for rest in (
            f"{HUGE}/change/",
            *(
                f"?{field.name}={HUGE}"
                for field in model._meta.fields
                if isinstance(field, models.ForeignKey)
            ),
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", _console_filters())
def test_no_console_address_breaks_by_a_huge_number(admin_client, path):
    admin_client.raise_request_exception = False

    assert admin_client.get(path).status_code < 500


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_what_looks_empty_is_blank(text):
    assert is_blank(text) and is_blank(text * 50)
    assert not is_blank(f"{text}a")


@pytest.mark.django_db
@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_no_required_text_may_look_empty(api, owner, text):
    skill = SkillFactory(user=owner)
    long = text * 60
    log = {"skill_id": skill.pk, "date_practiced": "2026-01-05", "duration_minutes": 5}
    for path, body, field in (
        ("/api/v1/skills", {"name": text}, "name"),
        ("/api/v1/practice-logs", {**log, "description": long[:400]}, "description"),
    ):
        answer = api.post(path, body, format="json")
        assert answer.status_code == 400 and field in answer.json()["fields"], path


def test_letters_of_every_script_can_be_seen():
    for text in ("é", "न", "\u0301e", "ك", "字", "🙂", "👨‍👩‍👧", "-", "0"):
        assert not is_blank(text)
