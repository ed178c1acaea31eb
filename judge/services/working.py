"""One wake-up of a code worker: ask the engine, end what is lost, run what is due."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings

from common.clock import now as clock_now
from judge.engines import Engine
from judge.models import CodeRun
from judge.services.health import report_of
from judge.services.running import run_next
from judge.services.storing import give_up

# Long enough to drain a queue, short enough that a message is acknowledged in time.
WORK_FOR = timedelta(seconds=90)
GIVEN_UP_AT_ONCE = 100


def work(*, engine: Engine) -> int:
    """Run what is due until nothing is or 90 s have passed; how many came to an end or a next try.

    Any number of workers may do this at once. While the engine's probe is not ok nothing is
    claimed: runs wait in the table, however long that takes.
    """
    until, done = time.monotonic() + WORK_FOR.total_seconds(), 0
    give_up_lost()
    while time.monotonic() < until:
        report = report_of(engine=engine, now=clock_now())
        able = [name for name, status in report.languages.items() if status["available"]]
        if not (report.ok and able) or run_next(engine=engine, languages=able) is None:
            break
        done += 1
    return done


def give_up_lost() -> int:
    """End the runs that used up their tries without a word from the worker that had them."""
    now = clock_now()
    spent = CodeRun.objects.due_at(now).filter(tries__gte=settings.JUDGE_MAX_TRIES)
    lost = list(spent.order_by("pk")[:GIVEN_UP_AT_ONCE])
    for run in lost:
        give_up(run, now=now)
    return len(lost)
