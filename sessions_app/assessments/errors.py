"""Refusals about candidates, one small class each."""

from __future__ import annotations

from common.errors import Forbidden, NotFound


class NoCandidate(NotFound):
    code, message = "no_candidate", "There is no such test."


class CrossSite(Forbidden):
    code, message = "cross_site", "This request did not come from the test's own page."
