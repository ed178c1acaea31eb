"""Runs code on this machine: one sandboxed runner process for each job."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from judge.engines import EngineAway
from judge.types import Probe, RunAnswer, RunJob

ROOT = Path(__file__).resolve().parents[2]
MARGIN_SECONDS = 10
PROBE_SECONDS = 90


class LocalEngine:
    """Starts `python -m judge.runner` with an empty environment: no settings, no secrets."""

    name = "local"

    def probe(self) -> Probe:
        try:
            return Probe.from_json(self._ask("probe", "", seconds=PROBE_SECONDS))
        except EngineAway as error:
            return Probe.failed(self.name, str(error))

    def run(self, job: RunJob) -> RunAnswer:
        seconds = job.budget_seconds + MARGIN_SECONDS
        return RunAnswer.from_json(self._ask("run", json.dumps(job.to_json()), seconds=seconds))

    def _ask(self, verb: str, text: str, *, seconds: float) -> Any:
        """Raises `EngineAway` unless the runner ends in time with JSON."""
        command = [sys.executable, "-m", "judge.runner", verb]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
        try:
            done = subprocess.run(
                command,
                input=text.encode(),
                capture_output=True,
                cwd="/",
                env=environment,
                timeout=seconds,
                check=False,
            )
            return json.loads(done.stdout)
        except subprocess.TimeoutExpired as error:
            raise EngineAway(f"The runner did not end within {seconds:.0f} s.") from error
        except ValueError as error:
            said = done.stderr[-300:].decode(errors="replace").strip()
            raise EngineAway(f"The runner gave no answer: {said or 'nothing said'}") from error
