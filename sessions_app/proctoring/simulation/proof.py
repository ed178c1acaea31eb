"""Compares what candidates were promised with what the database holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from django.db.models import QuerySet

from judge.models import CodeRun, Verdict
from sessions_app.proctoring.models import ProctoredSession, SessionRun
from sessions_app.proctoring.models.records import text_of
from sessions_app.proctoring.simulation.client import Ledger
from sessions_app.proctoring.states import Method, Status


@dataclass
class Proof:
    """How much was compared, and one sentence for each promise that was not kept.

    `saves` were acknowledged; `texts` are the last of each tab and answer among them, each looked
    for and found, `kept` of them as a revision that another tab had replaced. `runs` were
    acknowledged, `scores` are those of completed tests; `waits` are the median seconds from the
    request of a run to its start, of candidates' runs and of those that score.
    """

    saves: int = 0
    answers: int = 0
    texts: int = 0
    kept: int = 0
    sections: int = 0
    moves: int = 0
    beacons: int = 0
    runs: int = 0
    scores: int = 0
    waits: tuple[float, float] = (0.0, 0.0)
    states: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def prove(ledgers: Iterable[Ledger]) -> Proof:
    ledgers = list(ledgers)
    ids = [ledger.candidate_id for ledger in ledgers]
    sessions = ProctoredSession.objects.prefetch_related("events", "revisions").in_bulk(ids)
    found = {str(pk): session for pk, session in sessions.items()}
    proof = Proof()
    for ledger in ledgers:
        session = found.get(ledger.candidate_id)
        if session is None:
            proof.broken.append(f"{ledger.candidate_id}: no session at all")
            continue
        proof.broken += [f"{session.pk}: {words}" for words in _faults(ledger, session, proof)]
    return proof


def _faults(ledger: Ledger, session: ProctoredSession, proof: Proof) -> Iterable[str]:
    yield from _state_faults(ledger, session, proof)
    state = ""
    for event in session.events.all():
        if event.to_status:
            proof.moves += 1
            if event.from_status != state:
                yield f"the log jumps from {state or 'nothing'} to {event.from_status}"
            state = event.to_status
    if state != session.status:
        yield f"the log ends with {state}"
    for key, marks in ledger.acknowledged.items():
        proof.answers += 1
        proof.saves += len(set(marks))
        yield from _answer_faults(ledger, session, key, marks, proof)
    proof.sections += len(ledger.sections)
    for section in ledger.sections - set(session.sections_completed):
        yield f"the acknowledged section {section} is gone"


def _state_faults(ledger: Ledger, session: ProctoredSession, proof: Proof) -> Iterable[str]:
    proof.states[session.status] += 1
    proof.beacons += ledger.beacons_after_the_end
    if session.status not in ledger.expected:
        yield f"is {session.status}, not {' or '.join(sorted(ledger.expected))}"
    if (session.status == Status.ACTIVE) != hasattr(session, "beat"):
        yield "its beat row does not match its status"
    if session.status == Status.COMPLETED:
        if session.completion_method != Method.MANUAL:
            yield f"was handed in, but says {session.completion_method}"
        if session.completed_at is None or session.completed_at > session.deadline:
            yield f"ended {session.completed_at}, after its deadline"


def _answer_faults(
    ledger: Ledger, session: ProctoredSession, key: str, marks: list[tuple[str, int]], proof: Proof
) -> Iterable[str]:
    """The last acknowledged text of each tab is there: as the answer, as a revision, or replaced by
    something later from the same tab that is."""
    answer = text_of(session.pending_answers.get(key))
    revisions = {text_of(r.value) for r in session.revisions.all() if r.key == key}
    for tab in {tab for tab, _ in marks}:
        last = max(sequence for name, sequence in marks if name == tab)
        good = {
            ledger.text_of(key, tab, sequence)
            for name, sequence in ledger.sent[key]
            if name == tab and sequence >= last
        }
        proof.texts += 1
        if answer in good:
            continue
        proof.kept += 1
        if not good & revisions:
            yield f"{key}: the acknowledged text {tab}:{last} is gone"


def prove_runs(ledgers: Iterable[Ledger], proof: Proof) -> None:
    """Every run ended with one verdict, and every completed test has its scores."""
    ledgers = [ledger for ledger in ledgers if ledger.programs]
    rows = SessionRun.objects.filter(session__in=[one.candidate_id for one in ledgers])
    by_id = {str(row.run.uuid): row for row in rows.select_related("run")}
    proof.broken += [f"run {row.run.pk}: {w}" for row in by_id.values() for w in _run_faults(row)]
    scores = Counter(str(row.session_id) for row in by_id.values() if row.counts)
    for ledger in ledgers:
        proof.runs += len(ledger.runs)
        proof.broken += [f"the run {one} is gone" for one in ledger.runs if one not in by_id]
        wanted = len(ledger.programs) if "completed" in ledger.expected else 0
        proof.scores += wanted
        if wanted and scores[ledger.candidate_id] != wanted:
            proof.broken.append(f"{ledger.candidate_id}: {scores[ledger.candidate_id]} scores")
    scoring = {"kind": SessionRun.Kind.SCORING}
    proof.waits = (_wait(rows.exclude(**scoring)), _wait(rows.filter(**scoring)))


def _run_faults(row: SessionRun) -> Iterable[str]:
    run = row.run
    if run.status == CodeRun.Status.CANCELLED and not row.counts:
        return
    if run.status != CodeRun.Status.DONE or not run.verdict:
        yield f"is {run.status} with the verdict {run.verdict or 'none'}"
    elif run.verdict != Verdict.COMPILE_ERROR and run.results.count() != run.cases:
        yield f"has {run.results.count()} results of {run.cases} cases"


def _wait(rows: QuerySet[SessionRun]) -> float:
    times = rows.filter(run__started_at__isnull=False).values_list(
        "run__created_at", "run__started_at"
    )
    seconds = [(start - asked).total_seconds() for asked, start in times if start]
    return median(seconds or [0.0])
