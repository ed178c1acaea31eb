"""One program in the sandbox: what a forked child gives up before it becomes the program.

Layers, none of which can be undone: a clean environment and no descriptors but three pipes; limits
of the kernel; another user where we are root; Landlock; the filter of system calls. When one of
them cannot be set, the program does not start.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from judge.runner import landlock, seccomp
from judge.runner.kernel import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, process_control

MIB = 1 << 20
FAILURE_DESCRIPTOR, RULES_DESCRIPTOR, OUT_OF_THE_WAY = 3, 4, 64
MOST_DESCRIPTORS = 4096
NICENESS = 5


@dataclass(frozen=True)
class Bounds:
    """What the kernel and the supervisor hold a program to; bytes and seconds."""

    cpu_seconds: float
    wall_seconds: float
    data: int
    stack: int
    output: int
    address: int | None = None
    file_size: int = 0
    descriptors: int = 64
    tasks: int = 64


@dataclass(frozen=True)
class Box:
    """A program, where it runs, what it sees, and its bounds. `user`: another uid, if we are root.

    `compiling` lets it make processes and change files in its folder; paths that are not there are
    left out of `readable`.
    """

    argv: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]
    readable: tuple[str, ...]
    bounds: Bounds
    user: int | None = None
    compiling: bool = False


def prepare(box: Box) -> int:
    """What can be done once before forking; a descriptor of the Landlock rules for `become`.

    Raises OSError where there is no Landlock.
    """
    seccomp.prepare(compiling=box.compiling, signals_are_scoped=landlock.scopes_signals())
    return landlock.rules_for(box.readable, (box.folder,) if box.compiling else ())


def become(
    box: Box, *, stdin: int, stdout: int, stderr: int, failure: int, rules: int, parent: int
) -> NoReturn:
    """In the forked child. What goes wrong is written to `failure`, which a successful exec closes:
    the program can forge neither its silence nor its text."""
    try:
        os.setsid()
        rules = fcntl.fcntl(rules, fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
        for source, target in ((stdin, 0), (stdout, 1), (stderr, 2)):
            os.dup2(source, target)
        os.dup2(failure, FAILURE_DESCRIPTOR, inheritable=False)
        os.dup2(rules, RULES_DESCRIPTOR, inheritable=False)
        os.closerange(RULES_DESCRIPTOR + 1, MOST_DESCRIPTORS)
        os.chdir(box.folder)
        _give_up_privileges(box.user)
        process_control(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # killed before the line above: nobody waits for us
        _limit(box)
        process_control(PR_SET_NO_NEW_PRIVS, 1)
        landlock.restrict(RULES_DESCRIPTOR, readable=box.readable)
        seccomp.install(
            compiling=box.compiling,
            pid=os.getpid(),
            signals_are_scoped=landlock.scopes_signals(),
        )
        os.execve(box.argv[0], box.argv, dict(box.environment))
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(FAILURE_DESCRIPTOR, f"{type(error).__name__}: {error}".encode())
    os._exit(1)


def _give_up_privileges(user: int | None) -> None:
    if user is None:
        return
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _limit(box: Box) -> None:
    bounds = box.bounds
    # Whole seconds: the supervisor ends it to the hundredth, this is for when it cannot.
    cpu = int(bounds.cpu_seconds) + 2
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: bounds.file_size,
        resource.RLIMIT_NOFILE: bounds.descriptors,
        resource.RLIMIT_STACK: bounds.stack,
        resource.RLIMIT_DATA: bounds.data,
        resource.RLIMIT_NPROC: bounds.tasks,
    }
    if bounds.address is not None:
        limits[resource.RLIMIT_AS] = bounds.address
    os.nice(NICENESS)
    for what, value in limits.items():
        resource.setrlimit(what, (value, value))


def tasks_of(user: int) -> int:
    """Threads that a uid has now: RLIMIT_NPROC counts them all, in whichever program."""
    count = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError):
                if process.stat().st_uid == user:
                    count += sum(1 for _ in (process / "task").iterdir())
    return count
