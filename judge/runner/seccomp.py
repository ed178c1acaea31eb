"""The filter of system calls: an allow-list as a classic BPF program.

Threads may be made, processes may not: so the limits of one process are the limits of the program,
and one kill ends it. Calls that reach memory past RLIMIT_DATA are refused: shared anonymous memory,
memory that grows down (the kernel counts it as stack), memfd, and larger pipes.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable, Iterator
from functools import cache

from judge.runner.kernel import system_call
from judge.runner.syscalls import COMPILE, MACHINE, MACHINES, NUMBER_OF, RUN

LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL_PROCESS, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
SECCOMP_SET_MODE_FILTER, FLAG_TSYNC = 1, 1
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT = 0, 4, 16
FIRST_X32_CALL = 0x40000000

CLONE_THREAD, CLONE_NAMESPACES = 0x00010000, 0x7E020080
MAP_SHARED, MAP_ANONYMOUS, MAP_GROWSDOWN = 0x01, 0x20, 0x100
AF_UNIX = 1
# Descriptors doubled, flags, sizes of pipes read; no owner for signals, no locks, no leases.
FCNTL = (0, 1, 2, 3, 4, 1030, 1032)
COMPILER_FCNTL = (*FCNTL, 5, 6, 7, 36, 37, 38)
# Names of threads and memory areas, and what may be asked about oneself.
PRCTL = (15, 16, 3, 0x53564D41, 23, 30)
# Whether it is a terminal, its size, blocking or not, bytes to read.
IOCTL = (0x5401, 0x5413, 0x5421, 0x5450, 0x5451, 0x541B, 0x5410, 0x540F)
# Stands for the process's own id until the child knows it.
OWN_PID = 0x7A7A7A7A

Instruction = bytes


def install(*, compiling: bool, pid: int, signals_are_scoped: bool) -> None:
    """For this process and all that it becomes. `no_new_privs` must be set."""
    code = _program(compiling=compiling, signals_are_scoped=signals_are_scoped)
    code = code.replace(struct.pack("I", OWN_PID), struct.pack("I", pid))
    text = ctypes.create_string_buffer(code, len(code))
    header = _Program(len(code) // 8, ctypes.addressof(text))
    mode = (SECCOMP_SET_MODE_FILTER, FLAG_TSYNC)
    system_call(NUMBER_OF["seccomp"], "seccomp", *mode, ctypes.byref(header))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def prepare(*, compiling: bool, signals_are_scoped: bool) -> None:
    """Build the program once in the parent, so that no child has to."""
    _program(compiling=compiling, signals_are_scoped=signals_are_scoped)


@cache
def _program(*, compiling: bool, signals_are_scoped: bool) -> bytes:
    """Another machine's numbers mean other calls: such a call kills, x32 ones are unknown."""
    steps = [_step(LOAD, MACHINE_AT), _step(EQUAL, MACHINES[MACHINE][1], skip_else=0, skip=1)]
    steps += [_refuse_by_killing(), _step(LOAD, NUMBER_AT)]
    if MACHINE == "x86_64":
        steps += [_step(AT_LEAST, FIRST_X32_CALL, skip_else=1), _refuse(errno.ENOSYS)]
    names = RUN | COMPILE if compiling else RUN
    rules = [(name, [_allow()]) for name in sorted(names)]
    decided = _rules_by_argument(compiling=compiling, signals_are_scoped=signals_are_scoped)
    for name, body in (*rules, *decided):
        if name in NUMBER_OF:
            steps += [_step(EQUAL, NUMBER_OF[name], skip_else=len(body)), *body]
    return b"".join([*steps, _refuse(errno.EPERM)])


def _rules_by_argument(
    *, compiling: bool, signals_are_scoped: bool
) -> Iterator[tuple[str, list[Instruction]]]:
    yield "mmap", _memory()
    yield "clone", _processes() if compiling else _threads_only()
    # Its arguments lie in memory, where a filter cannot look: programs fall back on clone.
    yield "clone3", [_refuse(errno.ENOSYS)]
    yield "fcntl", _only(1, COMPILER_FCNTL if compiling else FCNTL, errno.EPERM)
    yield "prctl", _only(0, PRCTL, errno.EPERM)
    yield "ioctl", _only(1, IOCTL, errno.ENOTTY)
    yield "kill", [_refuse(errno.EPERM)] if compiling else _only(0, [OWN_PID], errno.EPERM)
    if compiling and signals_are_scoped:
        yield "tgkill", [_allow()]  # abort() in a compiler's child, whose id is not known here
    else:
        yield "tgkill", _only(0, [OWN_PID], errno.EPERM)
    yield "prlimit64", _only(0, [0, OWN_PID], errno.EPERM)
    yield "memfd_create", [_refuse(errno.ENOSYS)]
    yield "io_uring_setup", [_refuse(errno.ENOSYS)]
    yield "socketpair", _only(0, [AF_UNIX], errno.EACCES)  # Java wakes its threads through one
    yield "socket", [_refuse(errno.EACCES)]
    yield "connect", [_refuse(errno.EACCES)]


def _memory() -> list[Instruction]:
    shared = MAP_SHARED | MAP_ANONYMOUS
    return [
        _argument(3),
        _step(ANY_BIT, MAP_GROWSDOWN, skip_else=1),
        _refuse(errno.EPERM),
        _step(AND, shared),
        _step(EQUAL, shared, skip_else=1),
        _refuse(errno.EPERM),
        _allow(),
    ]


def _processes() -> list[Instruction]:
    return [
        _argument(0),
        _step(ANY_BIT, CLONE_NAMESPACES, skip_else=1),
        _refuse(errno.EPERM),
        _allow(),
    ]


def _threads_only() -> list[Instruction]:
    return [
        _argument(0),
        _step(ANY_BIT, CLONE_NAMESPACES, skip_else=1),
        _refuse(errno.EPERM),
        _step(ANY_BIT, CLONE_THREAD, skip_else=1),
        _allow(),
        _refuse(errno.EAGAIN),
    ]


def _only(index: int, values: Iterable[int], error: int) -> list[Instruction]:
    """Allow the call when its argument `index` (from 0, its low 32 bits) is one of the values."""
    body = [_argument(index)]
    for value in values:
        body += [_step(EQUAL, value, skip_else=1), _allow()]
    return [*body, _refuse(error)]


def _argument(index: int) -> Instruction:
    return _step(LOAD, ARGUMENTS_AT + 8 * index)


def _allow() -> Instruction:
    return _step(RETURN, ALLOW)


def _refuse(error: int) -> Instruction:
    return _step(RETURN, REFUSE | error)


def _refuse_by_killing() -> Instruction:
    return _step(RETURN, KILL_PROCESS)


def _step(code: int, value: int, *, skip: int = 0, skip_else: int = 0) -> Instruction:
    return struct.pack("HBBI", code, skip, skip_else, value & 0xFFFFFFFF)
