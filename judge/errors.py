"""Refusals of the judge, one class each."""

from __future__ import annotations

from common.errors import Conflict, DomainError


class RunnerUnavailable(DomainError):
    """No engine, or not for this language: nothing was stored."""

    code, status = "runner_unavailable", 503
    message = "Code cannot be run right now. Keep writing; your answer is saved as usual."


class NotRepeatable(Conflict):
    code = "not_repeatable"
    message = "Only runs that score an answer can be run again."
