"""Engines run code; this is all that the rest of the house knows of them.

    engine = current_engine()          # as CODE_ENGINE says
    probe = engine.probe()             # never raises; not ok: run nothing, say why
    answer = engine.run(job)           # RunAnswer; raises EngineUnavailable without one to trust

`run` takes at most `job.budget_seconds` and a few seconds of margin, holds no transaction and may
be called from several processes at once. A program's doings never raise.
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from judge.engines.errors import EngineUnavailable
from judge.engines.judge0 import Judge0Engine
from judge.engines.local import LocalEngine
from judge.engines.none import NoEngine
from judge.engines.piston import PistonEngine
from judge.engines.remote import RemoteEngine
from judge.types import Probe, RunAnswer, RunJob

__all__ = ["Engine", "EngineUnavailable", "current_engine"]


class Engine(Protocol):
    name: str

    def probe(self) -> Probe:
        """Ask anew what works; the caller keeps the result for as long as it likes."""

    def run(self, job: RunJob) -> RunAnswer:
        """Run a job; raises `EngineUnavailable`."""


def current_engine() -> Engine:
    """The engine that `CODE_ENGINE` names, with its settings."""
    url, secret = settings.CODE_ENGINE_URL, settings.CODE_ENGINE_SECRET
    match settings.CODE_ENGINE:
        case "remote":
            return RemoteEngine(url, secret=secret)
        case "judge0":
            return Judge0Engine(url, secret=secret)
        case "piston":
            return PistonEngine(url, secret=secret)
        case "off":
            return NoEngine()
    return LocalEngine()
