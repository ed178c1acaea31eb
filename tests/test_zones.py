"""Times say their zone, in every template, mail, export and sentence; and it is the right one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.contrib.auth import get_user_model
from django.template import engines
from django.urls import reverse
from django.utils.timezone import override

from common import clock
from practice.services.completion import complete_session
from sessions_app.assessments.models import InvitationMail
from sessions_app.assessments.services.invitations import invitation_mail
from tests.assessments.factories import CandidateFactory, token_for
from tests.factories import UserFactory
from tests.practice.factories import NOW, make_worked_session
from tests.proctoring.factories import SessionFactory
from tests.test_architecture import ROOT, SOURCES

# 14:05 in UTC is the next day, 03:05, in Auckland.
AT = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
AUCKLAND = "Pacific/Auckland"
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".md"}
)
# A pattern that has the hour, minute or second of a day; \Z and the like are letters of the text.
CLOCK = re.compile(r"(?<!\\)[aAfgGhHiPsu]")
# Programs read the first; the second are in config/formats and say it themselves.
SAY_IT_THEMSELVES = {"c", "r", "U", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT"}


def times_without_zone(template: str) -> list[str]:
    found = re.findall(r"\|time\b|\{% now [^%]*%\}", template)
    for filtered in re.finditer(r"\|date:([\"'])(.*?)\1", template):
        pattern, rest = filtered[2], template[filtered.end() :]
        is_utc = template[: filtered.start()].endswith("|utc") and pattern.endswith(r"\Z")
        if pattern in SAY_IT_THEMSELVES or is_utc or rest.startswith(" }} your time"):
            continue
        found += [filtered[0]] if CLOCK.search(pattern) else []
    return found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{{ at|date:"j M, H:i" }}', 1),
        ("{{ at|date:'g:i A' }} UTC", 1),
        ("{{ at|time:'H:i' }}", 1),
        ('{% now "Y" %}', 1),
        ('{{ at|date:"Y-m-d\\TH:i:s\\Z" }}', 1),
        ('{{ at|utc|date:"Y-m-d\\TH:i:s\\Z" }}', 0),
        ('{{ at|date:"H:i" }} your time', 0),
        ('{{ at|zoned:"j M, H:i" }} {{ at|date:"l j F Y" }} {{ at|date:"c" }}', 0),
    ],
)
def test_the_walk_below_sees_a_time_without_its_zone(template, found):
    assert len(times_without_zone(template)) == found


def test_no_template_shows_a_time_without_its_zone():
    """Use `zoned` in place of `date`: it is there in every template."""
    assert len(TEMPLATES) > 100
    texts = {path.relative_to(ROOT): path.read_text() for path in TEMPLATES}
    assert {path: bad for path, text in texts.items() if (bad := times_without_zone(text))} == {}


def test_no_sentence_of_ours_has_a_time_without_its_zone():
    r"""`%Z` in the same pattern, `Z` of UTC, or the name of the person's zone beside it."""
    found = []
    for path in SOURCES:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            times = re.findall(r"%(?:H|I):%M[^}\"']*", line)
            bare = [pattern for pattern in times if not re.search(r"%Z$|Z$", pattern)]
            if bare and "timezone" not in line:
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


@pytest.mark.parametrize(
    ("minutes", "name"),
    [(0, "UTC"), (60, "UTC+1"), (780, "UTC+13"), (345, "UTC+5:45"), (-210, "UTC-3:30")],
)
def test_a_zone_is_said_so_that_everybody_knows_it(minutes, name):
    local = AT.astimezone(timezone(timedelta(minutes=minutes)))
    assert clock.zoned(local, "H:i") == f"{local:%H:%M} {name}"


def test_the_filter_speaks_in_the_active_zone_and_says_nothing_for_nothing():
    template = engines["django"].from_string('{{ at|zoned:"j M, H:i" }}')
    assert template.render({"at": AT}) == "23 Nov, 14:05 UTC"
    with override(clock.zone(AUCKLAND)):
        assert template.render({"at": AT}) == "24 Nov, 03:05 UTC+13"
    assert template.render({"at": None}) == template.render({}) == ""


def test_console_and_candidate_read_utc_whatever_zone_who_asks_has(client, staff):
    """The labels said UTC before, and the times were those of the member of staff."""
    get_user_model().objects.filter(pk=staff.pk).update(timezone=AUCKLAND)
    session = SessionFactory(completed=True, test_start_time=AT, completed_at=AT)
    client.force_login(staff)

    sitting = reverse("admin:sessions_app_proctoredsession_change", args=[session.pk])
    listed = reverse("admin:sessions_app_proctoredsession_changelist")
    assert "2026-11-23 14:05:09 UTC" in client.get(sitting).content.decode()
    assert "23 November 2026, 14:05 UTC" in client.get(listed).content.decode()

    client.get(f"/t/{token_for(session.candidate)}")
    assert "23 November 2026, 14:05:09 UTC." in client.get("/test").content.decode()


def test_the_mail_with_a_link_says_until_when_and_where(db):
    row = InvitationMail(candidate=CandidateFactory())
    body = str(invitation_mail(row, now=AT).body)
    assert re.search(r"until \d+ \w+ \d{4}, 14:05 UTC:\n", body)


def test_a_learners_pages_and_exports_are_in_the_learners_zone(client, db):
    learner = UserFactory(timezone=AUCKLAND)
    session = make_worked_session(learner)
    complete_session(user=learner, session_id=session.pk, now=NOW)
    client.force_login(learner)

    page = client.get(f"/practice/sessions/{session.pk}/review").content.decode()
    local = NOW.astimezone(clock.zone(AUCKLAND))
    assert f"Completed {local:%-d %B %Y, %H:%M} UTC+13." in page
    exported = client.get(reverse("practice:export", args=[session.pk]), {"format": "md"})
    assert f"- Completed: {local:%Y-%m-%d %H:%M} UTC+13\n" in exported.content.decode()
