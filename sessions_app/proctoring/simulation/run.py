"""Runs the scripts of many candidates at once, and kills workers meanwhile when asked to."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import redis
from django.conf import settings
from django.db import connections

from common import clock
from judge.models import CodeRun
from sessions_app.assessments.models import Assessment, Candidate, CodingQuestion
from sessions_app.assessments.services.candidates import create_candidate, invite
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.simulation.backup import dump, restore
from sessions_app.proctoring.simulation.client import Browser, Ledger
from sessions_app.proctoring.simulation.proof import Proof, prove, prove_runs
from sessions_app.proctoring.simulation.scripts import script_for


@dataclass(frozen=True)
class Play:
    """How to play: `pace` is the mean pause in seconds between two requests of a candidate.

    Beats and saves go to `beats_url` when it is given, as a proxy would send them. One child at a
    time of the processes `kill_children_of` is killed. With `restore_with`, the folder of pg_dump
    and pg_restore, the database is dumped on the way and restored later, under open pages. With an
    `assessment` candidates answer its questions with programs and run them, one in three a wrong
    one; when all are done the scores are waited for, `scores_within` seconds at most. `flush_redis`
    empties Redis half way.
    """

    url: str
    beats_url: str = ""
    candidates: int = 200
    seconds: float = 20
    pace: float = 1.0
    seed: int = 1
    kill_children_of: tuple[int, ...] = ()
    restore_with: Path | None = None
    assessment: Assessment | None = None
    scores_within: float = 600
    flush_redis: bool = False


@dataclass(frozen=True)
class Report:
    candidates: int
    requests: int
    per_second: float
    statuses: dict[int, int]
    dropped: int
    killed: int
    restored: int
    sent_again: int
    p50_ms: float
    p99_ms: float
    plays: dict[str, int]
    proof: Proof


def play(wanted: Play) -> Report:
    """Play all candidates to the end, then look into the database."""
    people = [
        create_candidate(
            name=f"Simulated {n}",
            email=f"simulated{n}@example.com",
            assessment=wanted.assessment,
        )
        for n in range(wanted.candidates)
    ]
    programs = programs_of(wanted.assessment) if wanted.assessment else {}
    connections.close_all()
    killer, backup = Killer(wanted), Backup(wanted, people)
    if wanted.flush_redis:
        threading.Timer(wanted.seconds / 2, flush_redis).start()
    killer.start()
    backup.start()
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=wanted.candidates) as pool:
        sittings = (
            pool.submit(_sit, one, n, wanted, backup, programs) for n, one in enumerate(people)
        )
        ledgers = [sitting.result() for sitting in list(sittings)]
    length = time.monotonic() - started
    backup.join()
    proof = prove(ledgers)  # before five minutes of silence are over for those who stay
    wait_for_scores(people, within=wanted.scores_within if programs else 0)
    killer.ended.set()
    prove_runs(ledgers, proof)
    statuses = sum((ledger.statuses for ledger in ledgers), Counter())
    seconds = sorted(s for ledger in ledgers for s in ledger.seconds)
    cuts = quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
    return Report(
        candidates=len(ledgers),
        requests=statuses.total(),
        per_second=round(statuses.total() / length, 1),
        statuses=dict(sorted(statuses.items())),
        dropped=sum(ledger.dropped for ledger in ledgers),
        killed=killer.killed,
        restored=backup.restored,
        sent_again=sum(ledger.sent_again for ledger in ledgers),
        p50_ms=round(cuts[49] * 1000, 1),
        p99_ms=round(cuts[98] * 1000, 1),
        plays=dict(Counter(ledger.plays for ledger in ledgers).most_common()),
        proof=proof,
    )


def programs_of(assessment: Assessment) -> dict[str, str]:
    """The reference solutions in Python, by question id."""
    questions = CodingQuestion.objects.filter(section__assessment=assessment)
    return {str(question.pk): question.solution for question in questions}


def flush_redis() -> None:
    redis.Redis.from_url(settings.REDIS_URL).flushall()


def wait_for_scores(people: list[Candidate], *, within: float) -> None:
    """Until none of their runs is open any more, `within` seconds at most."""
    ids = [one.pk for one in people]
    runs = CodeRun.objects.filter(session_run__session__in=ids, status__in=CodeRun.OPEN)
    end = time.monotonic() + within
    while time.monotonic() < end and runs.exists():
        time.sleep(1)


def _sit(
    candidate: Candidate, number: int, wanted: Play, backup: Backup, programs: dict[str, str]
) -> Ledger:
    dice = random.Random(wanted.seed * 1_000_003 + number)
    wrong = "print('nothing')\n" if number % 3 == 0 else ""
    ledger = Ledger(
        str(candidate.pk), programs={key: wrong + program for key, program in programs.items()}
    )
    token = invite(candidate=candidate, now=clock.now()).token
    browser = Browser(wanted.url, ledger, token, dice=dice, beats=wanted.beats_url)
    browser.before_the_end = backup.done.wait
    time.sleep(dice.uniform(0, wanted.pace))
    script = script_for(dice, stays=wanted.restore_with is not None)
    ledger.plays = script.__name__
    script(browser, time.monotonic() + wanted.seconds, wanted.pace)
    browser.hang_up()
    return ledger


class Killer(threading.Thread):
    """Every ten seconds or so kills one child of the server: a worker that dies at work.

    Not more often: granian takes quick deaths for a crash loop and gives up."""

    def __init__(self, wanted: Play) -> None:
        super().__init__(daemon=True)
        self.parents, self.killed = wanted.kill_children_of, 0
        self.dice, self.ended = random.Random(wanted.seed), threading.Event()

    def run(self) -> None:
        while self.parents and not self.ended.wait(self.dice.uniform(8, 12)):
            children = children_of(self.dice.choice(self.parents))
            if children:
                os.kill(self.dice.choice(children), signal.SIGKILL)
                self.killed += 1


class Backup(threading.Thread):
    """Dumps the database once all have started, and restores that dump later, as an operator would;
    the pages stay open, go on, and hand in only after that (`done`)."""

    def __init__(self, wanted: Play, people: list[Candidate]) -> None:
        super().__init__(daemon=True)
        self.wanted, self.people, self.restored = wanted, people, 0
        self.done = threading.Event()

    def run(self) -> None:
        try:
            if self.wanted.restore_with is not None:
                self._dump_and_restore(self.wanted.restore_with)
        finally:
            self.done.set()
            connections.close_all()

    def _dump_and_restore(self, programs: Path) -> None:
        sittings = ProctoredSession.objects.filter(candidate__in=self.people)
        while sittings.exclude(pending_answers={}).count() < len(self.people):
            time.sleep(0.2)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "before.dump"
            dump(file, programs=programs)
            time.sleep(self.wanted.seconds / 3)
            connections.close_all()
            restore(file, programs=programs)
            self.restored += 1


def children_of(parent: int) -> list[int]:
    """Ids of the direct children of a process, from /proc (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(after_name[1]) == parent:
            found.append(int(stat.parent.name))
    return found
