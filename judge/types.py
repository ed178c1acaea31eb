"""What travels between the queue and an engine: plain frozen values, standard library only.

The runner process imports this module, so it must not import Django. Everything goes to and from
JSON; output of programs travels as base64, because it may be any bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Language = Literal["python", "javascript", "java", "cpp"]
Outcome = Literal[
    "ended", "time_limit", "memory_limit", "output_limit", "runtime_error", "internal_error"
]
JobOutcome = Literal["ran", "compile_error", "internal_error"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_NAMES: Mapping[str, str] = {
    "python": "Python",
    "javascript": "JavaScript",
    "java": "Java",
    "cpp": "C++",
}
COMPILE_CPU_SECONDS = 10.0
COMPILE_WALL_SECONDS = 30.0
ERROR_BYTES = 8192
"""Of standard error and of the compiler's messages, this many bytes are returned."""


class MalformedJob(ValueError):
    """A job that no engine may run; the message says which part."""


@dataclass(frozen=True)
class Limits:
    """Of one case. `output_bytes` bounds standard output, which is returned whole up to there."""

    cpu_seconds: float = 2.0
    memory_mib: int = 256
    output_bytes: int = 1 << 20

    @property
    def wall_seconds(self) -> float:
        """Programs that sleep or wait for input end here, however little CPU they used."""
        return 3 * self.cpu_seconds + 2

    def budget_seconds(self, cases: int) -> float:
        """The longest that an engine may take: compiling, and each case up to its wall limit."""
        return COMPILE_WALL_SECONDS + cases * self.wall_seconds

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Limits:
        cpu, memory, output = (
            _number(data, name) for name in ("cpu_seconds", "memory_mib", "output_bytes")
        )
        if not (0.1 <= cpu <= 60 and 16 <= memory <= 4096 and 1 <= output <= 16 << 20):
            raise MalformedJob("limits are out of range")
        return cls(cpu_seconds=cpu, memory_mib=int(memory), output_bytes=int(output))


@dataclass(frozen=True)
class RunJob:
    """One source and the inputs to run it with, one process each, in order.

    It never holds expected output: comparing is `judge.checkers`, outside the sandbox.
    """

    language: Language
    source: str
    inputs: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)

    @property
    def budget_seconds(self) -> float:
        """No engine works longer on it: compiling, then every case up to its wall limit.

        Second tries of cases over their time happen within it. A queue's lease adds a margin.
        """
        return self.limits.budget_seconds(len(self.inputs))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> RunJob:
        """Raises `MalformedJob`: a runner on the network takes nothing on trust."""
        if not isinstance(data, dict) or data.get("language") not in LANGUAGES:
            raise MalformedJob("language is unknown")
        source, inputs, limits = data.get("source"), data.get("inputs"), data.get("limits")
        if not isinstance(source, str):
            raise MalformedJob("source is not a text")
        if not isinstance(inputs, list) or not all(isinstance(text, str) for text in inputs):
            raise MalformedJob("inputs are not a list of texts")
        if not isinstance(limits, dict):
            raise MalformedJob("limits are missing")
        return cls(data["language"], source, tuple(inputs), Limits.from_json(limits))


@dataclass(frozen=True)
class CaseResult:
    """What one run of the program did; whether its output is right is not known here.

    `ended`: by itself with exit code 0. Times in ms, memory in KiB, None where the engine does not
    measure it. `stdout` is whole up to the limit, `stderr` its first 8 KiB; bytes that are not
    UTF-8 are replaced by U+FFFD, NUL may occur. `note` says in plain words what the numbers do not.
    """

    outcome: Outcome
    cpu_ms: int | None = None
    wall_ms: int | None = None
    memory_kb: int | None = None
    exit_code: int | None = None
    signal: int | None = None
    stdout: str = ""
    stderr: str = ""
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "stdout": _packed(self.stdout), "stderr": _packed(self.stderr)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CaseResult:
        values = {name: data[name] for name in cls.__dataclass_fields__}
        if values["outcome"] not in get_args(Outcome):
            raise ValueError(f"unknown outcome {values['outcome']!r}")
        values.update(stdout=_unpacked(values["stdout"]), stderr=_unpacked(values["stderr"]))
        return cls(**values)


@dataclass(frozen=True)
class RunAnswer:
    """What an engine did with a job: `ran` has a result for every input, in their order.

    `compile_error`: the source is at fault and `compile_output` says how (first 8 KiB, also
    warnings of a source that ran). `internal_error`: ours, `reason` is for staff; try again.
    """

    outcome: JobOutcome
    cases: tuple[CaseResult, ...] = ()
    compile_output: str = ""
    engine: str = ""
    version: str = ""
    language_version: str = ""
    reason: str = ""

    @classmethod
    def of(
        cls, cases: Sequence[CaseResult], compile_output: str = "", **engine_info: Any
    ) -> RunAnswer:
        """`ran`; `internal_error` when one of the cases failed by the engine's fault."""
        fault = next((case for case in cases if case.outcome == "internal_error"), None)
        if fault:
            known = {"compile_output": compile_output, "reason": fault.note, **engine_info}
            return cls("internal_error", tuple(cases), **known)
        return cls("ran", tuple(cases), compile_output, **engine_info)

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "cases": [case.to_json() for case in self.cases]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RunAnswer:
        """Raises KeyError, TypeError or ValueError for anything but an answer."""
        values = {name: data[name] for name in cls.__dataclass_fields__}
        if values["outcome"] not in get_args(JobOutcome):
            raise ValueError(f"unknown outcome {values['outcome']!r}")
        return cls(**{**values, "cases": tuple(map(CaseResult.from_json, values["cases"]))})


@dataclass(frozen=True)
class LanguageStatus:
    """Whether an engine can run a language; `reason` in plain words when it cannot."""

    language: Language
    available: bool
    version: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Probe:
    """What an engine can do now. Not ok: nothing is run, and `reason` says why to everybody.

    `languages` always lists all four. `facts` are for staff (kernel, Landlock version, uid …).
    """

    ok: bool
    engine: str
    languages: tuple[LanguageStatus, ...]
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def status_of(self, language: str) -> LanguageStatus:
        return next(status for status in self.languages if status.language == language)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Probe:
        """Raises KeyError, TypeError or ValueError for anything but a probe's result."""
        languages = tuple(LanguageStatus(**item) for item in data["languages"])
        if {status.language for status in languages} != set(LANGUAGES):
            raise ValueError("languages are incomplete")
        return cls(**{**data, "languages": languages})

    @classmethod
    def failed(cls, engine: str, reason: str, **facts: Any) -> Probe:
        """Nothing can be run, and no language is available."""
        languages = tuple(LanguageStatus(name, False, reason=reason) for name in LANGUAGES)
        return cls(ok=False, engine=engine, languages=languages, reason=reason, facts=facts)


def _number(data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MalformedJob(f"{name} is not a number")
    return value


def _packed(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()


def _unpacked(text: str) -> str:
    return base64.b64decode(text, validate=True).decode(errors="replace")
