"""`CODE_ENGINE=off`: this site runs no code."""

from __future__ import annotations

from judge.engines.errors import EngineUnavailable
from judge.types import Probe, RunAnswer, RunJob

REASON = "This site does not run code."


class NoEngine:
    name = "off"

    def probe(self) -> Probe:
        return Probe.failed(self.name, REASON)

    def run(self, job: RunJob) -> RunAnswer:
        raise EngineUnavailable(REASON)
