"""The pages of the record, with plain requests: they work without JavaScript, and with htmx."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from tests.tracking.factories import HTMX, EvidenceFactory, PracticeLogFactory, SkillFactory, today
from tracking.models import Evidence, PracticeLog, Skill, StreakPause


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
    assert "Logged 30 min of React" in text
    pages.post(reverse("tracking:take-back", args=[log.pk]))
    assert not PracticeLog.objects.exists()


def test_quick_log_and_its_undo_with_htmx(pages, skill):
    card = pages.post(reverse("tracking:quick", args=[skill.pk]), {"minutes": "15"}, headers=HTMX)
    assert card.status_code == 200
    text = " ".join(card.content.decode().split())
    assert "Logged 15 min." in text
    assert "<html" not in text
    totals = text[text.index('id="totals" hx-swap-oob="true"') :]
    in_all = '<span class="stat-value">15 min</span><span class="stat-note">1 session</span>'
    assert in_all in totals
    assert 'id="streak" href="/skills" data-state="lit"' in totals

    log = PracticeLog.objects.get()
    card = pages.post(reverse("tracking:take-back", args=[log.pk]), headers=HTMX)
    text = " ".join(card.content.decode().split())
    assert "Log now" in text
    assert '<span class="stat-note">0 sessions</span>' in text
    assert 'id="streak" href="/skills" data-state="out"' in text


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
    for age in range(15):
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


@pytest.mark.parametrize("path", ["/skills", "/skills/activity", "/logs"])
def test_pages_take_a_bounded_number_of_queries(pages, skill, path, django_assert_max_num_queries):
    PracticeLogFactory.create_batch(30, skill=skill)

    with django_assert_max_num_queries(14):
        pages.get(path)


def test_next_never_leads_to_another_site(pages, skill):
    url = reverse("tracking:quick", args=[skill.pk])

    answer = pages.post(url, {"minutes": "15", "next": "https://evil.example/"})
    assert answer["Location"] == "/skills"
