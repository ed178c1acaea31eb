"""Programs that try to break out, to last, or to take more than they may.

Each says ESCAPED when it succeeded. SECRET, PORT and VICTIM stand for a file that every user may
read, a port that listens on this machine, and a process of the program's own user.
"""

from __future__ import annotations

from dataclasses import dataclass

ESCAPED = "ESCAPED"
FAILS = ("runtime_error",)
ENDS = ("ended",)
MEMORY = ("memory_limit", "runtime_error")
REFUSED = ("compile_error",)


@dataclass(frozen=True)
class Attack:
    """`outcomes`: how it may end; any other end, or the word ESCAPED, is a hole."""

    name: str
    language: str
    source: str
    outcomes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.language}: {self.name}"


def python_tries(name: str, body: str) -> Attack:
    """`body` is a list of (label, function) called `tries`: each must raise OSError."""
    source = (
        f"import os, signal, socket, sys\n{body}\n"
        "for label, action in tries:\n"
        "    try:\n        got = action()\n"
        "    except (OSError, ValueError) as error:\n        print(label, 'refused', error)\n"
        "    else:\n        print('ESCAPED', label, repr(got)[:80])\n"
    )
    return Attack(name, "python", source, ENDS)


def cpp_call(name: str, headers: str, body: str, outcomes: tuple[str, ...] = ENDS) -> Attack:
    """A C++ program whose `body` is what main does."""
    includes = "".join(f"#include <{header}>\n" for header in headers.split())
    return Attack(name, "cpp", f"{includes}int main() {{\n{body}\n}}\n", outcomes)


def java_main(name: str, body: str, outcomes: tuple[str, ...]) -> Attack:
    """A Java program whose `body` is what main does."""
    imports = "import java.util.*; import java.nio.*; import java.nio.file.*; import java.net.*;"
    main = f"public static void main(String[] arguments) throws Throwable {{ {body} }}"
    return Attack(name, "java", f"{imports}\npublic class Main {{ {main} }}", outcomes)
