"""One job: compile once, run with every input, say what happened. Nothing is compared here."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from judge.runner.folders import Workplace
from judge.runner.outcomes import clean_messages, result_of, signal_name
from judge.runner.sandbox import Bounds, Box, tasks_of
from judge.runner.supervision import Ended, run_in_box
from judge.runner.toolchains import COMPILE_BOUNDS, COMPILER_PATHS, ENVIRONMENT, Toolchain
from judge.types import COMPILE_CPU_SECONDS, CaseResult, Language, RunAnswer, RunJob

ENGINE = "local"
# Of the sandbox: kept with each run, so that a change of its rules can be told from its results.
VERSION = "1"
# Of one program; other programs of the same user run on other processors meanwhile.
TASKS, TASKS_FOR_EACH_PROCESSOR = 64, 32
SYNTAX_ERROR = re.compile(r"\b(Syntax|Indentation|Tab)Error\b|source code cannot contain null")


def run_job(
    job: RunJob, *, toolchains: Mapping[Language, Toolchain | str], workplace: Workplace
) -> RunAnswer:
    """Never raises for what the program does; ends within the job's budget."""
    toolchain = toolchains[job.language]
    if isinstance(toolchain, str):
        return RunAnswer("internal_error", engine=ENGINE, version=VERSION, reason=toolchain)
    until = time.monotonic() + job.budget_seconds
    with workplace.job_folder() as folder:
        source = folder / toolchain.source_name
        source.write_text(job.source, encoding="utf-8", errors="replace", newline="")
        source.chmod(0o644)
        user = os.geteuid() if workplace.user is None else workplace.user
        tasks = tasks_of(user) + TASKS + TASKS_FOR_EACH_PROCESSOR * (os.cpu_count() or 1)
        answer = _Work(job, toolchain, workplace, folder, until, tasks).answer()
    tool = workplace.version_of(toolchain.program)
    return replace(answer, engine=ENGINE, version=VERSION, language_version=tool)


@dataclass(frozen=True)
class _Work:
    job: RunJob
    toolchain: Toolchain
    workplace: Workplace
    folder: Path
    until: float
    tasks: int

    def answer(self) -> RunAnswer:
        messages = ""
        if command := self.toolchain.compile_command():
            compiled = self._compile(command, may_write=True)
            messages = clean_messages(compiled.stderr or compiled.stdout, folder=str(self.folder))
            if compiled.exit_code != 0 or compiled.stopped:
                return _not_compiled(compiled, messages)
        cases: list[CaseResult] = []
        for text in self.job.inputs:
            with self.workplace.beside_others():
                cases.append(self._run(text))
            if len(cases) == 1 and (refused := self._syntax_error(cases[0])):
                return refused
        for index, case in enumerate(cases):
            if case.outcome == "time_limit":
                cases[index] = self._second_try(self.job.inputs[index], case)
        return RunAnswer.of(cases, messages)

    def _run(self, text: str) -> CaseResult:
        if time.monotonic() >= self.until:
            note = "The machine was too busy to run it in time."
            return CaseResult("internal_error", note=note)
        limits = self.job.limits
        box = self._box(
            self.toolchain.run_command(limits),
            readable=self.toolchain.readable,
            bounds=self.toolchain.bounds(limits),
        )
        ended = run_in_box(box, stdin=text.encode(errors="replace"), until=self.until)
        return result_of(ended, limits, self.toolchain, folder=str(self.folder))

    def _second_try(self, text: str, first: CaseResult) -> CaseResult:
        """Once more alone, if the budget has room for it; a second time over it stands."""
        if time.monotonic() + self.job.limits.wall_seconds > self.until:
            return first
        with self.workplace.alone(until=self.until):
            second = self._run(text)
        return first if second.outcome in ("time_limit", "internal_error") else second

    def _syntax_error(self, first: CaseResult) -> RunAnswer | None:
        """A source that cannot be read says so at its first run: only then is it looked at.

        What a program says can be forged, so the source itself is checked, without running it.
        """
        command = self.toolchain.check_command()
        if command is None or first.outcome != "runtime_error":
            return None
        if not SYNTAX_ERROR.search(first.stderr):
            return None
        checked = self._compile(command, may_write=False)
        if checked.exit_code in (0, None) or checked.failure or checked.stopped:
            return None
        return RunAnswer(
            "compile_error", (), clean_messages(checked.stderr, folder=str(self.folder))
        )

    def _compile(self, command: tuple[str, ...], *, may_write: bool) -> Ended:
        paths = COMPILER_PATHS if may_write else ()
        box = self._box(command, readable=(*self.toolchain.readable, *paths), bounds=COMPILE_BOUNDS)
        return run_in_box(replace(box, compiling=may_write), stdin=b"", until=self.until)

    def _box(self, command: tuple[str, ...], *, readable: tuple[str, ...], bounds: Bounds) -> Box:
        return Box(
            argv=command,
            folder=str(self.folder),
            environment={**ENVIRONMENT, "TMPDIR": str(self.folder)},
            readable=(*readable, str(self.folder)),
            bounds=replace(bounds, tasks=self.tasks),
            user=self.workplace.user,
        )


def _not_compiled(ended: Ended, messages: str) -> RunAnswer:
    if ended.failure or ended.stopped == "budget":
        reason = ended.failure or "The machine was too busy to compile it in time."
        return RunAnswer("internal_error", reason=reason)
    why = ""
    if ended.stopped in ("cpu", "wall") or ended.signal == signal.SIGXCPU:
        why = f"Compiling took longer than {COMPILE_CPU_SECONDS:.0f} s and was stopped."
    elif ended.stopped == "output":
        why = "The compiler wrote too many messages and was stopped."
    elif ended.signal:
        why = f"The compiler was ended by {signal_name(ended.signal)}."
    return RunAnswer("compile_error", (), "\n".join(filter(None, (why, messages))))
