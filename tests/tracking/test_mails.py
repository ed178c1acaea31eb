"""Reminders and weekly summaries: at the learner's own hour, once, and easy to leave."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox

from tests.factories import UserFactory
from tests.threads import run_together
from tests.tracking.factories import PracticeLogFactory, SkillFactory
from tracking.models import MailSent, StreakPause
from tracking.services import mail

# Berlin is UTC+1 in November: 17:07 there. A Thursday.
NOW = datetime(2026, 11, 19, 16, 7, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 7, tzinfo=UTC)


@pytest.fixture
def learner(db):
    return UserFactory(username="lena", timezone="Europe/Berlin", reminder_after_days=3)


def practiced(user, *days: date, minutes: int = 30):
    skill = user.skills.first() or SkillFactory(user=user, name="Go & <C>")
    for day in days:
        PracticeLogFactory(skill=skill, date_practiced=day, duration_minutes=minutes)


def remind(now=NOW):
    return mail.send_due_mails(now=now).sent


def test_a_reminder_after_three_days_without_practice(learner):
    practiced(learner, date(2026, 11, 16))

    assert remind() == 1
    message = outbox.outbox[0]
    assert message.to == ["lena@example.com"]
    assert message.subject == "Your last practice was 3 days ago"
    assert "Monday 16 November" in message.body
    assert message.alternatives[0].mimetype == "text/html"


@pytest.mark.parametrize("away, sent", [(0, 0), (2, 0), (3, 1), (4, 1), (60, 1), (61, 0)])
def test_not_before_its_day_and_not_for_ever(learner, away, sent):
    practiced(learner, NOW.date() - timedelta(days=away))

    assert remind() == sent


def test_never_twice_for_the_same_absence(learner):
    practiced(learner, date(2026, 11, 16))

    assert [remind(NOW + timedelta(hours=n)) for n in range(0, 60)] == [1] + [0] * 59


def test_again_after_the_next_absence(learner):
    practiced(learner, date(2026, 11, 16))
    remind()
    practiced(learner, date(2026, 11, 20))

    assert remind(NOW + timedelta(days=4)) == 1


def test_never_after_they_already_practiced(learner):
    practiced(learner, date(2026, 11, 10), date(2026, 11, 19))

    assert remind() == 0


def test_zero_days_turns_reminders_off(learner):
    learner.reminder_after_days = 0
    learner.save()
    practiced(learner, date(2026, 11, 10))

    assert remind() == 0


@pytest.mark.parametrize("hour, sent", [(15, 0), (16, 1), (19, 1), (20, 0), (2, 0)])
def test_at_the_learners_own_hour_never_at_night(learner, hour, sent):
    practiced(learner, date(2026, 11, 15))

    assert remind(NOW.replace(hour=hour)) == sent


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu"])
def test_in_every_zone_there_is_one_good_hour_a_day(db, zone):
    learner = UserFactory(timezone=zone)
    practiced(learner, date(2026, 11, 14))

    times = [NOW.replace(hour=0, minute=7) + timedelta(hours=n) for n in range(24)]
    sent = [moment for moment in times if remind(moment)]
    assert len(sent) == 1
    from common.clock import zone as zone_of

    assert 17 <= sent[0].astimezone(zone_of(zone)).hour < 21


def test_a_pause_is_not_an_absence(learner):
    practiced(learner, date(2026, 11, 14))
    pause = StreakPause.objects.create(user=learner, start_date=date(2026, 11, 15), created_at=NOW)
    assert remind() == 0

    pause.end_date = date(2026, 11, 17)
    pause.save()
    assert remind() == 0  # two days since
    assert remind(NOW + timedelta(days=1)) == 1


def test_who_never_practiced_or_left_gets_nothing(learner):
    assert remind() == 0
    practiced(learner, date(2026, 11, 10))
    learner.is_active = False
    learner.save()
    assert remind() == 0


def test_a_mail_server_that_refuses_delays_but_loses_nothing(learner, settings):
    practiced(learner, date(2026, 11, 16))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    report = mail.send_due_mails(now=NOW)
    assert (report.sent, report.failed) == (0, 1)
    assert not MailSent.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind(NOW + timedelta(hours=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_one_mail():
    learner = UserFactory(timezone="Europe/Berlin")
    practiced(learner, date(2026, 11, 16))

    run_together([remind, remind, remind])
    assert MailSent.objects.count() == len(outbox.outbox) == 1


def test_the_week_is_told_on_monday_morning_once(learner):
    learner.weekly_goal_minutes = 120
    learner.save()
    practiced(learner, date(2026, 11, 16), date(2026, 11, 22), minutes=45)
    practiced(learner, date(2026, 11, 23))

    assert remind(MONDAY) == 1
    message = outbox.outbox[0]
    assert message.subject == "Your week: 1 h 30 min on 2 days"
    assert "75 %" in message.body
    assert "Your streak: 2 days (longest 2)." in message.body
    assert "- Go & <C>: 1 h 30 min" in message.body
    assert "Go &amp; &lt;C&gt;" in message.alternatives[0].content
    assert remind(MONDAY + timedelta(hours=1)) == 0
    assert remind(MONDAY + timedelta(days=1)) == 0


def test_a_broken_streak_is_not_rubbed_in(learner):
    practiced(learner, date(2026, 11, 16), date(2026, 11, 17))

    assert remind(MONDAY) == 1
    assert "Your longest streak: 2 days. A new one starts today." in outbox.outbox[0].body


def test_no_summary_of_a_week_without_practice_or_when_turned_off(learner):
    practiced(learner, date(2026, 11, 23))
    assert remind(MONDAY) == 0
    practiced(learner, date(2026, 11, 18))
    learner.weekly_summary = False
    learner.save()
    assert remind(MONDAY) == 0


def test_one_click_leaves_by_the_header(learner, client):
    practiced(learner, date(2026, 11, 16))
    remind()
    headers = outbox.outbox[0].extra_headers

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = headers["List-Unsubscribe"].strip("<>")
    path = url.removeprefix("http://localhost")
    assert path.startswith("/skills/unsubscribe/")
    assert client.get(path).status_code == 200
    learner.refresh_from_db()
    assert learner.reminder_after_days == 3

    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(path).status_code == 200
    learner.refresh_from_db()
    assert (learner.reminder_after_days, learner.weekly_summary) == (0, True)


def test_a_forged_link_is_404(client, db):
    assert client.post("/skills/unsubscribe/forged").status_code == 404
    assert client.get("/skills/unsubscribe/a:b:c").status_code == 404


def test_the_beat_runs_it():
    from config.celery import app

    assert "tracking.send_due_mails" in {e["task"] for e in app.conf.beat_schedule.values()}
