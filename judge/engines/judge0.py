"""Judge0 by URL, for who has one: https://ce.judge0.com documents its API.

What a program may do there is Judge0's to say. Expected output is never sent, so its own verdicts
"accepted" and "wrong answer" both only mean that the program ended.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Mapping
from typing import Any

from judge.engines.errors import EngineUnavailable
from judge.engines.foreign import MOST, probe_of, whole
from judge.engines.http import ask
from judge.runner.outcomes import says_out_of_memory
from judge.types import (
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
POLL_SECONDS = 0.5
BATCH = 20  # as many as a server takes at once, unless it is configured otherwise
ANSWER_BYTES = 64 << 20
NAMES: Mapping[Language, str] = {
    "python": r"Python \((3\.[\d.]+)\)",
    "javascript": r"JavaScript \(Node\.js ([\d.]+)\)",
    "java": r"Java \((?:OpenJDK|JDK) ([\d.]+)\)",
    "cpp": r"C\+\+ \(GCC ([\d.]+)\)",
}
WAITING, ENDED, TIME, COMPILE = (1, 2), (3, 4), 5, 6
RUNTIME = range(7, 13)
FIELDS = ",".join(
    ("token", "status_id", "stdout", "stderr", "compile_output", "message")
    + ("time", "wall_time", "memory", "exit_code", "exit_signal")
)
SIGXFSZ = 25


class Judge0Engine:
    name = "judge0"

    def __init__(self, url: str, *, secret: str = "") -> None:
        self.url = url.rstrip("/")
        self.headers = {"X-Auth-Token": secret} if secret else {}

    def probe(self) -> Probe:
        def versions() -> dict[Language, str]:
            return {name: version for name, (_, version) in self._languages().items()}

        return probe_of(self.name, "Judge0", url=self.url, versions=versions)

    def run(self, job: RunJob) -> RunAnswer:
        until = time.monotonic() + job.budget_seconds
        found = self._languages()
        if job.language not in found:
            raise EngineUnavailable("Judge0 does not offer this language.")
        number, version = found[job.language]
        rows = self._results(job, number, job.inputs, until)
        for index, row in enumerate(rows):
            if row["status_id"] == TIME and time.monotonic() < until - job.limits.wall_seconds:
                rows[index] = self._results(job, number, (job.inputs[index],), until)[0]
        engine_info: dict[str, Any] = {"engine": self.name, "language_version": version}
        messages = next((text for row in rows if (text := _text(row, "compile_output"))), "")
        if any(row["status_id"] == COMPILE for row in rows):
            return RunAnswer("compile_error", compile_output=messages[:ERROR_BYTES], **engine_info)
        cases = [_result(row, job.limits) for row in rows]
        return RunAnswer.of(cases, messages[:ERROR_BYTES], **engine_info)

    def _languages(self) -> dict[Language, tuple[int, str]]:
        """Number and version of the newest of each language."""
        rows = self._ask("GET", "/languages")
        found: dict[Language, tuple[int, str]] = {}
        try:
            for row in rows:
                for language, pattern in NAMES.items():
                    match = re.fullmatch(pattern, row["name"])
                    if match and _newer(match[1], found.get(language, (0, "0"))[1]):
                        found[language] = (whole(row["id"]) or 0, match[1])
        except (KeyError, TypeError, ValueError) as error:
            raise EngineUnavailable("Judge0's list of languages cannot be read.") from error
        return found

    def _results(
        self, job: RunJob, number: int, inputs: tuple[str, ...], until: float
    ) -> list[dict[str, Any]]:
        """A finished row for each input, in order."""
        rows: list[dict[str, Any]] = []
        for start in range(0, len(inputs), BATCH):
            part = inputs[start : start + BATCH]
            body = {"submissions": [_submission(job, number, text) for text in part]}
            made = self._ask("POST", "/submissions/batch?base64_encoded=true", body=body)
            try:
                tokens = [str(row["token"]) for row in made]
            except (KeyError, TypeError) as error:
                raise EngineUnavailable(f"Judge0 refused the run: {str(made)[:200]}") from error
            if len(tokens) != len(part) or not all(re.fullmatch(r"[\w-]+", t) for t in tokens):
                raise EngineUnavailable("Judge0 answered for another number of cases.")
            rows += self._wait_for(tokens, until)
        return rows

    def _wait_for(self, tokens: list[str], until: float) -> list[dict[str, Any]]:
        address = (
            f"/submissions/batch?tokens={','.join(tokens)}&base64_encoded=true&fields={FIELDS}"
        )
        while time.monotonic() < until:
            try:
                rows = {row["token"]: row for row in self._ask("GET", address)["submissions"]}
                ordered = [rows[token] for token in tokens]
                if not any(row["status_id"] in WAITING for row in ordered):
                    return ordered
            except (KeyError, TypeError) as error:
                raise EngineUnavailable("Judge0's results cannot be read.") from error
            time.sleep(POLL_SECONDS)
        raise EngineUnavailable("Judge0 did not run it in time.")

    def _ask(self, method: str, path: str, *, body: Any = None) -> Any:
        return ask(
            method,
            f"{self.url}{path}",
            seconds=ASK_SECONDS,
            most_bytes=ANSWER_BYTES,
            headers=self.headers,
            body=body,
        )


def _submission(job: RunJob, number: int, text: str) -> dict[str, Any]:
    """Limits above what the server allows are refused by it, with words for staff."""
    limits = job.limits
    return {
        "language_id": number,
        "source_code": _packed(job.source),
        "stdin": _packed(text),
        "cpu_time_limit": limits.cpu_seconds,
        "wall_time_limit": limits.wall_seconds,
        "memory_limit": 1024 * limits.memory_mib,
        "max_file_size": max(1, limits.output_bytes // 1024),
        "enable_network": False,
    }


def _result(row: Mapping[str, Any], limits: Limits) -> CaseResult:
    """Raises `EngineUnavailable` for a row that says nothing that makes sense."""
    try:
        stdout, stderr = _text(row, "stdout"), _text(row, "stderr")[:ERROR_BYTES]
        cpu, wall = (whole(row.get(name), times=1000) for name in ("time", "wall_time"))
        memory = whole(row.get("memory"))
        outcome = _outcome(row, limits, len(stdout.encode()), memory)
        code = whole(row.get("exit_code"), least=-MOST)
        signal = whole(row.get("exit_signal")) or None
    except (TypeError, ValueError) as error:
        raise EngineUnavailable("Judge0's results cannot be read.") from error
    return CaseResult(
        outcome=outcome,
        cpu_ms=cpu,
        wall_ms=wall,
        memory_kb=memory,
        exit_code=code,
        signal=signal,
        stdout=stdout.encode()[: limits.output_bytes].decode(errors="replace"),
        stderr=stderr,
        note="" if outcome == "ended" else _text(row, "message")[:200],
    )


def _outcome(row: Mapping[str, Any], limits: Limits, written: int, memory: int | None) -> Outcome:
    status, signal = row["status_id"], row.get("exit_signal")
    if written > limits.output_bytes or signal == SIGXFSZ:
        return "output_limit"
    if status in ENDED:
        return "ended"
    if status == TIME:
        return "time_limit"
    if status in RUNTIME:
        near = memory is not None and memory > 0.9 * 1024 * limits.memory_mib
        out = near or says_out_of_memory(_text(row, "stderr"))
        return "memory_limit" if out else "runtime_error"
    return "internal_error"


def _newer(left: str, right: str) -> bool:
    return [int(part) for part in left.split(".")] > [int(part) for part in right.split(".")]


def _packed(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    try:
        return base64.b64decode(value).decode(errors="replace")
    except (TypeError, ValueError) as error:
        raise EngineUnavailable("Judge0's results cannot be read.") from error
