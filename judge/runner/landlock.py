"""Landlock: which files a program reaches. It hides contents, not whether a path is there.

Rights that an older kernel does not know are not asked for; the filter of system calls refuses what
they would have (truncating by path, ioctl of devices, signals to others, sockets).
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterable
from functools import cache

from judge.runner.kernel import system_call
from judge.runner.syscalls import NUMBER_OF

EXECUTE, WRITE, READ, READ_FOLDER = 1, 2, 4, 8
MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))
REFER, TRUNCATE, DEVICE_CONTROL = 1 << 13, 1 << 14, 1 << 15
FOLDERS_ONLY = READ_FOLDER | MAKE_AND_REMOVE | REFER
TO_READ = EXECUTE | READ | READ_FOLDER
OWN = "/proc/self"
TCP_BIND_AND_CONNECT = 3
SOCKETS_AND_SIGNALS = 3
VERSION_FLAG = 1
RULE_BENEATH = 1


@cache
def version() -> int:
    """The kernel's version of Landlock, 0 where there is none."""
    try:
        return system_call(NUMBER_OF["landlock_create_ruleset"], "landlock", 0, 0, VERSION_FLAG)
    except (OSError, KeyError):
        return 0


@cache
def scopes_signals() -> bool:
    """Tried out: some kernels say 6 and know no scope."""
    try:
        os.close(_ruleset(version(), scoped=True))
    except OSError:
        return False
    return version() >= 6


@cache
def rules_for(readable: tuple[str, ...], writable: tuple[str, ...]) -> int:
    """A descriptor of rules: reading and executing, and changing what is in `writable`.

    Made once before forking. Paths that are not there are left out; those of the process itself,
    which is not there yet, are for `restrict`. Raises OSError where there is no Landlock.
    """
    known = version()
    if known < 1:
        raise OSError(errno.ENOSYS, "landlock: this kernel has none, or refuses it")
    rules = _ruleset(known, scoped=scopes_signals())
    files = _file_rights(known)
    for path in readable:
        if not path.startswith(OWN):
            _allow(rules, path, files & TO_READ)
    for path in writable:
        _allow(rules, path, files & ~(DEVICE_CONTROL | EXECUTE))
    _allow(rules, "/dev/null", READ | WRITE)
    return rules


def restrict(rules: int, *, readable: Iterable[str]) -> None:
    """From now on only what the rules allow, and one's own of `readable`.

    `no_new_privs` must be set.
    """
    for path in readable:
        if path.startswith(OWN):
            _allow(rules, path, TO_READ)
    system_call(NUMBER_OF["landlock_restrict_self"], "landlock_restrict_self", rules, 0)


def _file_rights(known: int) -> int:
    rights = EXECUTE | WRITE | READ | READ_FOLDER | MAKE_AND_REMOVE
    since = ((2, REFER), (3, TRUNCATE), (5, DEVICE_CONTROL))
    return rights | sum(right for first, right in since if known >= first)


def _ruleset(known: int, *, scoped: bool) -> int:
    values = [_file_rights(known)]
    if known >= 4:
        values.append(TCP_BIND_AND_CONNECT)
    if known >= 6 and scoped:
        values.append(SOCKETS_AND_SIGNALS)
    packed = struct.pack(f"{len(values)}Q", *values)
    number = NUMBER_OF["landlock_create_ruleset"]
    return system_call(number, "landlock_create_ruleset", packed, len(packed), 0)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= ~FOLDERS_ONLY
        rule = struct.pack("=Qi", rights, place)
        number = NUMBER_OF["landlock_add_rule"]
        system_call(number, f"landlock_add_rule {path}", rules, RULE_BENEATH, rule, 0)
    finally:
        os.close(place)
