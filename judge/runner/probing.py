"""Proves the sandbox before anything is run, and says which languages work.

The program below tries to break out; only when each attempt is refused is the probe ok. A machine
whose kernel lacks a layer fails here with the reason, and every job would fail there too.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from judge.runner import landlock
from judge.runner.folders import Workplace
from judge.runner.jobs import ENGINE, run_job
from judge.runner.syscalls import MACHINE, SUPPORTED
from judge.runner.toolchains import Toolchain
from judge.types import LANGUAGES, Language, LanguageStatus, Limits, Probe, RunAnswer, RunJob

HELD = "every attempt was refused"
VERSION_SECONDS = 10
PROBE_LIMITS = Limits(cpu_seconds=4.0, memory_mib=128, output_bytes=4096)

ATTEMPTS = """
import mmap, os, socket, sys

secret = sys.stdin.readline().strip()
reached = []

def attempt(name, action):
    try:
        action()
    except (OSError, MemoryError):
        return
    reached.append(name)

def fork():
    if os.fork() == 0:
        os._exit(0)

attempt("reads a file", lambda: open(secret).read())
attempt("lists a folder", lambda: os.listdir("/"))
attempt("reads the environment of its parent", lambda: open(f"/proc/{os.getppid()}/environ").read())
attempt("writes in its folder", lambda: open("written", "w"))
attempt("removes its source", lambda: os.unlink("main.py"))
attempt("writes elsewhere", lambda: open("/tmp/written", "w"))
attempt("makes a process", fork)
attempt("opens a socket", lambda: socket.socket())
attempt("opens a local socket", lambda: socket.socket(socket.AF_UNIX))
attempt("sends signals", lambda: os.kill(os.getppid(), 0))
attempt("takes shared memory", lambda: mmap.mmap(-1, 4096))
attempt("takes memory as a file", lambda: os.memfd_create("memory"))
attempt("takes more memory than it may", lambda: bytearray(1 << 30))
attempt("becomes another user", lambda: os.setuid(0))
attempt("becomes a shell", lambda: os.execv("/bin/sh", ["sh", "-c", "echo reached"]))
print(", ".join(reached) or "every attempt was refused")
"""
HELLO: Mapping[Language, str] = {
    "python": "print(input())",
    "javascript": "console.log(require('fs').readFileSync(0, 'utf8').trim())",
    "java": "public class Main { public static void main(String[] a) {"
    " System.out.println(new java.util.Scanner(System.in).nextLine()); } }",
    "cpp": "#include <iostream>\n#include <string>\n"
    "int main() { std::string s; std::getline(std::cin, s); std::cout << s; }",
}


def probe(*, toolchains: Mapping[Language, Toolchain | str], workplace: Workplace) -> Probe:
    """About a second, most of it compiling."""
    facts = {
        "kernel": os.uname().release,
        "machine": MACHINE,
        "landlock": landlock.version() if SUPPORTED else 0,
        "user": os.geteuid(),
        "sandbox_user": workplace.user,
    }
    if refusal := _broken(toolchains, workplace):
        return Probe.failed(ENGINE, refusal, **facts)
    languages = tuple(_status(name, toolchains[name], workplace) for name in LANGUAGES)
    return Probe(ok=True, engine=ENGINE, languages=languages, facts=facts)


def _broken(toolchains: Mapping[Language, Toolchain | str], workplace: Workplace) -> str:
    """Why no code may run on this machine, or ""."""
    if not SUPPORTED:
        return f"Code is not run on this kind of processor ({MACHINE})."
    if isinstance(toolchains["python"], str):
        return f"The sandbox cannot be proved without Python: {toolchains['python']}."
    secret = workplace.root / f"probe-{os.getpid()}"
    try:
        # Any user may read it: only the sandbox keeps a program from it.
        secret.write_text("secret")
        secret.chmod(0o644)
        job = RunJob("python", ATTEMPTS, (f"{secret}\n",), PROBE_LIMITS)
        answer = run_job(job, toolchains=toolchains, workplace=workplace)
    finally:
        secret.unlink(missing_ok=True)
    if answer.outcome == "internal_error":
        return f"The sandbox does not work on this machine. {answer.reason}"
    said = answer.cases[0].stdout.strip() if answer.cases else answer.compile_output
    if said != HELD:
        return f"The sandbox is not safe on this machine: the test program {said or 'did not end'}."
    return ""


def _status(language: Language, toolchain: Toolchain | str, workplace: Workplace) -> LanguageStatus:
    if isinstance(toolchain, str):
        return LanguageStatus(language, available=False, reason=f"{toolchain}.")
    job = RunJob(language, HELLO[language], ("it works\n",), Limits(cpu_seconds=10.0))
    answer = run_job(job, toolchains={language: toolchain}, workplace=workplace)
    if answer.outcome == "ran" and answer.cases[0].stdout.strip() == "it works":
        version = _version_of(toolchain)
        workplace.remember(toolchain.program, version)
        return LanguageStatus(language, available=True, version=version)
    return LanguageStatus(
        language, available=False, reason=f"A first program did not run: {_said(answer)}"
    )


def _said(answer: RunAnswer) -> str:
    case = answer.cases[0] if answer.cases else None
    words = (answer.reason, answer.compile_output, case and (case.note or case.stderr))
    return next((text for text in words if text), "it wrote something else")[:200]


def _version_of(toolchain: Toolchain) -> str:
    """As the tool prints it: `Python 3.11.2`, `v24.19.0`, `g++ (Debian …) 12.2.0`."""
    command = toolchain.version_command
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env={}, timeout=VERSION_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return next(iter(done.stdout.splitlines()), "").strip()[:100]
