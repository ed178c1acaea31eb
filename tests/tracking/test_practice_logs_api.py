"""/api/v1/practice-logs: every line of practice-tracking.md §6, §7 and §10 over HTTP."""

from datetime import UTC, date, datetime, timedelta

import pytest

from common import clock
from tests.factories import UserFactory
from tests.tracking.factories import EvidenceFactory, PracticeLogFactory, SkillFactory
from tracking.models import Evidence, PracticeLog
from tracking.services.logs import add_log, quick_log

LOGS = "/api/v1/practice-logs"
TODAY = clock.now().date()


@pytest.fixture
def skill(owner):
    return SkillFactory(user=owner)


def body_for(skill, **changes):
    body = {
        "skill_id": skill.pk,
        "date_practiced": "2026-03-01",
        "duration_minutes": 120,
        "description": "Built a todo app",
    }
    return {**body, **changes}


def test_a_session_is_logged(api, owner, skill):
    made = api.post(LOGS, body_for(skill, difficulty_rating=3, confidence_rating=4))

    assert made.status_code == 201
    body = made.json()
    assert body["practice_log_id"] == body["id"]
    assert body["skill_id"] == skill.pk
    assert body["user_id"] == owner.pk
    assert body["date_practiced"] == "2026-03-01"
    assert body["duration_minutes"] == 120
    assert body["description"] == "Built a todo app"
    assert (body["difficulty_rating"], body["confidence_rating"]) == (3, 4)
    assert body["created_at"]
    assert api.get(f"{LOGS}/{body['id']}").json() == body


def test_ratings_are_optional(api, skill):
    body = api.post(LOGS, body_for(skill)).json()

    assert (body["difficulty_rating"], body["confidence_rating"]) == (None, None)
    assert api.post(LOGS, body_for(skill, difficulty_rating=None)).status_code == 201


@pytest.mark.parametrize(
    "missing", ["skill_id", "date_practiced", "duration_minutes", "description"]
)
def test_what_the_document_requires_is_required(api, skill, missing):
    body = body_for(skill)
    del body[missing]

    refused = api.post(LOGS, body)
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [missing]


def test_user_and_creation_are_set_by_the_system(api, owner, stranger, skill):
    body = body_for(skill, user_id=stranger.pk, created_at="2001-01-01T00:00:00Z")

    made = api.post(LOGS, body).json()
    assert made["user_id"] == owner.pk
    assert made["created_at"] > "2026"


@pytest.mark.parametrize(
    "minutes, status",
    [
        (0, 400),
        (1, 201),
        (1440, 201),
        (1441, 400),
        (-5, 400),
        (1.5, 400),
        ("60", 400),
        (True, 400),
        (None, 400),
        (10**30, 400),
    ],
)
def test_minutes_are_whole_from_one_to_a_day(api, skill, minutes, status):
    answer = api.post(LOGS, body_for(skill, duration_minutes=minutes))

    assert answer.status_code == status
    if status == 400:
        assert "duration_minutes" in answer.json()["fields"]


@pytest.mark.parametrize(
    "description, status",
    [
        ("x" * 9, 400),
        ("x" * 10, 201),
        ("x" * 500, 201),
        ("x" * 501, 400),
        ("  " + "x" * 9 + "  ", 400),
        ("  " + "x" * 500 + "  ", 201),
        (" " * 20, 400),
        ("", 400),
        (None, 400),
        (1234567890, 400),
        ("😀" * 10, 201),
        ("nul \x00 inside", 400),
    ],
)
def test_a_description_is_trimmed_then_counted(api, skill, description, status):
    answer = api.post(LOGS, body_for(skill, description=description))

    assert answer.status_code == status
    if status == 400:
        assert "description" in answer.json()["fields"]
    else:
        assert answer.json()["description"] == description.strip()


@pytest.mark.parametrize("name", ["difficulty_rating", "confidence_rating"])
@pytest.mark.parametrize(
    "rating, status", [(0, 400), (1, 201), (5, 201), (6, 400), (2.5, 400), ("3", 400), (None, 201)]
)
def test_ratings_are_one_to_five(api, skill, name, rating, status):
    assert api.post(LOGS, body_for(skill, **{name: rating})).status_code == status


@pytest.mark.parametrize(
    "day", ["2026-02-30", "01/03/2026", "yesterday", "", None, 20260301, "0001-01-01"]
)
def test_a_date_that_is_none_is_400(api, skill, day):
    refused = api.post(LOGS, body_for(skill, date_practiced=day))

    assert refused.status_code == 400
    assert "date_practiced" in refused.json()["fields"]


def test_today_is_allowed_and_tomorrow_is_the_future(api, skill):
    tomorrow = TODAY + timedelta(days=1)

    assert api.post(LOGS, body_for(skill, date_practiced=TODAY.isoformat())).status_code == 201
    refused = api.post(LOGS, body_for(skill, date_practiced=tomorrow.isoformat()))
    assert refused.status_code == 400
    assert refused.json()["fields"] == {"date_practiced": ["Cannot be in the future."]}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu"])
def test_the_future_begins_at_midnight_of_the_learners_own_calendar(api_for, zone):
    learner = UserFactory(timezone=zone, day_start_hour=23)
    skill, client = SkillFactory(user=learner), api_for(learner)
    today = clock.local_date(clock.now(), zone)

    allowed = client.post(LOGS, body_for(skill, date_practiced=today.isoformat()))
    refused = client.post(
        LOGS, body_for(skill, date_practiced=(today + timedelta(days=1)).isoformat())
    )
    assert (allowed.status_code, refused.status_code) == (201, 400)


def test_the_29th_of_february_is_logged_and_read_back(api, skill):
    made = api.post(LOGS, body_for(skill, date_practiced="2024-02-29"))

    assert made.json()["date_practiced"] == "2024-02-29"


def test_practice_is_logged_on_ones_own_skills_only(api, skill):
    foreign = SkillFactory()

    for wrong in (foreign.pk, 10**9, 10**30, "abc", None, True):
        refused = api.post(LOGS, body_for(skill, skill_id=wrong))
        assert refused.status_code == 400
        assert "skill_id" in refused.json()["fields"]


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_log_is_404(api_for, stranger, method):
    log = PracticeLogFactory()
    client = api_for(stranger)

    assert getattr(client, method)(f"{LOGS}/{log.pk}").status_code == 404
    assert client.post(f"{LOGS}/{log.pk}/restore").status_code == 404
    assert PracticeLog.objects.filter(pk=log.pk).exists()


def test_not_even_staff_read_a_learners_logs_here(api_for, staff):
    log = PracticeLogFactory()

    assert api_for(staff).get(f"{LOGS}/{log.pk}").status_code == 404
    assert api_for(staff).get(LOGS).json()["results"] == []


# ---- update


def test_what_may_change_changes(api, skill):
    pk = api.post(LOGS, body_for(skill)).json()["id"]
    changes = {
        "date_practiced": "2026-02-28",
        "duration_minutes": 15,
        "description": "  Something else entirely ",
        "difficulty_rating": 5,
        "confidence_rating": 1,
    }

    changed = api.patch(f"{LOGS}/{pk}", changes)
    assert changed.status_code == 200
    expected = {**changes, "description": "Something else entirely"}
    assert {name: changed.json()[name] for name in expected} == expected
    assert (
        api.patch(f"{LOGS}/{pk}", {"difficulty_rating": None}).json()["difficulty_rating"] is None
    )


@pytest.mark.parametrize("name", ["skill_id", "user_id", "created_at"])
def test_what_may_not_change_is_400_and_changes_nothing(api, owner, skill, name):
    log = api.post(LOGS, body_for(skill)).json()
    value = {"skill_id": SkillFactory(user=owner).pk, "user_id": owner.pk}.get(
        name, log["created_at"]
    )

    refused = api.patch(f"{LOGS}/{log['id']}", {name: value, "duration_minutes": 5})
    assert refused.status_code == 400
    assert refused.json()["fields"] == {name: ["This cannot be changed."]}
    assert api.get(f"{LOGS}/{log['id']}").json() == log


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_minutes": 0},
        {"duration_minutes": 1441},
        {"duration_minutes": None},
        {"description": "x" * 9},
        {"description": "x" * 501},
        {"date_practiced": "2999-01-01"},
        {"difficulty_rating": 6},
        {"confidence_rating": 0},
        [],
        "text",
    ],
)
def test_an_edit_obeys_the_same_limits(api, skill, changes):
    log = api.post(LOGS, body_for(skill)).json()

    assert api.patch(f"{LOGS}/{log['id']}", changes).status_code == 400
    assert api.get(f"{LOGS}/{log['id']}").json() == log


# ---- delete and restore


def test_deleting_a_log_deletes_its_evidence_and_restoring_brings_both_back(api, skill):
    log = PracticeLogFactory(skill=skill)
    EvidenceFactory(skill=skill, log=log)
    general = EvidenceFactory(skill=skill)
    before = api.get(f"{LOGS}/{log.pk}").json()

    assert api.delete(f"{LOGS}/{log.pk}").status_code == 204
    assert list(Evidence.objects.all()) == [general]
    assert api.delete(f"{LOGS}/{log.pk}").status_code == 404

    assert api.post(f"{LOGS}/{log.pk}/restore").json() == before
    assert Evidence.objects.count() == 2


def test_a_log_is_not_restored_to_a_skill_that_is_gone(api, skill):
    log = PracticeLogFactory(skill=skill)
    api.delete(f"{LOGS}/{log.pk}")
    api.delete(f"/api/v1/skills/{skill.pk}")

    refused = api.post(f"{LOGS}/{log.pk}/restore")
    assert refused.status_code == 409
    assert "skill" in refused.json()["error"]
    assert api.post(f"/api/v1/skills/{skill.pk}/restore").status_code == 200
    assert api.post(f"{LOGS}/{log.pk}/restore").status_code == 200


# ---- list


def test_the_list_is_newest_first_by_date_whatever_the_order_of_entry(api, skill):
    for day in (3, 1, 7, 5):
        PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, day))

    days = [log["date_practiced"] for log in api.get(LOGS).json()["results"]]
    assert days == ["2026-03-07", "2026-03-05", "2026-03-03", "2026-03-01"]


def test_filters_by_skill_and_by_dates_with_both_ends(api, owner, skill):
    other = SkillFactory(user=owner)
    for day in range(1, 8):
        PracticeLogFactory(skill=skill, date_practiced=date(2026, 3, day))
    PracticeLogFactory(skill=other, date_practiced=date(2026, 3, 4))

    def found(query):
        return len(api.get(f"{LOGS}?{query}").json()["results"])

    assert found("") == 8
    assert found(f"skill_id={skill.pk}") == 7
    assert found("date_from=2026-03-03&date_to=2026-03-05") == 4
    assert found(f"skill_id={skill.pk}&date_from=2026-03-03&date_to=2026-03-05") == 3
    assert found("date_from=2026-03-07") == 1
    assert found("date_to=2026-03-01") == 1
    assert found("date_from=2026-03-05&date_to=2026-03-03") == 0
    assert found(f"skill_id={SkillFactory().pk}") == 0


@pytest.mark.parametrize(
    "query", ["skill_id=abc", "date_from=soon", "date_to=2026-02-30", "cursor=zzz", "page_size=201"]
)
def test_a_filter_that_makes_no_sense_is_400(api, query):
    assert api.get(f"{LOGS}?{query}").status_code == 400


def test_pages_walk_everything_once_even_thousands_on_one_date(api, skill):
    PracticeLog.objects.bulk_create(
        PracticeLogFactory.build(
            skill=skill, user=skill.user, date_practiced=date(2026, 3, n % 2 + 1)
        )
        for n in range(2500)
    )

    url, seen = f"{LOGS}?page_size=200&skill_id={skill.pk}", []
    while url:
        page = api.get(url).json()
        seen += [(log["date_practiced"], log["id"]) for log in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 2500
    assert seen == sorted(seen, reverse=True)


def test_a_page_that_ends_exactly_has_no_next(api, skill):
    PracticeLogFactory.create_batch(3, skill=skill)

    assert api.get(f"{LOGS}?page_size=3").json()["next"] is None
    assert api.get(f"{LOGS}?page_size=2").json()["next"]


# ---- quick


@pytest.mark.parametrize("minutes", [15, 30, 60, 1, 1440])
def test_quick_log_needs_a_skill_and_minutes_only(api, skill, minutes):
    made = api.post(f"{LOGS}/quick", {"skill_id": skill.pk, "duration_minutes": minutes})

    assert made.status_code == 201
    words = "1 minute" if minutes == 1 else f"{minutes} minutes"
    assert made.json()["description"] == f"Quick log: {words}"
    assert made.json()["date_practiced"] == TODAY.isoformat()


def test_quick_log_takes_a_description_of_its_own(api, skill):
    made = api.post(
        f"{LOGS}/quick",
        {"skill_id": skill.pk, "duration_minutes": 30, "description": "Flash cards on joins"},
    )

    assert made.json()["description"] == "Flash cards on joins"


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_minutes": 0},
        {"duration_minutes": 1441},
        {"description": "short"},
        {"skill_id": 0},
    ],
)
def test_quick_log_obeys_the_limits(api, skill, changes):
    body = {"skill_id": skill.pk, "duration_minutes": 30, **changes}

    assert api.post(f"{LOGS}/quick", body).status_code == 400


def test_the_day_start_hour_moves_the_default_date_only(db):
    learner = UserFactory(timezone="UTC", day_start_hour=4)
    skill = SkillFactory(user=learner)
    at_three = datetime(2026, 3, 10, 3, tzinfo=UTC)

    quick = quick_log(skill=skill, user=learner, duration_minutes=15, now=at_three)
    chosen = add_log(
        skill=skill,
        user=learner,
        date_practiced=date(2026, 3, 10),
        duration_minutes=15,
        description="Chosen by hand",
        now=at_three,
    )
    assert (quick.date_practiced, chosen.date_practiced) == (date(2026, 3, 9), date(2026, 3, 10))


def test_the_same_key_logs_once(api, skill):
    answers = [
        api.post(LOGS, body_for(skill), headers={"Idempotency-Key": "once"}) for _ in range(3)
    ]

    assert {a.status_code for a in answers} == {201}
    assert PracticeLog.objects.count() == 1
