"""The runner on another machine or in a container of its own, over HTTP with a shared secret."""

from __future__ import annotations

from dataclasses import replace

from judge.engines.errors import EngineUnavailable
from judge.engines.http import ask
from judge.runner.process import MARGIN_SECONDS, PROBE_SECONDS
from judge.types import Probe, RunAnswer, RunJob

PROBE_BYTES = 1 << 20
# Of each case besides its output: numbers, errors, and what base64 adds.
CASE_BYTES = 64 * 1024


class RemoteEngine:
    name = "remote"

    def __init__(self, url: str, *, secret: str) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {secret}"}

    def probe(self) -> Probe:
        try:
            data = ask(
                "GET",
                f"{self.url}/probe",
                seconds=PROBE_SECONDS + MARGIN_SECONDS,
                most_bytes=PROBE_BYTES,
                headers=self.headers,
            )
            return replace(Probe.from_json(data), engine=self.name)
        except EngineUnavailable as error:
            return Probe.failed(self.name, str(error))
        except (AttributeError, KeyError, TypeError, ValueError):
            return Probe.failed(self.name, "The engine's probe cannot be read.")

    def run(self, job: RunJob) -> RunAnswer:
        most = len(job.inputs) * (2 * job.limits.output_bytes + CASE_BYTES) + CASE_BYTES
        data = ask(
            "POST",
            f"{self.url}/run",
            seconds=job.budget_seconds + 2 * MARGIN_SECONDS,
            most_bytes=most,
            headers=self.headers,
            body=job.to_json(),
        )
        try:
            answer = replace(RunAnswer.from_json(data), engine=self.name)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise EngineUnavailable("The engine's answer cannot be read.") from error
        if answer.outcome == "ran" and len(answer.cases) != len(job.inputs):
            raise EngineUnavailable("The engine answered for another number of cases.")
        return answer
