"""Known faults, made on purpose in a scratch database: one function per check.

Each makes exactly as many faults as asked, of its own kind and of no other, so that a diagnosis can
be compared with what was seeded.
"""

from __future__ import annotations

from collections.abc import Callable

from diagnostics.faults import answers, code_runs, guards, orphans, people, sessions
from diagnostics.faults.seeder import FaultSeeder

__all__ = ["FAULTS", "NEED_NO_CONSTRAINT", "NEED_NO_FOREIGN_KEYS", "FaultSeeder"]

# How many were made, when that may differ from how many were asked for.
FAULTS: dict[str, Callable[[FaultSeeder, int], int | None]] = {
    f.__name__: f
    for f in (
        orphans.orphan_submissions,
        orphans.orphan_history,
        orphans.orphan_attempts,
        orphans.orphan_evidence,
        orphans.orphan_evaluations,
        sessions.ghost_sessions,
        sessions.ghost_interviews,
        sessions.wrong_status,
        sessions.abandoned_interviews,
        sessions.interview_numbers,
        sessions.twice_practicing,
        sessions.creation_bursts,
        sessions.history_gaps,
        sessions.live_and_past,
        sessions.overdue_tests,
        code_runs.stuck_runs,
        code_runs.unscored_tests,
        code_runs.run_points,
        answers.unevaluated_answers,
        answers.stalled_evaluations,
        answers.cache_consistency,
        people.subscription_missing,
        people.subscription_expired,
        people.subscription_inconsistent,
        people.stale_reservations,
        people.limit_drift,
        people.new_user_limits,
        guards.constraints_missing,
        guards.constraint_violations,
        guards.stale_locks,
    )
}
NEED_NO_FOREIGN_KEYS = {
    "orphan_submissions",
    "orphan_history",
    "orphan_attempts",
    "orphan_evidence",
}
"""Impossible while the database guards its foreign keys; the scratch database drops them."""

NEED_NO_CONSTRAINT = {
    "wrong_status": [("practice.PracticeMain", "live_session_is_practising")],
    "twice_practicing": [("practice.PracticeMain", "uniq_practising_session")],
    "constraint_violations": [
        ("accounts.User", "day_start_hour_is_an_hour"),
        ("accounts.User", "one_account_per_email"),
    ],
}
"""Impossible while these constraints stand; the scratch database drops them, and the check of
missing constraints finds that too. SQLite cannot drop a check; there it is switched off."""
