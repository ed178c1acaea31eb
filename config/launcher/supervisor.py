"""Keeps a handful of processes running under one, and stops them all together.

Each child has its own process group, so that Ctrl-C reaches only the supervisor, which stops the
children in order. When the supervisor is killed outright, `guard.py` ends them.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.launcher.guard import signal_group

FIRST_PAUSE, LONGEST_PAUSE, CALM = 1.0, 30.0, 60.0
STOP_SECONDS = 12
LOG_BYTES = 5_000_000


@dataclass
class Child:
    """One process: how it starts, when it counts as ready, and its last output."""

    name: str
    command: list[str]
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=15))

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts children in the order given, restarts what dies, stops in the opposite order."""

    def __init__(self, children: list[Child], *, folder: Path, env: dict[str, str]) -> None:
        self.children = children
        self.logs = folder / "log"
        self.env = env
        self.guard: subprocess.Popen[str] | None = None
        self.stop_requests = 0

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._request_stop)
        self.logs.mkdir(parents=True, exist_ok=True)
        self.guard = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for child in self.children:
            self._spawn(child)

    def wait_until_ready(self, seconds: float) -> bool:
        """True once every child is alive and says it is ready; children that die are restarted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.stop_requests:
            self._check_children()
            if all(child.alive and child.ready() for child in self.children):
                return True
            time.sleep(0.1)
        return False

    def watch(self) -> None:
        """Until asked to stop: restart what dies, after a pause that grows if it keeps dying."""
        while not self.stop_requests:
            self._check_children()
            time.sleep(0.2)

    def stop(self) -> None:
        """SIGTERM, wait, SIGKILL. A second Ctrl-C kills at once."""
        self.stop_requests = max(self.stop_requests, 1)
        for child in reversed(self.children):
            if child.alive and child.process:
                child.process.terminate()
            end = time.monotonic() + STOP_SECONDS
            while child.alive and time.monotonic() < end and self.stop_requests < 2:
                time.sleep(0.05)
            self._end_group(child)
        if self.guard and self.guard.stdin:
            self.guard.stdin.close()
            self.guard.wait()

    def _spawn(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._tell_guard(f"+{child.process.pid}")
        child.started = time.monotonic()
        lines = child.process.stdout
        threading.Thread(target=self._relay, args=(child, lines), daemon=True).start()

    def _check_children(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.alive or self.stop_requests:
                continue
            if child.process is not None:
                self._note_end(child, child.process.returncode, now)
            elif now >= child.due:
                say(f"{child.name}: starting again")
                self._spawn(child)

    def _note_end(self, child: Child, code: int, now: float) -> None:
        """Log how it ended, end what it forked, and set when to start it again."""
        self._end_group(child)
        calm = now - child.started > CALM
        child.pause = FIRST_PAUSE if calm else min(child.pause * 2, LONGEST_PAUSE)
        child.due = now + (0 if calm else child.pause / 2)
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        say(f"{child.name} ended ({how}); starting again in {child.due - now:.0f} s")
        if code != -signal.SIGKILL:
            for line in list(child.last_words):
                say(f"    {line}")

    def _end_group(self, child: Child) -> None:
        """Kill the child, if it still runs, and whatever it forked."""
        if child.process:
            signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
            self._tell_guard(f"-{child.process.pid}")
            child.process = None

    def _tell_guard(self, line: str) -> None:
        with contextlib.suppress(OSError):
            if self.guard and self.guard.stdin:
                print(line, file=self.guard.stdin, flush=True)

    def _relay(self, child: Child, lines: IO[str]) -> None:
        """Copy a child's output to its log and, prefixed with its name, to the console.

        Reading goes on when the log cannot be written: a full pipe would block the child.
        """
        log: IO[bytes] | None = None
        path = self.logs / f"{child.name}.log"
        for number, line in enumerate(lines):
            try:
                log = _open_log(path) if number == 0 else log
                if log is not None:
                    log.write(line.encode(errors="replace"))
            except OSError as error:
                say(f"{path} cannot be written ({error}); going on without it")
                log = None
            child.last_words.append(line.rstrip())
            if child.name != "valkey":
                show(f"{child.name:<7}| {line}", end="")

    def _request_stop(self, _number: int, _frame: object) -> None:
        self.stop_requests += 1


def say(text: str) -> None:
    show(f"etude  | {text}")


def show(text: str, end: str = "\n") -> None:
    """Write to the console while there is one; a closed console does not stop Etude."""
    with contextlib.suppress(OSError):
        print(text, end=end, flush=True)


def _open_log(path: Path) -> IO[bytes]:
    """Unbuffered: a full disk shows at the line that cannot be written."""
    too_long = path.exists() and path.stat().st_size > LOG_BYTES
    return path.open("wb" if too_long else "ab", buffering=0)
