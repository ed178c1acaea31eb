"""The clock of a proctored test, as pure functions: what is due, and who may resume what.

The sweep and every request call the same functions, so a dead worker delays nothing and a late
worker changes nothing. Source: test-sessions.md and CONTRACT.md, "Proctored tests".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sessions_app.proctoring.states import Method, Status

HEARTBEAT_TIMEOUT = timedelta(minutes=5)
LEAVE_GRACE = timedelta(seconds=120)
DEADLINE_GRACE = timedelta(seconds=30)
OUTAGE_GAP = timedelta(seconds=60)
# Without a web heartbeat for so long, sweeps close nothing. Not more than the grace of a deadline.
HOLD_AFTER = timedelta(seconds=30)
# Each tab beats every 30 s: a stamp of another tab younger than this means that both are open.
OTHER_TAB_FOR = timedelta(seconds=75)


@dataclass(frozen=True)
class Due:
    """A change that is due by time alone: the new status, why, and the moment it took effect."""

    to: Status
    method: Method
    at: datetime


def due_at(
    *, status: str, deadline: datetime, last_heartbeat: datetime, now: datetime
) -> Due | None:
    """The change that is due at `now`; None when there is none.

    Silence (5 minutes without a beat) and the deadline compete: whichever came first decides. The
    deadline is applied 30 s late, so that a last save under way still counts, and is stamped with
    the deadline itself.
    """
    if status != Status.ACTIVE:
        return None
    silent_at = last_heartbeat + HEARTBEAT_TIMEOUT
    if silent_at < deadline:
        return (
            Due(Status.ABANDONED, Method.HEARTBEAT_TIMEOUT, silent_at) if silent_at < now else None
        )
    if deadline + DEADLINE_GRACE < now:
        return Due(Status.COMPLETED, Method.TIMER_EXPIRED, deadline)
    return None


def time_to_give_back(gap: timedelta, *, given: timedelta, most: timedelta) -> timedelta:
    """What a test gets for an outage of ours: its whole length while all that the test was given
    stays within `most`. More is for staff to give, who see which tests got less than they lost."""
    return min(gap, max(most - given, timedelta()))


def beat_is_newer(
    *, tab: str, sequence: int | None, left_tab: str, left_sequence: int | None
) -> bool:
    """Whether a beat can only have been sent after the beacon that closed the test.

    Another tab, a higher sequence than the beacon's, or a client that sends neither. A late beat of
    the closed tab, which its own beacon overtook, is none of these.
    """
    if not tab and sequence is None:
        return True
    if tab and tab != left_tab:
        return True
    if left_sequence is None:
        return True
    return sequence is not None and sequence > left_sequence


def is_other_tab(
    tab: str, *, stored: str | None, last_heartbeat: datetime | None, now: datetime
) -> bool:
    """Whether the stored beat is of another tab that must still be open."""
    if not (tab and stored and last_heartbeat) or tab == stored:
        return False
    return now - last_heartbeat < OTHER_TAB_FOR
