"""Exports of other trackers: recognized by their titles, read as they are, changeable."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import clock
from common.sheets import archives
from tests.tracking.files import IMPORT, bring, xlsx_of
from tracking.models import ImportPlan, PracticeLog, Skill
from tracking.services import import_work
from tracking.sheets import bounds

TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,"
    "Duration,Tags,Amount ()\n"
    "A,a@b.example,,SQL,,Window functions in depth,No,2026-03-01,09:00:00,2026-03-01,10:30:00,"
    "01:30:00,sql,\n"
    "A,a@b.example,,Go,,Tour,No,2026-03-02,09:00:00,2026-03-02,09:47:06,0:47:06,,\n"
)
TOGGL_NEW = (
    '"Description","Duration","Member","Email","Project","Tags","Start date","Start time",'
    '"Stop date","Stop time"\n'
    '"-","47:06 min","A","a@b.example","SQL","-","2026-03-01","09:00","2026-03-01","09:47"\n'
)
CLOCKIFY = (
    '"Project","Client","Description","Task","User","Group","Email","Tags","Billable",'
    '"Start Date","Start Time","End Date","End Time","Duration (h)","Duration (decimal)",'
    '"Billable Rate (USD)","Billable Amount (USD)","Date of creation"\n'
    '"SQL","","Window functions in depth","","A","","a@b.example","","No","13/03/2026",'
    '"10:00","13/03/2026","10:13","0:13","0.22","0.00","0.00","13/03/2026"\n'
    '"SQL","","Joins","","A","","a@b.example","","No","14/03/2026","02:44:33 PM","14/03/2026",'
    '"03:19:30 PM","00:34:57","0.58","0.00","0.00","14/03/2026"\n'
)
WAKATIME = (
    "DATE,TOTAL LOGGED SECONDS,PROJECTS,shop,FILES,/a.py,/b.js,LANGUAGES,Python,JavaScript,"
    "EDITORS,Vim,OPERATING SYSTEMS,Linux\n"
    "2026-03-01,5420,,5420,,5400,20,,5400,20,,5420,,5420\n"
    "2026-03-02,1800.125,,1800.125,,0,1800,,0,1800.125,,1800.125,,1800\n"
)
LOOP = (
    "Date,Write Go,Read,Scales,\n"
    "2026-03-03,YES_MANUAL,YES_AUTO,UNKNOWN,\n"
    "2026-03-02,NO,SKIP,25.0,\n"
    "2026-03-01,YES_MANUAL,UNKNOWN,0.0,\n"
)
LOOP_OLD = "Date,Write Go,Read,\n2026-03-03,2,1,\n2026-03-02,0,-1,\n2026-03-01,2,3,\n"


def planned(api, text, **fields):
    answer = bring(api, text.encode(), **fields)
    assert answer.status_code == 200, answer.content
    return answer.json()


def logs_of(api, text, **fields):
    body = planned(api, text, dry_run="false", **fields)
    assert (body["errors"], body["status"]) == ([], "applied"), body
    rows = PracticeLog.objects.order_by("date_practiced", "pk")
    return [
        (log.skill.name, log.date_practiced.day, log.duration_minutes, log.description)
        for log in rows.select_related("skill")
    ]


def test_toggl(api):
    body = planned(api, TOGGL)
    assert body["preset"] == "toggl"
    assert body["columns"] == {
        "skill": "Project",
        "date": "Start date",
        "description": "Description",
        "duration_minutes": "Duration",
    }
    assert body["creates_skills"] == ["SQL", "Go"]

    assert logs_of(api, TOGGL) == [
        ("SQL", 1, 90, "Window functions in depth"),
        ("Go", 2, 47, "Tour · Toggl Track"),
    ]
    assert planned(api, TOGGL)["create"] == 0


def test_the_newer_export_of_toggl(api):
    assert logs_of(api, TOGGL_NEW) == [("SQL", 1, 47, "Tracked with Toggl Track")]


def test_clockify_asks_only_about_its_dates(api):
    assert logs_of(api, CLOCKIFY) == [
        ("SQL", 13, 13, "Window functions in depth"),
        ("SQL", 14, 35, "Joins · Clockify"),
    ]
    asked = planned(api, CLOCKIFY.replace("13/03", "03/04"))
    assert [q["parameter"] for q in asked["questions"]] == ["date_format"]


def test_wakatime_holds_a_session_for_each_language_of_a_day(api):
    body = planned(api, WAKATIME)
    assert (body["preset"], body["columns"]["skill"]) == ("wakatime", "LANGUAGES")
    assert (body["create"], body["left_out"]) == (2, 1)  # 20 seconds are no session

    assert logs_of(api, WAKATIME) == [
        ("Python", 1, 90, "Tracked with WakaTime"),
        ("JavaScript", 2, 30, "Tracked with WakaTime"),
    ]
    other = planned(api, WAKATIME, columns=json.dumps({"skill": "PROJECTS"}))
    assert other["creates_skills"] == ["shop"]
    assert other["ignored_columns"] == ["FILES", "LANGUAGES", "EDITORS", "OPERATING SYSTEMS"]


def test_wakatime_with_a_column_for_every_file(api):
    files = ",".join(f"/{n}.py" for n in range(900))
    zeros = ",".join("0" * 900)
    text = (
        f"DATE,TOTAL LOGGED SECONDS,PROJECTS,shop,FILES,{files},LANGUAGES,Python\n"
        f"2026-03-01,600,,600,,{zeros},,600\n"
    )
    assert logs_of(api, text) == [("Python", 1, 10, "Tracked with WakaTime")]


def test_a_wide_file_with_many_sessions_goes_to_the_worker(api, monkeypatch):
    monkeypatch.setattr(bounds, "ROWS_AT_ONCE", 3)
    answer = bring(api, WAKATIME.encode())
    assert answer.status_code == 202

    plan = answer.json()["plan_id"]
    import_work.work_on_import(plan_id=plan, now=clock.now())
    body = api.get(f"{IMPORT}/{plan}").json()
    assert (body["status"], body["create"], body["preset"]) == ("planned", 2, "wakatime")
    assert ImportPlan.objects.get().upload is not None  # the mapping may still be changed


@pytest.mark.parametrize("text", [LOOP_OLD, LOOP.replace("25.0", "UNKNOWN")])
def test_loop_asks_how_long_a_check_mark_is(api, text):
    body = planned(api, text)
    assert (body["preset"], body["create"]) == ("loop", 0)
    assert [q["parameter"] for q in body["questions"]] == ["minutes_each"]
    assert [e["column"] for e in body["errors"]] == ["Write Go", "Write Go"]

    what = "Tracked with Loop Habit Tracker"
    assert logs_of(api, text, minutes_each="20") == [
        ("Write Go", 1, 20, what),
        ("Write Go", 3, 20, what),
    ]


def test_amounts_of_loop_have_no_unit(api):
    body = planned(api, LOOP)
    assert [q["parameter"] for q in body["questions"]] == ["duration_unit", "minutes_each"]

    rows = logs_of(api, LOOP, minutes_each="20", duration_unit="minutes")
    assert [row[:3] for row in rows] == [
        ("Write Go", 1, 20),
        ("Scales", 2, 25),
        ("Write Go", 3, 20),
    ]


def test_the_file_of_one_habit_asks_for_its_skill(api, pages):
    text = (
        "Date,Value,Notes\n2026-03-03,YES_MANUAL,\n2026-03-02,NO,\n"
        "2026-03-01,YES_MANUAL,Scales in thirds\n"
    )
    body = planned(api, text, minutes_each="20")
    assert [q["parameter"] for q in body["questions"]] == ["skill"]
    bad = bring(api, text.encode(), skill="x" * 101)
    assert (bad.status_code, list(bad.json()["fields"])) == (400, ["skill"])

    rows = logs_of(api, text, minutes_each="20", skill="Piano")
    assert rows == [
        ("Piano", 1, 20, "Scales in thirds"),
        ("Piano", 3, 20, "Tracked with Loop Habit Tracker"),
    ]
    url = pages.post("/logs/import", {"file": SimpleUploadedFile("c.csv", text.encode())})
    url = pages.post(f"{url['Location']}/again", {"minutes_each": "20"})["Location"]
    assert 'name="skill" maxlength="100" required' in pages.get(url).content.decode()
    url = pages.post(f"{url}/again", {"skill": "Piano"})["Location"]
    assert "Everything in this file is already there" in pages.get(url).content.decode()


def dump(*days):
    return json.dumps({"user": {}, "range": {"start": 1, "end": 2}, "days": list(days)})


WAKATIME_JSON = dump(
    {
        "date": "2026-03-01",
        "grand_total": {"total_seconds": 5420},
        "languages": [
            {"name": "Python", "total_seconds": 5400},
            {"name": "JavaScript", "total_seconds": 20},
        ],
        "projects": [{"name": "shop", "grand_total": {"total_seconds": 5420}, "languages": []}],
        "entities": [{"name": "/a.py", "total_seconds": 5420}],
    },
    {
        "date": "2026-03-02",
        "languages": [{"name": "JavaScript", "total_seconds": 1800.125}],
        "projects": [{"name": "PROJECTS", "grand_total": {"total_seconds": 1800}}],
    },
)


@pytest.mark.parametrize("text", [WAKATIME_JSON, "\ufeff\n" + WAKATIME_JSON])
def test_the_json_of_wakatime_is_read_as_its_csv(api, text):
    body = planned(api, text)
    assert (body["preset"], body["columns"]["skill"]) == ("wakatime", "LANGUAGES")
    assert (body["create"], body["left_out"], body["ignored_columns"]) == (2, 1, ["PROJECTS"])
    assert logs_of(api, text) == [
        ("Python", 1, 90, "Tracked with WakaTime"),
        ("JavaScript", 2, 30, "Tracked with WakaTime"),
    ]
    other = planned(api, text, columns=json.dumps({"skill": "PROJECTS"}))
    assert other["creates_skills"] == ["shop", "Projects"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("{}", "no export of WakaTime"),
        ('{"days": [1]}', "no export of WakaTime"),
        (dump(), "no totals of days"),
        (dump({"date": "2026-03-01", "heartbeats": []}), "no totals of days"),
        (dump({"date": 1, "languages": [{"name": 1}, 2, {"name": ""}]}), ""),
        (dump({"languages": [{"name": "Go", "total_seconds": "x"}], "projects": 3}), ""),
        (dump({"date": "x" * 99, "languages": [{"name": "Go", "total_seconds": 9e99}]}), "error"),
    ],
)
def test_other_json_is_refused_or_holds_nothing(api, text, words):
    answer = bring(api, text.encode())
    body = answer.json()
    if words == "error":
        assert (answer.status_code, body["error_count"], body["create"]) == (200, 1, 0)
    elif words:
        assert (answer.status_code, words in body["error"]) == (400, True), body
    else:
        assert (answer.status_code, body["create"], body["error_count"]) == (200, 0, 0)


def test_a_large_dump_goes_to_the_worker_and_a_vast_one_is_refused(api, monkeypatch):
    monkeypatch.setattr(bounds, "DUMP_AT_ONCE", 100)
    plan = bring(api, WAKATIME_JSON.encode()).json()
    assert plan["status"] == "planning"
    import_work.work_on_import(plan_id=plan["plan_id"], now=clock.now())
    body = api.get(f"{IMPORT}/{plan['plan_id']}").json()
    assert (body["status"], body["create"]) == ("planned", 2)

    monkeypatch.setattr(bounds, "DUMP_AT_ONCE", 10**6)
    monkeypatch.setattr(bounds, "MOST_DUMP_CELLS", 5)
    assert bring(api, WAKATIME_JSON.encode()).status_code == 413


def test_other_files_of_loop_are_not_taken_for_minutes(api):
    comma = bring(api, b"Date,Read, slowly,Go,\n2026-03-01,YES_MANUAL,NO,\n")
    assert (comma.status_code, "comma in its name" in comma.json()["error"]) == (400, True)
    scores = bring(api, b"Date,Write Go,\n2026-03-01,0.0519,\n")
    assert scores.status_code == 400


def test_columns_may_be_named_for_any_file(api):
    text = "Thema,Tag,Dauer (Min.),Notiz\nSQL,2026-03-01,30,Joins and windows\n"
    refused = bring(api, text.encode())
    assert (refused.status_code, refused.json()["code"]) == (400, "missing_columns")

    columns = {
        "skill": "Thema", "date": "Tag", "duration_minutes": "Dauer (Min.)", "description": "Notiz"
    }  # fmt: skip
    asked = planned(api, text, columns=json.dumps(columns))
    assert [q["parameter"] for q in asked["questions"]] == ["duration_unit"]
    rows = logs_of(api, text, columns=json.dumps(columns), duration_unit="minutes")
    assert rows == [("SQL", 1, 30, "Joins and windows")]
    for bad in ('{"skill": "Nothing"}', '{"topic": "Thema"}', "[1]", "{", '{"skill": {}}'):
        reply = bring(api, text.encode(), columns=bad)
        assert (reply.status_code, list(reply.json()["fields"])) == (400, ["columns"]), bad


def test_the_page_shows_the_mapping_and_reads_the_file_again(pages):
    upload = SimpleUploadedFile("toggl.csv", TOGGL.encode())
    url = pages.post("/logs/import", {"file": upload})["Location"]
    text = pages.get(url).content.decode()
    assert "An export of Toggl Track" in text
    assert '<option selected value="Project">Project</option>' in text
    assert "Creates 2 skills: SQL, Go" in text

    said = {
        "column-skill": "Description", "column-date": "Start date",
        "column-duration_minutes": "Duration", "column-description": "",
    }  # fmt: skip
    again = pages.post(f"{url}/again", said)["Location"]
    assert "Creates 2 skills: Window functions in depth, Tour" in pages.get(again).content.decode()
    pages.post(f"{again}/apply")
    assert {skill.name for skill in Skill.objects.all()} == {"Window functions in depth", "Tour"}
    assert ImportPlan.objects.get().upload is None
    assert PracticeLog.objects.get(skill__name="Tour").date_practiced == date(2026, 3, 2)
    pages.post(f"{again}/undo")
    assert not Skill.objects.exists()


GERMAN = "Thema,Tag,Dauer (min),Notiz\nSQL,2026-03-01,30,Joins and windows\n"


def brought(pages, text):
    upload = SimpleUploadedFile("eigene.csv", text.encode())
    return pages.post("/logs/import", {"file": upload})["Location"]


def test_the_page_asks_what_unknown_titles_are(pages):
    url = brought(pages, GERMAN)
    text = pages.get(url).content.decode()
    assert "Which column is which?" in text
    assert 'name="column-date" id="column-date" required' in text
    assert "Missing in the header row" in text and f"{url}/apply" not in text
    assert "Say first" in pages.post(f"{url}/apply", follow=True).content.decode()

    said = {
        "column-skill": "Thema", "column-date": "Tag", "column-duration_minutes": "Dauer (min)",
        "column-description": "", "column-difficulty": "", "column-confidence": "", "skill": "",
    }  # fmt: skip
    url = pages.post(f"{url}/again", said)["Location"]
    text = pages.get(url).content.decode()
    assert "“description”" in text  # what is still missing, and what was said stays
    assert '<option selected value="Thema">' in text

    url = pages.post(f"{url}/again", {**said, "column-description": "Notiz"})["Location"]
    pages.post(f"{url}/again", {"duration_unit": "minutes"})
    url = f"/logs/import/{ImportPlan.objects.get().pk}"
    pages.post(f"{url}/apply")
    log = PracticeLog.objects.get()
    assert (log.skill.name, log.date_practiced, log.duration_minutes, log.description) == (
        "SQL", date(2026, 3, 1), 30, "Joins and windows",
    )  # fmt: skip


def test_a_file_without_skills_is_told_one(pages):
    url = brought(pages, "date,minutes,description\n2026-03-01,30,Joins and windows\n")
    assert "Which column is which?" in pages.get(url).content.decode()
    said = {
        "column-skill": "", "column-date": "date", "column-duration_minutes": "minutes",
        "column-description": "description", "skill": "SQL",
    }  # fmt: skip
    url = pages.post(f"{url}/again", said)["Location"]
    assert "Creates skill SQL" in " ".join(pages.get(url).content.decode().split())


def test_titles_that_mean_the_same_are_asked_about(pages):
    header = "skill,date,date practiced,minutes,description"
    url = brought(pages, f"{header}\nSQL,2026-03-01,2026-03-02,30,Joins and windows\n")
    assert "mean the same" in pages.get(url).content.decode()
    said = {
        "column-skill": "skill", "column-date": "date practiced",
        "column-duration_minutes": "minutes", "column-description": "description",
    }  # fmt: skip
    pages.post(f"{url}/again", said)
    plan = ImportPlan.objects.get()
    assert (plan.create_count, plan.rows.get().date_practiced.day) == (1, 2)


def test_a_large_file_with_unknown_titles_is_asked_about_after_it_was_left_to_the_worker(
    api, pages, monkeypatch
):
    rows = [["Thema", "Tag", "minutes", "Notiz"], ["SQL", "2026-03-01", 30, "Joins and windows"]]
    monkeypatch.setattr(archives, "XML_AT_ONCE", 10)
    plan = bring(api, xlsx_of(rows), name="p.xlsx").json()
    assert plan["status"] == "planning"
    import_work.work_on_import(plan_id=plan["plan_id"], now=clock.now())
    body = api.get(f"{IMPORT}/{plan['plan_id']}").json()
    assert (body["status"], [q["parameter"] for q in body["questions"]]) == ("planned", ["columns"])
    assert body["questions"][0]["choices"] == ["Thema", "Tag", "minutes", "Notiz"]
    refused = api.post(f"{IMPORT}/{plan['plan_id']}/apply")
    assert (refused.status_code, "Say first" in refused.json()["error"]) == (409, True)


def test_the_page_asks_how_long_a_check_mark_is(pages):
    upload = SimpleUploadedFile("Checkmarks.csv", LOOP_OLD.encode())
    url = pages.post("/logs/import", {"file": upload})["Location"]
    assert "How many minutes is each?" in pages.get(url).content.decode()

    again = pages.post(f"{url}/again", {"minutes_each": "45"})["Location"]
    pages.post(f"{again}/apply")
    assert [log.duration_minutes for log in PracticeLog.objects.all()] == [45, 45]
