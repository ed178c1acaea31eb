"""Piston by URL, for who has one: https://piston.readthedocs.io documents its API.

What a program may do there, and how long at most, is Piston's to say: limits above its own are
refused, with words for staff.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from judge.engines.errors import EngineUnavailable
from judge.engines.foreign import MOST, probe_of, whole
from judge.engines.http import ask
from judge.runner.outcomes import says_out_of_memory
from judge.types import (
    COMPILE_CPU_SECONDS,
    ERROR_BYTES,
    CaseResult,
    Language,
    Limits,
    Outcome,
    Probe,
    RunAnswer,
    RunJob,
)

ASK_SECONDS = 20.0
PROBE_BYTES = 1 << 20
NAMES: Mapping[Language, tuple[str, str]] = {
    "python": ("python", "main.py"),
    "javascript": ("javascript", "main.js"),
    "java": ("java", "Main.java"),
    "cpp": ("c++", "main.cpp"),
}
# What newer versions say in `status`: time out, output and error too long, an error of its own.
STATUSES: Mapping[str, Outcome] = {
    "TO": "time_limit",
    "OL": "output_limit",
    "EL": "output_limit",
    "XX": "internal_error",
}


class PistonEngine:
    name = "piston"

    def __init__(self, url: str, *, secret: str = "") -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": secret} if secret else {}

    def probe(self) -> Probe:
        return probe_of(self.name, "Piston", url=self.url, versions=self._versions)

    def run(self, job: RunJob) -> RunAnswer:
        until = time.monotonic() + job.budget_seconds
        versions = self._versions()
        if job.language not in versions:
            raise EngineUnavailable("Piston does not offer this language.")
        engine_info: dict[str, Any] = {
            "engine": self.name,
            "language_version": versions[job.language],
        }
        cases: list[CaseResult] = []
        for text in job.inputs:
            reply = self._execute(job, versions[job.language], text, until)
            if messages := _compile_messages(reply):
                return RunAnswer("compile_error", compile_output=messages, **engine_info)
            case = _result(reply, job.limits)
            if case.outcome == "time_limit" and time.monotonic() < until - job.limits.wall_seconds:
                reply = self._execute(job, versions[job.language], text, until)
                case = _result(reply, job.limits)
            cases.append(case)
        return RunAnswer.of(cases, **engine_info)

    def _versions(self) -> dict[Language, str]:
        rows = ask(
            "GET",
            f"{self.url}/api/v2/runtimes",
            seconds=ASK_SECONDS,
            most_bytes=PROBE_BYTES,
            headers=self.headers,
        )
        try:
            known = {row["language"]: str(row["version"]) for row in rows}
        except (KeyError, TypeError) as error:
            raise EngineUnavailable("Piston's list of languages cannot be read.") from error
        return {name: known[theirs] for name, (theirs, _) in NAMES.items() if theirs in known}

    def _execute(self, job: RunJob, version: str, text: str, until: float) -> dict[str, Any]:
        if time.monotonic() > until:
            raise EngineUnavailable("Piston did not run it in time.")
        limits = job.limits
        language, file_name = NAMES[job.language]
        body = {
            "language": language,
            "version": version,
            "files": [{"name": file_name, "content": job.source}],
            "stdin": text,
            "compile_timeout": round(1000 * COMPILE_CPU_SECONDS),
            "run_timeout": round(1000 * limits.wall_seconds),
            "run_cpu_time": round(1000 * limits.cpu_seconds),
            "run_memory_limit": limits.memory_mib << 20,
        }
        reply = ask(
            "POST",
            f"{self.url}/api/v2/execute",
            seconds=COMPILE_CPU_SECONDS + limits.wall_seconds + ASK_SECONDS,
            most_bytes=12 * limits.output_bytes + PROBE_BYTES,
            headers=self.headers,
            body=body,
        )
        if not isinstance(reply, dict):
            raise EngineUnavailable("Piston's answer cannot be read.")
        return reply


def _compile_messages(reply: Mapping[str, Any]) -> str:
    """Why it could not be compiled, or ""."""
    compiled = reply.get("compile")
    if compiled is None:
        return ""
    if not isinstance(compiled, dict):
        raise EngineUnavailable("Piston's answer cannot be read.")
    if compiled.get("code") == 0:
        return ""
    if compiled.get("status") == "XX":
        raise EngineUnavailable("Piston could not compile it by a fault of its own.")
    said = str(compiled.get("stderr") or compiled.get("output") or "")[:ERROR_BYTES]
    return said or f"Compiling took longer than {COMPILE_CPU_SECONDS:.0f} s and was stopped."


def _result(reply: Mapping[str, Any], limits: Limits) -> CaseResult:
    """Raises `EngineUnavailable` for a reply that says nothing that makes sense."""
    run = reply.get("run")
    if not isinstance(run, dict) or not isinstance(run.get("stdout"), str):
        raise EngineUnavailable("Piston's answer cannot be read.")
    try:
        cpu, wall = (whole(run.get(name)) for name in ("cpu_time", "wall_time"))
        memory = whole(run.get("memory"), most=1024 * MOST)
        code = whole(run.get("code"), least=-MOST)
    except (TypeError, ValueError) as error:
        raise EngineUnavailable("Piston's answer cannot be read.") from error
    stdout = run["stdout"].encode(errors="replace")
    outcome = _outcome(run, limits, cpu=cpu, wall=wall, memory=memory)
    return CaseResult(
        outcome="output_limit" if len(stdout) > limits.output_bytes else outcome,
        cpu_ms=cpu,
        wall_ms=wall,
        memory_kb=None if memory is None else memory // 1024,
        exit_code=code,
        stdout=stdout[: limits.output_bytes].decode(errors="replace"),
        stderr=str(run.get("stderr") or "")[:ERROR_BYTES],
        note="" if outcome == "ended" else str(run.get("message") or run.get("signal") or "")[:200],
    )


def _outcome(
    run: Mapping[str, Any],
    limits: Limits,
    *,
    cpu: int | None,
    wall: int | None,
    memory: int | None,
) -> Outcome:
    status, killed = run.get("status"), run.get("signal") == "SIGKILL"
    if found := STATUSES.get(str(status)):
        return found
    if cpu is not None and cpu > 1000 * limits.cpu_seconds:
        return "time_limit"
    if killed and wall is not None and wall >= 1000 * limits.wall_seconds:
        return "time_limit"
    if run.get("code") == 0 and not run.get("signal"):
        return "ended"
    near = memory is not None and memory > 0.9 * limits.memory_mib * (1 << 20)
    if near or says_out_of_memory(str(run.get("stderr"))):
        return "memory_limit"
    # Older versions kill for time and memory alike and say no more.
    return "time_limit" if killed and memory is None else "runtime_error"
