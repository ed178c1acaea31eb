"""Becomes what a container without privileges is, then runs the command: uid 1000, no capabilities,
and the calls that Docker's default profile refuses a process without CAP_SYS_ADMIN.

`--without landlock` or `--without seccomp` refuses those calls as well, as older profiles did.
Standard library only: it runs as the system's Python.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

USER = 1000
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
CLONE_NAMESPACES = 0x7E020000
# x86-64 numbers, from Docker's profile: namespaces, mounts, keys, modules, tracing, clocks, io_uring.
REFUSED = (
    *(
        103,
        155,
        159,
        161,
        163,
        165,
        166,
        167,
        168,
        169,
        170,
        171,
        172,
        173,
        175,
        179,
        212,
        227,
        237,
    ),
    *(238, 239, 246, 248, 249, 250, 256, 272, 279, 298, 300, 304, 305, 308, 313, 320, 321, 323),
    *(425, 426, 427, 428, 429, 430, 431, 432, 433, 442),
)
MORE = {"landlock": (444, 445, 446), "seccomp": (317,)}
CLONE, CLONE3, SOCKET, AF_VSOCK = 56, 435, 41, 40
SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 317, 24, 38


def step(code: int, value: int, skip: int = 0, skip_else: int = 0) -> bytes:
    return struct.pack("HBBI", code, skip, skip_else, value)


def refusals(numbers: tuple[int, ...]) -> bytes:
    steps = [step(LOAD, 0)]
    for number in numbers:
        steps += [step(EQUAL, number, 0, 1), step(RETURN, REFUSE | errno.EPERM)]
    steps += [step(EQUAL, CLONE3, 0, 1), step(RETURN, REFUSE | errno.ENOSYS)]
    for number, test in ((CLONE, ANY_BIT), (SOCKET, EQUAL)):
        value = CLONE_NAMESPACES if number == CLONE else AF_VSOCK
        steps += [step(EQUAL, number, 0, 4), step(LOAD, 16), step(test, value, 0, 1)]
        steps += [step(RETURN, REFUSE | errno.EPERM), step(RETURN, ALLOW)]
    return b"".join([*steps, step(RETURN, ALLOW)])


def main() -> None:
    assert platform.machine() == "x86_64"
    arguments, numbers = sys.argv[1:], REFUSED
    if arguments[0] == "--without":
        numbers += MORE[arguments[1]]
        arguments = arguments[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        for capability in range(41):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    code = refusals(numbers)
    text = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    program = Program(len(code) // 8, ctypes.addressof(text))
    if libc.syscall(SECCOMP, 1, 0, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    os.execvp(arguments[0], arguments)


if __name__ == "__main__":
    main()
