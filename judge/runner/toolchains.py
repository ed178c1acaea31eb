"""The four languages: where their tools are on this machine, and how they compile and run.

Each reads only what its run needs. Limits stand for the memory that a program is promised plus what
the language itself takes; `RLIMIT_DATA` counts what can be written, not addresses, which Node and
Java reserve by the gigabyte.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from judge.runner.folders import Workplace
from judge.runner.process import SEARCH_PATH
from judge.runner.sandbox import MIB, Bounds
from judge.types import COMPILE_CPU_SECONDS, COMPILE_WALL_SECONDS, Language, Limits

LIBRARIES = (
    *("/usr/lib", "/lib", "/lib64", "/usr/lib64", "/usr/local/lib/libpython3.so"),
    *("/etc/ld.so.cache", "/etc/alternatives"),
)
COMPILER_PATHS = ("/usr/bin", "/usr/include", "/usr/libexec")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
}
COMPILE_BOUNDS = Bounds(
    cpu_seconds=COMPILE_CPU_SECONDS,
    wall_seconds=COMPILE_WALL_SECONDS,
    data=1024 * MIB,
    stack=64 * MIB,
    output=256 * 1024,
    file_size=64 * MIB,
    descriptors=256,
)


@dataclass(frozen=True)
class Toolchain:
    """One language with its tool at `program`. Commands run in the job's folder."""

    program: str
    language: ClassVar[Language]
    source_name: ClassVar[str]
    tool: ClassVar[str]
    # Of the language's own, over what the program is promised: MiB that may be resident.
    overhead_mib: ClassVar[int]

    @property
    def readable(self) -> tuple[str, ...]:
        return LIBRARIES

    @property
    def version_command(self) -> tuple[str, ...]:
        return (self.program, "--version")

    def compile_command(self) -> tuple[str, ...] | None:
        """Before all runs; None for languages that are not compiled."""
        return None

    def check_command(self) -> tuple[str, ...] | None:
        """Reads the source without running it; None where compiling does that."""
        return None

    def run_command(self, limits: Limits) -> tuple[str, ...]:
        raise NotImplementedError

    def bounds(self, limits: Limits) -> Bounds:
        return Bounds(
            cpu_seconds=limits.cpu_seconds,
            wall_seconds=limits.wall_seconds,
            data=(limits.memory_mib + 32) * MIB,
            stack=64 * MIB,
            output=limits.output_bytes,
        )


class Python(Toolchain):
    language = "python"
    source_name = "main.py"
    tool = "python3"
    overhead_mib = 24
    options = ("-I", "-S", "-B", "-X", "utf8")

    @property
    def readable(self) -> tuple[str, ...]:
        """Of its folder only the standard library, not what is installed beside it."""
        program = Path(self.program)
        library = [str(path) for path in program.parent.parent.glob("lib/*python3*")]
        return (*LIBRARIES, self.program, *library, "/dev/urandom", "/proc/self/fd")

    def check_command(self) -> tuple[str, ...]:
        return (self.program, *self.options, "-c", PYTHON_CHECK, self.source_name)

    def run_command(self, limits: Limits) -> tuple[str, ...]:
        return (self.program, *self.options, self.source_name)

    def bounds(self, limits: Limits) -> Bounds:
        usual = super().bounds(limits)
        return replace(usual, address=usual.data + usual.stack + 1024 * MIB)


PYTHON_CHECK = """\
import sys, traceback
try:
    compile(open(sys.argv[1], "rb").read(), sys.argv[1], "exec", dont_inherit=True)
except (SyntaxError, ValueError) as error:
    traceback.print_exception(type(error), error, None)
    sys.exit(1)
"""


class JavaScript(Toolchain):
    language = "javascript"
    source_name = "main.js"
    tool = "node"
    overhead_mib = 128

    @property
    def readable(self) -> tuple[str, ...]:
        own = (self.program, "/etc/ssl/openssl.cnf", "/dev/urandom", "/proc/self/fd")
        return (*LIBRARIES, *own, "/proc/meminfo", "/proc/cpuinfo")

    def check_command(self) -> tuple[str, ...]:
        return (self.program, "--check", self.source_name)

    def run_command(self, limits: Limits) -> tuple[str, ...]:
        heap = f"--max-old-space-size={limits.memory_mib}"
        return (self.program, heap, "--no-warnings", "--no-addons", self.source_name)

    def bounds(self, limits: Limits) -> Bounds:
        data = (2 * limits.memory_mib + 256) * MIB
        return replace(super().bounds(limits), data=data, stack=8 * MIB)


class Cpp(Toolchain):
    language = "cpp"
    source_name = "main.cpp"
    tool = "g++"
    overhead_mib = 16

    def compile_command(self) -> tuple[str, ...]:
        options = ("-std=c++17", "-O2", "-pipe", "-fdiagnostics-color=never")
        return (self.program, *options, "-o", "main", self.source_name)

    def run_command(self, limits: Limits) -> tuple[str, ...]:
        return ("./main",)

    def bounds(self, limits: Limits) -> Bounds:
        """Threads take a stack of that limit each from their data, so data leaves room for some."""
        data = (limits.memory_mib + 128) * MIB
        room = replace(super().bounds(limits), data=data, stack=128 * MIB)
        return replace(room, address=room.data + room.stack + 1024 * MIB)


class Java(Toolchain):
    language = "java"
    source_name = "Main.java"
    tool = "javac"
    overhead_mib = 192
    options = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-XX:+UseSerialGC")

    @property
    def home(self) -> Path:
        return Path(self.program).parent.parent

    @property
    def readable(self) -> tuple[str, ...]:
        settings = [str(path) for path in Path("/etc").glob("java-*")]
        own = (str(self.home), *settings, "/dev/urandom", "/dev/random", "/proc/self")
        return (*LIBRARIES, *own, "/proc/cpuinfo", "/proc/meminfo", "/sys/fs/cgroup")

    def compile_command(self) -> tuple[str, ...]:
        machine = ("-J-Xmx256m", *(f"-J{option}" for option in self.options))
        return (self.program, *machine, "-proc:none", "-encoding", "UTF-8", "-d", ".", "Main.java")

    def run_command(self, limits: Limits) -> tuple[str, ...]:
        memory = (f"-Xmx{limits.memory_mib}m", "-Xss16m")
        rest = ("-Dfile.encoding=UTF-8", "-cp", ".", "Main")
        return (str(self.home / "bin" / "java"), *memory, *self.options, *rest)

    def bounds(self, limits: Limits) -> Bounds:
        data = (limits.memory_mib + 400) * MIB
        return replace(super().bounds(limits), data=data, stack=8 * MIB)


ALL: tuple[type[Toolchain], ...] = (Python, JavaScript, Java, Cpp)


def find_toolchains(*, node: str = "", workplace: Workplace) -> Mapping[Language, Toolchain | str]:
    """For each language its tools, or why there are none. `node` goes before the system's.

    Tools that the sandbox's user cannot read, under somebody's home folder, do not count; but the
    Node that came with us is copied to where it can.
    """
    found = {kind.language: _find(kind, workplace.user) for kind in ALL}
    if node and Path(node).exists():
        real = str(Path(node).resolve())
        seen = workplace.user is None or others_may_run(real)
        found["javascript"] = JavaScript(real if seen else workplace.copy_of(real))
    return found


def _find(kind: type[Toolchain], user: int | None) -> Toolchain | str:
    path = shutil.which(kind.tool, path=SEARCH_PATH)
    if path is None:
        return f"{kind.tool} is not installed on this machine"
    real = str(Path(path).resolve())
    if user is not None and not others_may_run(real):
        return f"{kind.tool} is in a folder that only its owner may read"
    return kind(real)


def others_may_run(path: str) -> bool:
    """Whether a user who is neither the owner nor in its group may execute the file."""
    try:
        folders = [folder.stat().st_mode & 0o001 for folder in Path(path).parents]
        return all(folders) and Path(path).stat().st_mode & 0o005 == 0o005
    except OSError:
        return False
