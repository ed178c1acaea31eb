"""Exports of other trackers: recognized by their titles, read as they are, changeable."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import clock
from tests.tracking.files import IMPORT, bring
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


def test_other_files_of_loop_are_not_taken_for_minutes(api):
    one = bring(api, b"Date,Value,Notes\n2026-03-01,YES_MANUAL,\n")
    assert (one.status_code, "Checkmarks.csv" in one.json()["error"]) == (400, True)
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


def test_the_page_asks_how_long_a_check_mark_is(pages):
    upload = SimpleUploadedFile("Checkmarks.csv", LOOP_OLD.encode())
    url = pages.post("/logs/import", {"file": upload})["Location"]
    assert "How many minutes is each?" in pages.get(url).content.decode()

    again = pages.post(f"{url}/again", {"minutes_each": "45"})["Location"]
    pages.post(f"{again}/apply")
    assert [log.duration_minutes for log in PracticeLog.objects.all()] == [45, 45]
