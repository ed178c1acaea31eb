"""The table of logs and one log on the pages, with and without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.tracking.factories import HTMX, EvidenceFactory, PracticeLogFactory, SkillFactory, today
from tracking.models import Evidence, PracticeLog


def log_form(row, **changes):
    return {
        "skill": row.pk,
        "date_practiced": "2026-03-01",
        "duration_minutes": "45",
        "description": "Built a small thing",
        "difficulty_rating": "3",
        "confidence_rating": "",
        **changes,
    }


def test_logging_with_the_form(pages, skill):
    assert pages.get(f"/logs/new?skill={skill.pk}").status_code == 200
    assert pages.post("/logs/new", log_form(skill)).status_code == 302
    log = PracticeLog.objects.get()
    assert (log.duration_minutes, log.difficulty_rating, log.confidence_rating) == (45, 3, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"date_practiced": "2999-01-01"},
        {"duration_minutes": "0"},
        {"duration_minutes": "1441"},
        {"description": "short"},
        {"description": "x" * 501},
        {"difficulty_rating": "6"},
        {"skill": "0"},
    ],
)
def test_the_form_says_what_is_wrong(pages, skill, changes):
    answer = pages.post("/logs/new", log_form(skill, **changes))

    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()
    assert not PracticeLog.objects.exists()


def test_the_table_filters_by_the_address(pages, skill):
    other = SkillFactory(user=skill.user, name="SQL")
    PracticeLogFactory(skill=skill, description="Components today")
    PracticeLogFactory(skill=other, description="Joins all morning")

    text = pages.get(f"/logs?skill_id={other.pk}&date_from=2026-01-01").content.decode()
    assert "Joins all morning" in text
    assert "Components today" not in text
    fragment = pages.get("/logs", headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert fragment.count("<tr id=") == 2
    assert pages.get("/logs?skill_id=x&date_from=soon&cursor=zzz").status_code == 200


def test_pages_of_the_table(pages, skill):
    PracticeLogFactory.create_batch(55, skill=skill)

    first = pages.get("/logs").content.decode()
    cursor = first.split("?cursor=")[1].split('"')[0]
    second = pages.get(f"/logs?cursor={cursor}").content.decode()
    assert (first.count("<tr id="), second.count("<tr id=")) == (50, 5)
    assert "Newest" in second


def test_editing_in_the_row(pages, skill):
    log = PracticeLogFactory(skill=skill)
    url = reverse("tracking:edit-log", args=[log.pk])

    assert "<form" in pages.get(url, headers=HTMX).content.decode()
    wrong = pages.post(url, log_form(skill, duration_minutes="0"), headers=HTMX)
    assert wrong.status_code == 422
    saved = pages.post(url, log_form(skill, description="Changed my mind"), headers=HTMX)
    assert "Changed my mind" in saved.content.decode()
    assert pages.get(reverse("tracking:log", args=[log.pk]), headers=HTMX).status_code == 200
    assert pages.post(url, log_form(skill)).status_code == 302


def test_deleting_asks_and_can_be_undone(pages, skill):
    log = PracticeLogFactory(skill=skill)
    EvidenceFactory(skill=skill, log=log)
    url = reverse("tracking:delete-log", args=[log.pk])

    ask = pages.get(url, headers=HTMX).content.decode()
    assert "1 piece of evidence goes with it." in ask
    assert PracticeLog.objects.exists()
    gone = pages.post(url, headers=HTMX).content.decode()
    assert "Undo" in gone
    assert not PracticeLog.objects.exists()
    back = pages.post(reverse("tracking:undo", args=["practice_log", log.pk]), headers=HTMX)
    assert f'id="log-{log.pk}"' in back.content.decode()
    assert Evidence.objects.exists()


def test_deleting_without_scripts(pages, skill):
    log = PracticeLogFactory(skill=skill)
    url = reverse("tracking:delete-log", args=[log.pk])

    assert "You can undo this" in pages.get(url).content.decode()
    assert pages.post(url).status_code == 302
    assert "Deleted 30 min of" in pages.get("/logs").content.decode()
    assert pages.post(reverse("tracking:undo", args=["nothing", 1])).status_code == 404
    assert pages.post(reverse("tracking:undo", args=["skill", 1])).status_code == 302


def test_the_first_session_of_all_makes_its_skill(pages, owner):
    text = pages.get("/logs/new").content.decode()
    assert "Your first one" in text
    facts = {
        "date_practiced": today().isoformat(),
        "duration_minutes": "20",
        "description": "Two chapters of the book",
    }
    assert pages.post("/logs/new", facts).status_code == 400
    assert pages.post("/logs/new", {**facts, "skill_name": " "}).status_code == 400

    answer = pages.post("/logs/new", {**facts, "skill_name": "Chess"})
    log = PracticeLog.objects.get(user=owner)
    assert answer["Location"] == f"/skills/{log.skill_id}"
    assert log.skill.name == "Chess"
    assert "Your first one" not in pages.get("/logs/new").content.decode()


def test_a_first_session_that_is_refused_makes_no_skill(pages, owner):
    tomorrow = (today() + timedelta(days=2)).isoformat()
    answer = pages.post(
        "/logs/new",
        {
            "skill_name": "Chess",
            "date_practiced": tomorrow,
            "duration_minutes": "20",
            "description": "Two chapters of the book",
        },
    )

    assert answer.status_code == 400
    assert not owner.skills.exists()
