"""Refusals about candidates and questions, one small class each."""

from __future__ import annotations

from common.errors import Forbidden, LimitReached, NotFound


class NoCandidate(NotFound):
    code, message = "no_candidate", "There is no such test."


class CrossSite(Forbidden):
    code, message = "cross_site", "This request did not come from the test's own page."


class TooManyChecks(LimitReached):
    code = "too_many_checks"
    message = "Other checks are still waiting to run. Wait for them, then check again."
