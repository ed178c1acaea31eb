"""The pages of the record, with plain requests: they work without JavaScript, and with htmx."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import clock
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tests.tracking.files import csv_of, row
from tracking.models import Evidence, PracticeLog, Skill, StreakPause

HTMX = {"HX-Request": "true"}


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner, name="React <b>")


@pytest.fixture
def pages(client, owner):
    client.force_login(owner)
    return client


def today():
    return clock.now().date()


def test_every_page_asks_for_a_sign_in(client, skill):
    log = PracticeLogFactory(skill=skill)
    for name, args in [
        ("skills", []),
        ("activity", []),
        ("skill", [skill.pk]),
        ("logs", []),
        ("new-log", []),
        ("export", []),
        ("import", []),
        ("edit-log", [log.pk]),
        ("delete-log", [log.pk]),
    ]:
        answer = client.get(reverse(f"tracking:{name}", args=args))
        assert answer.status_code == 302, name
        assert "login" in answer["Location"]


def test_a_strangers_things_are_404(client, stranger, skill):
    log, evidence = PracticeLogFactory(skill=skill), EvidenceFactory(skill=skill)
    client.force_login(stranger)

    for method, name, pk in [
        ("get", "skill", skill.pk),
        ("post", "rename", skill.pk),
        ("post", "quick", skill.pk),
        ("get", "delete-skill", skill.pk),
        ("post", "delete-skill", skill.pk),
        ("post", "add-evidence", skill.pk),
        ("post", "delete-evidence", evidence.pk),
        ("get", "edit-log", log.pk),
        ("post", "edit-log", log.pk),
        ("post", "delete-log", log.pk),
        ("post", "take-back", log.pk),
    ]:
        answer = getattr(client, method)(reverse(f"tracking:{name}", args=[pk]), {"minutes": 5})
        assert answer.status_code == 404, name
    assert PracticeLog.objects.count() == Evidence.objects.count() == Skill.objects.count() == 1


def test_empty_pages_invite(pages):
    assert "Start with one skill" in pages.get("/skills").content.decode()
    assert "No sessions yet" in pages.get("/logs").content.decode()
    assert pages.get("/skills/activity").status_code == 200
    assert pages.get("/logs/import").status_code == 200


def test_adding_a_skill(pages, owner):
    assert pages.post("/skills", {"name": "SQL"}).status_code == 302
    again = pages.post("/skills", {"name": "sql"})
    assert again.status_code == 400
    assert "already have a skill" in again.content.decode()
    assert pages.post("/skills", {"name": " "}).status_code == 400


def test_the_cards_show_progress_and_escape_names(pages, skill):
    PracticeLogFactory(skill=skill, date_practiced=today(), duration_minutes=45)

    text = pages.get("/skills").content.decode()
    assert "React &lt;b&gt;" in text
    assert "45 min this week" in text
    assert "Log 45 min of" in text


def test_quick_log_and_its_undo_without_scripts(pages, skill):
    pages.post(reverse("tracking:quick", args=[skill.pk]), {"minutes": "30", "next": "/skills"})
    log = PracticeLog.objects.get()
    assert log.description == "Quick log: 30 minutes"

    text = pages.get("/skills").content.decode()
    assert "Logged 30 minutes" in text
    pages.post(reverse("tracking:take-back", args=[log.pk]))
    assert not PracticeLog.objects.exists()


def test_quick_log_and_its_undo_with_htmx(pages, skill):
    card = pages.post(reverse("tracking:quick", args=[skill.pk]), {"minutes": "15"}, headers=HTMX)
    assert card.status_code == 200
    assert "Logged 15 min." in card.content.decode()
    assert "<html" not in card.content.decode()

    log = PracticeLog.objects.get()
    card = pages.post(reverse("tracking:take-back", args=[log.pk]), headers=HTMX)
    assert "Log now" in card.content.decode()


@pytest.mark.parametrize("minutes", ["", "0", "1441", "x", "１５", "9" * 20])
def test_a_quick_log_of_nonsense_is_refused(pages, skill, minutes):
    assert (
        pages.post(reverse("tracking:quick", args=[skill.pk]), {"minutes": minutes}).status_code
        == 400
    )
    assert not PracticeLog.objects.exists()


def test_the_skill_page_explains_its_number(pages, skill):
    for age in range(0, 70, 7):
        log = PracticeLogFactory(
            skill=skill, date_practiced=today() - timedelta(days=age), duration_minutes=90
        )
    EvidenceFactory(skill=skill, log=log, content="**Learned** <script>alert(1)</script>")
    EvidenceFactory(skill=skill, evidence_type="link", content="https://example.com/a")

    text = pages.get(reverse("tracking:skill", args=[skill.pk])).content.decode()
    assert "Why 45 %" in text
    assert "Two more sessions of 90 minutes this week: 50 %." in text
    assert "<strong>Learned</strong>" in text
    assert "<script>alert" not in text
    assert 'rel="nofollow ugc noopener"' in text
    assert "example.com" in text


def test_earlier_sessions_come_as_a_fragment(pages, skill):
    for age in range(25):
        PracticeLogFactory(skill=skill, date_practiced=today() - timedelta(days=age))

    url = reverse("tracking:skill", args=[skill.pk])
    text = pages.get(url).content.decode()
    cursor = text.split("?cursor=")[1].split("#")[0].split('"')[0]
    rest = pages.get(f"{url}?cursor={cursor}", headers=HTMX).content.decode()
    assert rest.count("timeline-item") == 5
    assert pages.get(f"{url}?cursor=nonsense").status_code == 200


def test_rename_and_delete_a_skill(pages, skill):
    url = reverse("tracking:rename", args=[skill.pk])
    assert pages.post(url, {"name": "Vue"}).status_code == 302
    SkillFactory(user=skill.user, name="SQL")
    assert pages.post(url, {"name": "sql"}).status_code == 400

    EvidenceFactory(skill=skill, log=PracticeLogFactory(skill=skill))
    ask = pages.get(reverse("tracking:delete-skill", args=[skill.pk])).content.decode()
    assert "1 practice log" in ask
    assert "1 piece of evidence" in ask
    pages.post(reverse("tracking:delete-skill", args=[skill.pk]))
    assert Skill.objects.count() == 1
    assert "Deleted “Vue”." in pages.get("/skills").content.decode()
    pages.post(reverse("tracking:undo", args=["skill", skill.pk]))
    assert (Skill.objects.count(), PracticeLog.objects.count()) == (2, 1)


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
    assert "Deleted 30 minutes" in pages.get("/logs").content.decode()
    assert pages.post(reverse("tracking:undo", args=["nothing", 1])).status_code == 404
    assert pages.post(reverse("tracking:undo", args=["skill", 1])).status_code == 302


def test_adding_evidence_of_each_kind(pages, skill):
    log = PracticeLogFactory(skill=skill)
    url = reverse("tracking:add-evidence", args=[skill.pk])

    for facts in (
        {"evidence_type": "link", "content": "https://example.com", "title": "Repo", "log": log.pk},
        {"evidence_type": "note", "content": "Hooks run after paint"},
        {"evidence_type": "screenshot", "filename": "board.png", "size_bytes": "5000"},
    ):
        assert pages.post(url, facts).status_code == 302, facts
    assert Evidence.objects.filter(log=log).count() == 1
    for facts in (
        {"evidence_type": "link", "content": "nonsense"},
        {"evidence_type": "note", "content": ""},
        {"evidence_type": "screenshot"},
    ):
        assert pages.post(url, facts).status_code == 400, facts
    assert "board.png" in pages.get(reverse("tracking:skill", args=[skill.pk])).content.decode()


def test_the_weekly_goal_and_pauses(pages, owner, skill):
    PracticeLogFactory(skill=skill, date_practiced=today())

    assert pages.post("/skills/goal", {"weekly_goal_minutes": "60"}).status_code == 302
    assert pages.post("/skills/goal", {"weekly_goal_minutes": "-1"}).status_code == 400
    assert "30 of 60 minutes since Monday" in pages.get("/skills/activity").content.decode()

    facts = {"start_date": today().isoformat(), "end_date": "", "reason": "holiday"}
    assert pages.post("/skills/pauses", facts).status_code == 302
    assert pages.post("/skills/pauses", {**facts, "end_date": "2020-01-01"}).status_code == 400
    assert "Your streak is paused" in pages.get("/skills/activity").content.decode()
    pause = StreakPause.objects.get(user=owner)
    pages.post(reverse("tracking:change-pause", args=[pause.pk]), {"action": "end"})
    assert not StreakPause.objects.exists()


def test_ending_a_pause_keeps_the_days_that_were(pages, owner):
    pause = StreakPause.objects.create(
        user=owner, start_date=today() - timedelta(days=3), created_at=clock.now()
    )
    pages.post(reverse("tracking:change-pause", args=[pause.pk]), {"action": "end"})

    pause.refresh_from_db()
    assert pause.end_date == today() - timedelta(days=1)
    pages.post(reverse("tracking:change-pause", args=[pause.pk]), {"action": "delete"})
    assert not StreakPause.objects.exists()


def test_import_on_the_pages(pages, skill):
    data = csv_of(
        row(1, skill=skill.name), row(2, skill=skill.name, minutes="0"), row(3, skill="Go")
    )
    answer = pages.post("/logs/import", {"file": SimpleUploadedFile("p.csv", data)})
    assert answer.status_code == 302
    url = answer["Location"]

    text = pages.get(url).content.decode()
    assert "What cannot be read" in text
    assert "<code>duration_minutes</code>" in text
    assert "nothing was written" in pages.post(f"{url}/apply", follow=True).content.decode()
    pages.post(f"{url}/apply", {"skip_errors": "1", "create_skills": "1"})
    assert PracticeLog.objects.count() == 2
    assert "Undo the whole import" in pages.get(url).content.decode()
    pages.post(f"{url}/undo")
    assert not PracticeLog.objects.exists()
    assert "was undone" in pages.get(url).content.decode()
    assert pages.get("/logs/import").status_code == 200


def test_a_bad_file_is_told_at_the_field(pages):
    upload = SimpleUploadedFile("p.csv", b"a,b\n1,2\n")

    answer = pages.post("/logs/import", {"file": upload})
    assert answer.status_code == 400
    assert "Missing in the header row" in answer.content.decode()
    assert pages.post("/logs/import", {}).status_code == 400


def test_export_from_the_page(pages, skill):
    PracticeLogFactory(skill=skill)

    for chosen in ("csv", "json"):
        answer = pages.get(f"/logs/export?format={chosen}")
        assert b"Built a small thing" in b"".join(answer.streaming_content)


@pytest.mark.parametrize("path", ["/skills", "/skills/activity", "/logs"])
def test_pages_take_a_bounded_number_of_queries(pages, skill, path, django_assert_max_num_queries):
    PracticeLogFactory.create_batch(30, skill=skill)

    with django_assert_max_num_queries(14):
        pages.get(path)


def test_next_never_leads_to_another_site(pages, skill):
    url = reverse("tracking:quick", args=[skill.pk])

    answer = pages.post(url, {"minutes": "15", "next": "https://evil.example/"})
    assert answer["Location"] == "/skills"
