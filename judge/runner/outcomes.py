"""What a run's end means, in the words of `CaseResult`."""

from __future__ import annotations

import signal

from judge.runner.supervision import Ended
from judge.runner.toolchains import Toolchain
from judge.types import ERROR_BYTES, CaseResult, Limits, Outcome

LAST_ERRORS = 4000
OUT_OF_MEMORY = (
    *("MemoryError", "bad_alloc", "OutOfMemoryError", "heap out of memory"),
    *("Cannot allocate memory", "llocation failed", "Out of memory"),
)


def result_of(ended: Ended, limits: Limits, toolchain: Toolchain, *, folder: str) -> CaseResult:
    """Decided by what was measured; the program's words only tell why it failed."""
    outcome, note = _decide(ended, limits, toolchain)
    return CaseResult(
        outcome=outcome,
        cpu_ms=round(1000 * ended.cpu),
        wall_ms=round(1000 * ended.wall),
        memory_kb=ended.memory_kb,
        exit_code=ended.exit_code,
        signal=ended.signal,
        stdout=ended.stdout.decode(errors="replace"),
        stderr=clean_messages(ended.stderr, folder=folder),
        note=note,
    )


def clean_messages(text: bytes, *, folder: str) -> str:
    """The first 8 KiB of messages, without the path of the job's folder."""
    return text[:ERROR_BYTES].decode(errors="replace").replace(f"{folder}/", "")


def _decide(ended: Ended, limits: Limits, toolchain: Toolchain) -> tuple[Outcome, str]:
    if ended.failure:
        return "internal_error", f"The sandbox refused to start it: {ended.failure}"
    if ended.stopped == "budget":
        return "internal_error", "The machine was too busy to run it in time."
    if ended.stopped == "output":
        return "output_limit", f"It wrote more than {limits.output_bytes} bytes."
    if ended.stopped == "wall":
        return "time_limit", f"It did not end within {limits.wall_seconds:g} s."
    if ended.stopped == "cpu" or ended.signal == signal.SIGXCPU or ended.cpu > limits.cpu_seconds:
        return "time_limit", f"It used more than {limits.cpu_seconds:g} s of processor time."
    too_much = f"It used more than {limits.memory_mib} MiB of memory."
    if ended.memory_kb > 1024 * (limits.memory_mib + toolchain.overhead_mib):
        return "memory_limit", too_much
    if not ended.signal and not ended.exit_code:
        return "ended", ""
    near = ended.memory_kb > 0.9 * 1024 * limits.memory_mib
    if near or says_out_of_memory(ended.stderr.decode(errors="replace")):
        return "memory_limit", too_much
    if ended.signal:
        return "runtime_error", f"It was ended by {signal_name(ended.signal)}."
    return "runtime_error", f"It ended with exit code {ended.exit_code}."


def says_out_of_memory(errors: str) -> bool:
    """Whether a program that failed says so at its end; languages refuse before it is resident."""
    return any(words in errors[-LAST_ERRORS:] for words in OUT_OF_MEMORY)


def signal_name(number: int) -> str:
    """`SIGSEGV (Segmentation fault)`."""
    try:
        return f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    except ValueError:
        return f"signal {number}"
