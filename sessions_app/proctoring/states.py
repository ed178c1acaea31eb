"""The statuses of a proctored test and the ways to reach them (test-sessions.md)."""

from django.db import models


class Status(models.TextChoices):
    ACTIVE = "active"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class Method(models.TextChoices):
    MANUAL = "manual", "Handed in"
    TAB_CLOSE = "tab_close", "Tab closed"
    TIMER_EXPIRED = "timer_expired", "Time ran out"
    HEARTBEAT_TIMEOUT = "heartbeat_timeout", "Connection lost"
    AUTO = "auto", "Closed by staff or a command"


class Who(models.TextChoices):
    """The actor of a change; staff are stored as `staff:<user id>`, which outlives the account."""

    CANDIDATE = "candidate"
    CLOCK = "clock"
    SYSTEM = "system"


COMPLETE_METHODS = frozenset({Method.MANUAL, Method.TIMER_EXPIRED, Method.AUTO})
ABANDON_METHODS = frozenset({Method.TAB_CLOSE})
