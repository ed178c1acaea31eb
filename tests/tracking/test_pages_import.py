"""Import and export on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.tracking.factories import PracticeLogFactory
from tests.tracking.files import csv_of, row
from tracking.models import ImportPlan, PracticeLog


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
    for data, words in ((b"a\n1\n", "Missing in the header row"), (b" ", "This file is empty")):
        answer = pages.post("/logs/import", {"file": SimpleUploadedFile("p.csv", data)})
        assert answer.status_code == 400
        assert words in answer.content.decode()
    assert pages.post("/logs/import", {}).status_code == 400


def test_export_from_the_page(pages, skill):
    PracticeLogFactory(skill=skill)

    for chosen in ("csv", "json"):
        answer = pages.get(f"/logs/export?format={chosen}")
        assert b"Built a small thing" in b"".join(answer.streaming_content)


@pytest.mark.parametrize("said, month", [("dmy", 4), ("mdy", 3)])
def test_the_dates_of_a_file_are_asked_for_and_the_file_is_not(pages, skill, said, month):
    data = csv_of(row(1, skill=skill.name), row(2, skill=skill.name, date="03/04/2026"))
    url = pages.post("/logs/import", {"file": SimpleUploadedFile("p.csv", data)})["Location"]
    assert "Are dates such as 03/04/2026 day/month or" in pages.get(url).content.decode()

    again = pages.post(f"{url}/again", {"date_format": said})["Location"]
    assert "Are dates such as 03/04/2026 day/month or" not in pages.get(again).content.decode()
    assert pages.get(url).status_code == 404
    pages.post(f"{again}/apply")
    assert sorted(log.date_practiced.month for log in PracticeLog.objects.all()) == [1, month]
    assert ImportPlan.objects.get().upload is None


def test_an_answer_nobody_asked_for_changes_nothing(pages, skill):
    data = csv_of(row(1, skill=skill.name))
    url = pages.post("/logs/import", {"file": SimpleUploadedFile("p.csv", data)})["Location"]

    for said in ("dmy", "ydm", ""):
        text = pages.post(f"{url}/again", {"date_format": said}, follow=True).content.decode()
        assert "no question to answer" in text
    assert ImportPlan.objects.get().status == "planned"


def test_an_answer_that_is_none_is_refused_and_the_question_stays(pages, skill):
    data = csv_of(row(2, skill=skill.name, date="03/04/2026"))
    url = pages.post("/logs/import", {"file": SimpleUploadedFile("p.csv", data)})["Location"]

    assert (
        "dmy or mdy."
        in pages.post(f"{url}/again", {"date_format": "ydm"}, follow=True).content.decode()
    )
    assert "Are dates such as 03/04/2026 day/month or" in pages.get(url).content.decode()
