"""Runs one box: feeds its input, reads its output up to a limit, ends it when its time is over."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from judge.runner.kernel import PR_SET_CHILD_SUBREAPER, process_control
from judge.runner.sandbox import Box, become, prepare

CHUNK = 65536
KEPT_OF_ERRORS = 65536
SHORTEST_PAUSE = 0.004
# A busy machine makes programs wait; at most this many wall limits are given back.
MOST_GIVEN_BACK = 6

Stopped = Literal["", "cpu", "wall", "output", "budget"]


@dataclass(frozen=True)
class Ended:
    """How a program ended. `failure`: it never started, and why. Seconds, KiB."""

    stdout: bytes
    stderr: bytes
    exit_code: int | None
    signal: int | None
    cpu: float
    wall: float
    memory_kb: int
    stopped: Stopped
    failure: str


def run_in_box(box: Box, *, stdin: bytes, until: float) -> Ended:
    """Run to its end, at the latest until that moment of the monotonic clock; nothing survives."""
    try:
        rules = prepare(box)
    except OSError as error:
        return Ended(b"", b"", None, None, 0.0, 0.0, 0, "", f"{type(error).__name__}: {error}")
    # Orphans of a compiler become ours, so that we can wait until all are gone.
    process_control(PR_SET_CHILD_SUBREAPER, 1)
    parent = os.getpid()
    pipes = [os.pipe() for _ in range(4)]
    (stdin_end, feed), (out, stdout_end), (err, stderr_end), (failed, failure_end) = pipes
    theirs = (stdin_end, stdout_end, stderr_end)
    if box.user is not None:
        # /dev/stdin is opened anew by name, as the user that the program is.
        for end in theirs:
            os.fchown(end, box.user, box.user)
    begun = time.monotonic()
    pid = os.fork()
    if pid == 0:
        become(
            box,
            stdin=stdin_end,
            stdout=stdout_end,
            stderr=stderr_end,
            failure=failure_end,
            rules=rules,
            parent=parent,
        )
    for end in (*theirs, failure_end):
        os.close(end)
    with os.fdopen(failed, "rb") as reader:
        failure = reader.read(4096).decode(errors="replace")
    program = _Program(pid, box, begun=begun, until=until, stdin=stdin)
    return program.watch(feed, out, err, failure=failure)


@dataclass
class _Program:
    """A running program as its parent sees it."""

    pid: int
    box: Box
    begun: float
    until: float
    stdin: bytes
    stopped: Stopped = ""
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    sent: int = 0
    feeding: bool = True

    def watch(self, feed: int, out: int, err: int, *, failure: str) -> Ended:
        ended = os.pidfd_open(self.pid)
        for descriptor in (feed, out, err):
            os.set_blocking(descriptor, False)
        self._follow(ended, feed, out, err)
        status, usage = self._reap()
        while _read(out, self.stdout) or _read(err, self.stderr):
            self._forget_more_errors()
        for descriptor in (out, err, ended, *([feed] if self.feeding else [])):
            os.close(descriptor)
        if len(self.stdout) > self.box.bounds.output:
            self.stopped = self.stopped or "output"
        return Ended(
            stdout=bytes(self.stdout[: self.box.bounds.output]),
            stderr=bytes(self.stderr),
            exit_code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            cpu=usage.ru_utime + usage.ru_stime,
            wall=time.monotonic() - self.begun,
            memory_kb=usage.ru_maxrss,
            stopped=self.stopped,
            failure=failure,
        )

    def _follow(self, ended: int, feed: int, out: int, err: int) -> None:
        """Until the process is dead. Its number is not free before it is reaped."""
        waiting = select.poll()
        for descriptor in (ended, out, err):
            waiting.register(descriptor, select.POLLIN)
        waiting.register(feed, select.POLLOUT)
        kept = {out: self.stdout, err: self.stderr}
        while True:
            ready = [descriptor for descriptor, _ in waiting.poll(1000 * self._pause())]
            for descriptor in ready:
                if descriptor == feed and not self._feed(feed):
                    waiting.unregister(feed)
                    os.close(feed)
                    self.feeding = False
                elif descriptor in kept and not _read(descriptor, kept[descriptor]):
                    waiting.unregister(descriptor)
            self._forget_more_errors()
            if ended in ready:
                return
            if len(self.stdout) > self.box.bounds.output:
                self._stop("output")

    def _pause(self) -> float:
        """Seconds until its time can be over; ends it when it is."""
        bounds, now = self.box.bounds, time.monotonic()
        cpu_left = bounds.cpu_seconds - _cpu_of(self.pid)
        wall_left = self.begun + bounds.wall_seconds - now
        if wall_left <= 0:
            # Waiting for a processor is the machine's slowness, not the program's.
            waited = _seconds_in_run_queue(self.pid)
            wall_left += min(waited, MOST_GIVEN_BACK * bounds.wall_seconds)
        over: list[tuple[Stopped, float]] = [("budget", self.until - now), ("wall", wall_left)]
        for why, left in (*over, ("cpu", cpu_left)):
            if left <= 0:
                self._stop(why)
                return 1.0
        # Threads use it up as many times faster as there are processors.
        soonest = min(wall_left, self.until - now, cpu_left / (os.cpu_count() or 1))
        return max(SHORTEST_PAUSE, soonest)

    def _stop(self, why: Stopped) -> None:
        self.stopped = self.stopped or why
        os.kill(self.pid, signal.SIGKILL)

    def _feed(self, feed: int) -> bool:
        """Whether there is more to write later."""
        try:
            self.sent += os.write(feed, self.stdin[self.sent : self.sent + CHUNK])
        except BlockingIOError:
            return True
        except BrokenPipeError:
            return False
        return self.sent < len(self.stdin)

    def _forget_more_errors(self) -> None:
        """Standard error is read on but not kept past its limit."""
        del self.stderr[KEPT_OF_ERRORS:]

    def _reap(self) -> tuple[int, resource.struct_rusage]:
        """Kill the whole group while its leader, not yet reaped, still holds the number; then wait
        for each."""
        os.killpg(self.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self.pid, 0)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-self.pid, 0)
        return status, usage


def _read(descriptor: int, kept: bytearray) -> bool:
    """Whether something was read: False when there is nothing now, or nothing more ever."""
    try:
        data = os.read(descriptor, CHUNK)
    except BlockingIOError:
        return False
    kept += data
    return bool(data)


def _cpu_of(pid: int) -> float:
    """Seconds that all its threads have used: the clock that clock_getcpuclockid(3) names."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _seconds_in_run_queue(pid: int) -> float:
    """How long it was ready but had no processor, of its threads the longest."""
    longest = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            longest = max(longest, int((task / "schedstat").read_text().split()[1]))
    return longest / 1e9
