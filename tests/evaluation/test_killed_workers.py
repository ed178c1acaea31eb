"""1,000 answers, two real Celery workers, one of them killed with SIGKILL five times: each answer
gets exactly one verdict. The database itself counts, by a trigger on the table."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from accounts.models import User
from common import clock
from evaluation.models import Evaluation
from evaluation.services.queue import requeue_stalled
from tests.evaluation.factories import GOOD, make_evaluation
from tests.factories import UserFactory
from tests.services import on_sqlite

ROOT = Path(__file__).resolve().parents[2]
ANSWERS, KILLS, LEASE_SECONDS = 1000, 5, 2

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(on_sqlite(), reason="needs the broker and PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def verdicts_stored():
    """A table that a trigger fills: one row each time a verdict is written."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE verdict_log (evaluation_id bigint)")
        cursor.execute(
            "CREATE FUNCTION log_verdict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO verdict_log VALUES (NEW.id); RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER log_verdict AFTER UPDATE ON evaluation_evaluation FOR EACH ROW "
            "WHEN (NEW.overall_score IS NOT NULL) EXECUTE FUNCTION log_verdict()"
        )

    def counts() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM verdict_log GROUP BY evaluation_id")
            return [row[0] for row in cursor.fetchall()]

    yield counts
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER log_verdict ON evaluation_evaluation")
        cursor.execute("DROP FUNCTION log_verdict()")
        cursor.execute("DROP TABLE verdict_log")


def database_url() -> str:
    parts = connection.settings_dict
    password = f":{quote(parts['PASSWORD'])}" if parts["PASSWORD"] else ""
    return f"postgres://{parts['USER']}{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


def start_worker(name: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "evaluation,default",
        "-c", "1", "-n", f"{name}@killed", "-l", "ERROR", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "EVALUATION_LEASE_SECONDS": str(LEASE_SECONDS),
        # Tries count kills too: leave room for an answer that is hit more than once.
        "EVALUATION_MAX_TRIES": "9",
    }
    return subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)


def kill(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def unfinished() -> int:
    return Evaluation.objects.unfinished().count()


def wait_below(limit: int, *, patience: float) -> None:
    """Wait until fewer than `limit` are left, doing the beat's work meanwhile."""
    until = time.monotonic() + patience
    while unfinished() > limit:
        assert time.monotonic() < until, f"{unfinished()} evaluations are still open"
        requeue_stalled(now=clock.now())
        time.sleep(0.5)


def ask_for_all(owner: User) -> None:
    with transaction.atomic():
        for number in range(ANSWERS):
            make_evaluation(owner=owner, now=clock.now(), answer=f"{GOOD} This is try {number}.")


def test_a_thousand_answers_and_a_worker_killed_five_times(verdicts_stored):
    workers = [start_worker("steady"), start_worker("hit")]
    try:
        ask_for_all(UserFactory(plan="premium"))
        for round_number in range(1, KILLS + 1):
            wait_below(ANSWERS - round_number * ANSWERS // (KILLS + 2), patience=120)
            kill(workers[1])
            workers[1] = start_worker(f"hit{round_number}")
        wait_below(0, patience=180)
    finally:
        for worker in workers:
            kill(worker)

    assert Evaluation.objects.filter(status="succeeded").count() == ANSWERS
    counts = verdicts_stored()
    assert len(counts) == ANSWERS and set(counts) == {1}
    assert Evaluation.objects.filter(claim__isnull=False).count() == 0
