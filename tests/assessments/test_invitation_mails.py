"""Invitations go out from rows: once each, through refusals, broken lines and killed workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from accounts.models import AuditEntry
from common import clock
from sessions_app.assessments.models import Candidate, InvitationMail
from sessions_app.assessments.services.candidates import withdraw_tokens
from sessions_app.assessments.services.invitations import (
    MOST_TRIES,
    queue_invitations,
    send_due_invitations,
)
from tests.assessments.factories import AssessmentFactory, CandidateFactory
from tests.assessments.mail_server import MailServer
from tests.services import on_sqlite
from tests.threads import run_together

ROOT = Path(__file__).resolve().parents[2]
WORKER = (
    "import django; django.setup();"
    "from sessions_app.assessments.services.invitations import send_due_invitations;"
    "send_due_invitations(seconds=60)"
)


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with MailServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def invited(number: int) -> list[Candidate]:
    test = AssessmentFactory()
    people = [
        Candidate(name=f"C {n}", email=f"c{n}@example.com", assessment=test) for n in range(number)
    ]
    Candidate.objects.bulk_create(people)
    assert queue_invitations([one.pk for one in people], staff_id=7, now=clock.now()) == number
    return people


def let_time_pass() -> None:
    """The waits of refused rows and the leases of dead workers run out."""
    rows = InvitationMail.objects.unfinished()
    rows.filter(claimed_until=None).update(next_try_at=None)
    rows.exclude(claimed_until=None).update(claimed_until=clock.now() - timedelta(seconds=1))


def send_all(rounds: int = 12) -> None:
    for _ in range(rounds):
        let_time_pass()
        send_due_invitations(seconds=60)
        if not InvitationMail.objects.unfinished().exists():
            return


def states() -> Counter[str]:
    return Counter(InvitationMail.objects.values_list("status", flat=True))


@pytest.mark.parametrize(
    "reply", ["451 4.7.1 Try again later", "550 5.7.1 Not now", ""], ids=["451", "550", "cut"]
)
def test_a_server_that_refuses_every_third_gets_each_mail_once(db, server, reply):
    server.refuse_each(3, reply)
    people = invited(20)
    send_all()
    assert server.received() == Counter(one.email for one in people)
    assert states() == {"sent": 20}
    assert not Candidate.objects.filter(invited_at=None).exists()
    told = AuditEntry.objects.filter(action="candidate.invited")
    assert told.count() == 20 and set(told.values_list("actor_id", flat=True)) == {"7"}


def test_who_is_always_refused_fails_with_the_reason_and_holds_up_nobody(db, server):
    server.refuse_each(1, "550 5.1.1 No such user")
    (one,) = invited(1)
    send_all()
    row = InvitationMail.objects.get()
    assert (row.status, row.tries) == ("failed", 5) and "No such user" in row.error
    one.refresh_from_db()
    assert one.invited_at is None and not server.inbox
    # It may be asked for again.
    server.refuse_each(0)
    queue_invitations([one.pk], staff_id=7, now=clock.now())
    send_all()
    assert server.received() == {one.email: 1}


def test_while_no_server_answers_rows_wait_and_no_try_counts(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invited(3)
    for _ in range(MOST_TRIES + 1):
        let_time_pass()
        send_due_invitations()
    rows = InvitationMail.objects.all()
    assert {(row.status, row.tries) for row in rows} == {("queued", 0)}
    assert all("cannot be reached" in row.error and row.next_try_at for row in rows)


def test_without_a_mail_server_rows_wait_for_one_and_none_is_uncertain(db, settings):
    settings.EMAIL_BACKEND = "common.mail.NoMailServer"
    invited(2)
    send_due_invitations()
    assert states() == {"queued": 2}
    assert "No mail server is set up" in InvitationMail.objects.earliest("pk").error


def test_a_candidate_has_one_open_mail_and_withdrawing_cancels_it(db):
    (one,) = invited(1)
    assert queue_invitations([one.pk, one.pk], staff_id=7, now=clock.now()) == 0
    withdraw_tokens(candidate_id=one.pk, staff_id=7, reason="Wrong address")
    send_all()
    assert states() == {"cancelled": 1} and mail.outbox == []
    queue_invitations([one.pk], staff_id=7, now=clock.now())
    send_all()
    assert states() == {"cancelled": 1, "sent": 1} and len(mail.outbox) == 1


def test_a_row_that_cannot_be_sent_does_not_stop_the_rest(db):
    people = invited(3)
    Candidate.objects.filter(pk=people[0].pk).update(email="two\nlines@example.com")
    send_all()
    assert states() == {"failed": 1, "sent": 2}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(on_sqlite(), reason="a worker of its own process needs PostgreSQL")
class TestWithWorkersOfTheirOwn:
    def worker(self, server: MailServer) -> subprocess.Popen[bytes]:
        database = connection.settings_dict
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"{url}/{database['NAME']}",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        }
        command = [sys.executable, "-c", WORKER]
        return subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)

    def kill_while_stalled(self, server: MailServer, step: str) -> None:
        server.stall(step)
        worker = self.worker(server)
        assert server.stalled.wait(60)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def test_killed_workers_and_a_refusing_server_lose_and_double_nothing(self, server):
        number = int(os.environ.get("ETUDE_INVITED", "40"))
        people = invited(number)
        server.refuse_each(3)
        # One is killed before its text went out, one after the server took it.
        self.kill_while_stalled(server, "rcpt")
        self.kill_while_stalled(server, "data")
        taken = server.inbox[-1][0]
        send_all()

        assert server.received() == Counter(one.email for one in people)
        assert states() == {"sent": number - 1, "unclear": 1}
        (unclear,) = InvitationMail.objects.filter(status="unclear")
        assert unclear.candidate.email == taken and "stopped" in unclear.error
        # It is staff who decide about it.
        send_all()
        assert len(server.inbox) == number

    def test_two_workers_at_once_and_two_who_invite_send_each_mail_once(self, server):
        people = [CandidateFactory() for _ in range(12)]
        ids = [one.pk for one in people]

        def invite() -> None:
            queue_invitations(ids, staff_id=7, now=clock.now())

        run_together([invite] * 3)
        run_together([lambda: send_due_invitations(seconds=60)] * 3)
        assert server.received() == Counter(one.email for one in people)
        assert states() == {"sent": 12}
