"""Keep a handful of processes alive under one, and stop them all together.

Each child has its own process group, so that Ctrl-C reaches only the supervisor, which stops the
children in order; on Linux the kernel also ends them should the supervisor be killed outright,
and on every system the next start ends what is left over.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
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

from config.launcher.log_file import LogFile

FIRST_PAUSE, LONGEST_PAUSE, CALM = 1.0, 30.0, 60.0
STOP_SECONDS = 12
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process: how it starts, how it is told to stop, and what it said last."""

    name: str
    command: list[str]
    ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
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
        self.pids = folder / "run" / "children.json"
        self.env = env
        self.stopping = False
        self.asked = 0
        for path in (self.logs, self.pids.parent):
            path.mkdir(parents=True, exist_ok=True)

    # --- the life of the whole -------------------------------------------------------------
    def start(self) -> None:
        """Start everything. What an earlier supervisor left behind is ended first."""
        self.end_leftovers()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        for child in self.children:
            self._spawn(child)

    def wait_until_ready(self, seconds: float) -> bool:
        """True once every child is alive and says it is ready; children that die are restarted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.stopping:
            self._tend()
            if all(child.alive and child.ready() for child in self.children):
                return True
            time.sleep(0.1)
        return False

    def watch(self) -> None:
        """Until asked to stop: restart what dies, after a pause that grows if it keeps dying."""
        while not self.stopping:
            self._tend()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask, wait, insist. A second Ctrl-C insists at once."""
        self.stopping = True
        for child in reversed(self.children):
            self._signal_group(child, child.stop_signal)
            self._wait_for(child)
            self._signal_group(child, signal.SIGKILL)  # whatever it forked and left
        self.pids.unlink(missing_ok=True)

    # --- one child -------------------------------------------------------------------------
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
            preexec_fn=_die_with_parent if _LIBC else None,  # noqa: PLW1509
        )
        child.started = time.monotonic()
        assert child.process.stdout is not None
        threading.Thread(
            target=self._relay, args=(child, child.process.stdout), daemon=True
        ).start()
        self._remember()

    def _tend(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.alive or self.stopping:
                continue
            if child.process is not None:
                self._mourn(child, now)
            elif now >= child.due:
                say(f"{child.name}: starting again")
                self._spawn(child)

    def _mourn(self, child: Child, now: float) -> None:
        """Say how it died, end what it forked, and set when to start it again."""
        assert child.process is not None
        self._signal_group(child, signal.SIGKILL)
        calm = now - child.started > CALM
        child.pause = FIRST_PAUSE if calm else min(child.pause * 2, LONGEST_PAUSE)
        child.due = now + (0 if calm else child.pause / 2)
        how = describe(child.process.returncode)
        say(f"{child.name} ended ({how}); starting again in {max(child.due - now, 0):.0f} s")
        if child.process.returncode != -signal.SIGKILL:
            for line in list(child.last_words):
                say(f"    {line}")
        child.process = None

    def _wait_for(self, child: Child) -> None:
        end = time.monotonic() + STOP_SECONDS
        while child.alive and time.monotonic() < end and self.asked < 2:
            time.sleep(0.05)

    def _signal_group(self, child: Child, number: int) -> None:
        if child.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(child.process.pid, number)
            elif child.alive:
                child.process.send_signal(number)

    def _relay(self, child: Child, lines: IO[str]) -> None:
        """Copy what a child says to its log file and, with its name in front, to the console."""
        log = LogFile(self.logs / f"{child.name}.log")
        with contextlib.closing(log), contextlib.suppress(ValueError):
            for line in lines:
                if log.write(line):
                    say(f"{log.path} cannot be written ({log.error}); going on without it")
                child.last_words.append(line.rstrip())
                if child.name != "valkey":
                    show(f"{child.name:<7}| {line}", end="")

    # --- nothing is left behind ------------------------------------------------------------
    def _remember(self) -> None:
        alive = {c.name: c.process.pid for c in self.children if c.process}
        try:
            self.pids.write_text(json.dumps(alive))
        except OSError as error:
            say(f"{self.pids} cannot be written ({error}); going on without it")

    def end_leftovers(self) -> None:
        """End children of a supervisor that was killed: by id, and only if they are still ours."""
        try:
            known = json.loads(self.pids.read_text())
        except (OSError, ValueError):
            return
        for child in self.children:
            pid = int(known.get(child.name, 0))
            if pid and _runs(pid, child.command):
                say(f"ending {child.name} of an earlier start (process {pid})")
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
        self.pids.unlink(missing_ok=True)

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        self.asked += 1
        self.stopping = True


def describe(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def say(text: str) -> None:
    show(f"etude  | {text}")


def show(text: str, end: str = "\n") -> None:
    """On the console, while there is one: whoever closed it does not stop Etude."""
    with contextlib.suppress(OSError):
        print(text, end=end, flush=True)


def _runs(group: int, command: list[str]) -> bool:
    """Whether a process of this group still runs the program that we once started."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pgid=,args="], capture_output=True, text=True, check=False
    )
    program = " ".join(command[1:6])
    lines = (line.strip().partition(" ") for line in listing.stdout.splitlines())
    return any(number == str(group) and program in args for number, _, args in lines)


def _load_libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


_LIBC = _load_libc()


def _die_with_parent() -> None:
    """In the new child: ask the kernel for SIGTERM when the supervisor dies."""
    assert _LIBC is not None
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
