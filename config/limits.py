"""How many rows one person or one test may have. docs/limits.md lists them; a test compares."""

from __future__ import annotations

LIMITS: dict[str, int] = {
    # A person.
    "skills": 500,
    "logs": 100_000,
    "logs_on_a_day": 200,
    "evidence": 5_000,
    "pauses": 200,
    "tokens": 200,
    # Deletions of a person that can be undone, their bytes, imports an hour, imports whose rows
    # are kept.
    "deleted": 1_000,
    "deleted_bytes": 20 * 2**20,
    "imports_an_hour": 20,
    "imports_kept": 5,
    # A person or a candidate: stored answers to requests with an Idempotency-Key, for 24 hours,
    # each with 1 KB for its key.
    "idempotency_bytes": 20 * 2**20,
    # Reference solutions that wait to be checked, of all questions together.
    "checks_waiting": 16,
    # A proctored test.
    "sections": 200,
    "runs": 1_000,
    "events_of_a_kind": 300,
    "answer_revisions": 20_000,
    "answer_revision_bytes": 64 * 2**20,
    "late_answers": 200,
    # How its answers grew: saves and bytes. What is saved above them has no step.
    "answer_steps": 20_000,
    "answer_step_bytes": 4 * 2**20,
    # A scored answer: others that it is compared with, and pairs that are kept of it.
    "compared_answers": 2_000,
    "similar_answers": 10,
}
