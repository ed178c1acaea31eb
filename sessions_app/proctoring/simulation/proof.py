"""Compares what candidates were promised with what the database holds."""

from __future__ import annotations

from collections.abc import Iterable

from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.simulation.client import Ledger, text_of


def broken_promises(ledgers: Iterable[Ledger]) -> list[str]:
    """One sentence for each promise that was not kept; empty is the proof."""
    ledgers = list(ledgers)
    ids = [ledger.candidate_id for ledger in ledgers]
    sessions = ProctoredSession.objects.prefetch_related("events", "revisions").in_bulk(ids)
    found = {str(pk): session for pk, session in sessions.items()}
    broken = []
    for ledger in ledgers:
        session = found.get(ledger.candidate_id)
        if session is None:
            broken.append(f"{ledger.candidate_id}: no session at all")
            continue
        broken += [f"{session.pk}: {words}" for words in _faults(ledger, session)]
    return broken


def _faults(ledger: Ledger, session: ProctoredSession) -> Iterable[str]:
    if session.status not in ledger.expected:
        yield f"is {session.status}, not {' or '.join(sorted(ledger.expected))}"
    if (session.status == "active") != hasattr(session, "beat"):
        yield "its beat row does not match its status"
    yield from _log_faults(session)
    for key, marks in ledger.acknowledged.items():
        yield from _answer_faults(ledger, session, key, marks)


def _log_faults(session: ProctoredSession) -> Iterable[str]:
    """Each move begins where the one before ended, and the last one where the session is."""
    state = ""
    for event in session.events.all():
        if not event.to_status:
            continue
        if event.from_status != state:
            yield f"the log jumps from {state or 'nothing'} to {event.from_status}"
        state = event.to_status
    if state != session.status:
        yield f"the log ends with {state}"


def _answer_faults(
    ledger: Ledger, session: ProctoredSession, key: str, marks: list[tuple[str, int]]
) -> Iterable[str]:
    """The last acknowledged text of each tab is there: as the answer, as a revision, or replaced by
    something later from the same tab that is."""
    texts = {session.pending_answers.get(key)}
    texts.update(r.value for r in session.revisions.all() if r.key == key)
    for tab in {tab for tab, _ in marks}:
        last = max(sequence for name, sequence in marks if name == tab)
        good = {
            text_of(ledger.candidate_id, key, tab, sequence)
            for name, sequence in ledger.sent[key]
            if name == tab and sequence >= last
        }
        if not good & texts:
            yield f"{key}: the acknowledged text {tab}:{last} is gone"
