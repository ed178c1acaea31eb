"""The runner with real programs: what candidates write, and how it ends."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from judge.engines import EngineUnavailable
from judge.engines.local import LocalEngine
from judge.runner.folders import Workplace
from judge.runner.process import CODE as ROOT
from judge.runner.process import ask_runner
from judge.runner.toolchains import find_toolchains
from judge.types import Limits, RunAnswer, RunJob
from tests.judge.running import here, needs, run, run_once

# Every usual way to read the input, and to use what a language offers: all print 6 or say so.
ADD = {
    "python: input": ("python", "print(sum(map(int, input().split())))"),
    "python: sys.stdin": ("python", "import sys\nprint(sum(map(int, sys.stdin.read().split())))"),
    "python: open(0)": ("python", "print(sum(map(int, open(0).read().split())))"),
    "python: /dev/stdin": ("python", "print(sum(map(int, open('/dev/stdin').read().split())))"),
    "python: /dev/stdout": ("python", "open('/dev/stdout', 'w').write('6')"),
    "python: a thread with a large stack": (
        "python",
        "import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(64 << 20)\n"
        "def down(n): return 6 if n == 0 else down(n - 1)\n"
        "thread = threading.Thread(target=lambda: print(down(50000)))\nthread.start()\nthread.join()",
    ),
    "python: a pool of threads": (
        "python",
        "from concurrent.futures import ThreadPoolExecutor as Pool\n"
        "with Pool(4) as pool: print(sum(pool.map(int, input().split())))",
    ),
    "python: the standard library": (
        "python",
        "import bisect, collections, decimal, fractions, functools, heapq, itertools, math, random\n"
        "import re, statistics, string, datetime, json, hashlib, array, typing, dataclasses\nprint(6)",
    ),
    "javascript: readFileSync(0)": (
        "javascript",
        "const text = require('fs').readFileSync(0, 'utf8');"
        "console.log(text.trim().split(' ').map(Number).reduce((a, b) => a + b))",
    ),
    "javascript: /dev/stdin": (
        "javascript",
        "const text = require('fs').readFileSync('/dev/stdin', 'utf8');"
        "console.log(text.trim().split(' ').map(Number).reduce((a, b) => a + b))",
    ),
    "javascript: lines": (
        "javascript",
        "const lines = require('readline').createInterface({input: process.stdin});"
        "lines.on('line', line => console.log(eval(line.replaceAll(' ', '+'))))",
    ),
    "javascript: for await": (
        "javascript",
        "(async () => { for await (const line of require('readline').createInterface("
        "{input: process.stdin})) console.log(eval(line.replaceAll(' ', '+'))) })()",
    ),
    "javascript: import": ("javascript", "import fs from 'fs'\nconsole.log(6)"),
    "cpp: cin": (
        "cpp",
        "#include <iostream>\nint main() { int a, b, c; std::cin >> a >> b >> c; std::cout << a + b + c; }",
    ),
    "cpp: freopen": (
        "cpp",
        '#include <cstdio>\n#include <iostream>\nint main() { freopen("/dev/stdin", "r", stdin);'
        " int a, b, c; std::cin >> a >> b >> c; std::cout << a + b + c; }",
    ),
    "cpp: bits, deep recursion, a thread": (
        "cpp",
        "#include <bits/stdc++.h>\n#include <future>\n"
        "int down(int n) { volatile char b[64]; b[0] = 0; return n ? down(n - 1) + b[0] : 6; }\n"
        "int main() { auto later = std::async(std::launch::async, [] { return 0; });"
        " std::cout << down(1000000) + later.get(); }",
    ),
    "java: Scanner": (
        "java",
        "import java.util.*;\npublic class Main { public static void main(String[] a) {"
        " Scanner s = new Scanner(System.in); System.out.println(s.nextInt() + s.nextInt() + s.nextInt()); } }",
    ),
    "java: reader, deep recursion, parallel": (
        "java",
        "import java.io.*;\nimport java.util.stream.*;\npublic class Main {\n"
        " static int down(int n) { return n == 0 ? 0 : down(n - 1); }\n"
        " public static void main(String[] a) throws IOException {\n"
        "  String line = new BufferedReader(new InputStreamReader(System.in)).readLine();\n"
        '  System.out.println(Stream.of(line.split(" ")).parallel().mapToInt(Integer::parseInt).sum() + down(50000));'
        " } }",
    ),
}

ENDS = {
    "exception": ("python", "print(1 / 0)", "runtime_error", "exit code 1"),
    "raised, not written": ("python", "raise SyntaxError('no')", "runtime_error", "exit code 1"),
    "bad JSON": ("javascript", "JSON.parse('{')", "runtime_error", "exit code 1"),
    "endless loop": ("python", "while True: pass", "time_limit", "processor time"),
    "threads that loop": (
        "python",
        "import threading\nfor _ in range(4): threading.Thread(target=lambda: exec('while 1: 1')).start()",
        "time_limit",
        "processor time",
    ),
    "waits": ("python", "import time; time.sleep(60)", "time_limit", "did not end within"),
    "too much memory": ("python", "b = b'x' * (400 << 20)", "memory_limit", "MiB of memory"),
    "too much output": ("python", "while 1: print('x' * 9999)", "output_limit", "bytes"),
    "null pointer": ("cpp", "int main() { int *p = 0; return *p; }", "runtime_error", "SIGSEGV"),
    "assertion": (
        "cpp",
        "#include <cassert>\nint main() { assert(1 == 2); }",
        "runtime_error",
        "SIGABRT",
    ),
    "resident beyond its limit": (
        "cpp",
        "#include <vector>\nint main() { std::vector<char> v(330 << 20, 1); return v[5] - 1; }",
        "memory_limit",
        "MiB of memory",
    ),
    "index": (
        "java",
        "public class Main { public static void main(String[] a) { int[] x = {}; x[1] = 1; } }",
        "runtime_error",
        "exit code 1",
    ),
}

REFUSED = {
    "python": ("python", "def f(:\n    pass", 'File "main.py", line 1'),
    "python, indentation": ("python", "if 1:\nprint(1)", "IndentationError"),
    "javascript": ("javascript", "let x = ;", "main.js:1"),
    "cpp": ("cpp", "int main() { return x; }", "main.cpp:1:21: error"),
    "java": ("java", "public class Main { x }", "Main.java:1: error"),
}


@pytest.mark.parametrize("name", ADD)
def test_programs_read_and_write_in_every_usual_way(name):
    case = run_once(*ADD[name])
    assert (case.outcome, case.stdout.strip(), case.stderr) == ("ended", "6", "")
    assert case.cpu_ms > 0 and case.wall_ms > 0 and case.memory_kb > 1000 and case.exit_code == 0


@pytest.mark.parametrize("name", ENDS)
def test_each_way_to_fail_has_its_outcome(name):
    language, source, outcome, note = ENDS[name]
    limit = 1.0 if outcome != "time_limit" else 0.3
    case = run_once(language, source, cpu_seconds=limit)
    assert case.outcome == outcome and note in case.note, case


@pytest.mark.parametrize("name", REFUSED)
def test_a_source_that_cannot_be_read_is_a_compile_error(name):
    language, source, words = REFUSED[name]
    answer = run(language, source)
    assert answer.outcome == "compile_error" and words in answer.compile_output
    assert "/job-" not in answer.compile_output  # no path of ours


def test_each_input_has_its_own_process_and_result():
    answer = run(
        "python",
        "print(int(input()) * 2 if not vars().get('seen') else 0); seen = 1",
        "1",
        "x",
        "3",
    )
    assert [case.outcome for case in answer.cases] == ["ended", "runtime_error", "ended"]
    assert [case.stdout for case in answer.cases] == ["2\n", "", "6\n"]
    assert answer.engine == "local" and answer.language_version.startswith("Python 3")


def test_output_is_whole_up_to_its_limit_and_errors_are_cut():
    case = run_once(
        "python", "import sys; print('x' * 99999, end=''); sys.stderr.write('e' * 99999)"
    )
    assert (len(case.stdout), len(case.stderr)) == (99999, 8192)
    case = run_once("python", "print('x' * 100, end='')", output_bytes=99)
    assert (case.outcome, len(case.stdout)) == ("output_limit", 99)


def test_bytes_that_are_no_text_arrive_replaced():
    assert run_once("python", "import os; os.write(1, b'a\\xff\\x00b')").stdout == "a\ufffd\0b"


def test_input_that_nobody_reads_and_large_input_do_not_block():
    large = "7 " * 500_000
    assert run_once("python", "print('done')", large).stdout == "done\n"
    assert run_once("python", "print(len(input()))", large).stdout == "1000000\n"


def test_time_limits_are_kept_to_the_hundredth():
    case = run_once("python", "while True: pass", cpu_seconds=0.5)
    assert 500 <= case.cpu_ms <= 560


def test_a_time_limit_is_tried_once_more_alone():
    """A program that only loops until a moment: over its limit the first time, not the second."""
    until = time.time() + 0.8
    source = f"import time\nwhile time.time() < {until}: pass\nprint('quick')"
    case = run_once("python", source, cpu_seconds=0.4)
    assert (case.outcome, case.stdout) == ("ended", "quick\n")


def test_the_runner_ends_with_its_parent_and_takes_the_program_along():
    needs("python")
    job = RunJob("python", "import time\ntime.sleep(50)", ("",), Limits(cpu_seconds=20))
    code = (
        f"from judge.engines.local import *\nLocalEngine().run(RunJob.from_json({job.to_json()!r}))"
    )
    code = code.replace("'inputs': ('',)", "'inputs': ['']")
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    deadline = time.monotonic() + 20
    while not (found := sleeping_programs()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    deadline = time.monotonic() + 10
    while sleeping_programs() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sleeping_programs() == []


def sleeping_programs() -> list[str]:
    """Sandboxed Python programs that run now and are ours."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                folder = str((process / "cwd").readlink())
            except OSError:
                continue
            if b"main.py" in words and "/job-" in folder:
                source = Path(folder) / "main.py"
                if source.exists() and "time.sleep(50)" in source.read_text():
                    found.append(process.name)
    return found


def test_nothing_stays_behind(tmp_path):
    """Neither of this job nor of one whose runner was killed an hour ago."""
    jobs = tmp_path / "jobs"
    forgotten = jobs / "job-forgotten"
    forgotten.mkdir(parents=True)
    os.utime(forgotten, (0, 0))
    tmp_path.chmod(0o755)
    job = json.dumps(RunJob("python", "print(1)", ("",)).to_json()).encode()
    ask_runner("run", job, seconds=30, folder=str(jobs))
    assert list(jobs.glob("job-*")) == []


def test_languages_that_are_missing_are_named_with_their_reason(monkeypatch, tmp_path):
    monkeypatch.setattr("judge.runner.toolchains.SEARCH_PATH", "/nonexistent")
    found = find_toolchains(workplace=Workplace.open(str(tmp_path / "jobs"), user=None))
    assert found["cpp"] == "g++ is not installed on this machine"
    assert found["java"] == "javac is not installed on this machine"


def test_tools_in_a_closed_folder_do_not_count_but_our_node_is_copied(monkeypatch, tmp_path):
    workplace = Workplace.open(str(tmp_path / "jobs"), user=64123)
    closed = tmp_path / "closed"
    closed.mkdir()
    for name in ("node", "g++"):
        (closed / name).write_text("#!/bin/sh\n")
        (closed / name).chmod(0o755)
    closed.chmod(0o700)
    monkeypatch.setattr("judge.runner.toolchains.SEARCH_PATH", str(closed))
    found = find_toolchains(node=str(closed / "node"), workplace=workplace)
    assert found["cpp"] == "g++ is in a folder that only its owner may read"
    copy = Path(found["javascript"].program)
    assert copy.parent == workplace.root and copy.stat().st_mode & 0o777 == 0o755
    assert find_toolchains(node=str(closed / "node"), workplace=workplace) == found


def test_a_folder_of_another_is_not_used(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        Workplace.open(str(tmp_path / "link"), user=None)
    if os.geteuid() == 0:
        (tmp_path / "theirs").mkdir()
        os.chown(tmp_path / "theirs", 1000, 1000)
        with pytest.raises(PermissionError):
            Workplace.open(str(tmp_path / "theirs"), user=None)


def test_a_runner_that_says_nonsense_or_nothing_is_away(monkeypatch):
    monkeypatch.setattr("judge.runner.process.sys.executable", "/bin/true")
    with pytest.raises(EngineUnavailable, match="gave no answer"):
        LocalEngine().run(RunJob("python", "", ("",)))
    probe = LocalEngine().probe()
    assert not probe.ok and "gave no answer" in probe.reason
    assert [status.available for status in probe.languages] == [False] * 4


def test_answers_travel_as_json():
    answer = run("python", "import os; os.write(1, bytes(range(256)))")
    assert RunAnswer.from_json(json.loads(json.dumps(answer.to_json()))) == answer
    with pytest.raises(ValueError, match="unknown outcome"):
        RunAnswer.from_json({**answer.to_json(), "outcome": "accepted"})


def test_the_runner_needs_the_standard_library_alone():
    files = [
        *(ROOT / "judge/runner").glob("*.py"),
        ROOT / "judge/types.py",
        ROOT / "judge/checkers.py",
    ]
    known = sys.stdlib_module_names | {"judge.runner", "judge.types", "judge"}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module]
            for name in names:
                first, _, rest = name.partition(".")
                assert first in known, (file, name)
                assert first != "judge" or rest.startswith(("runner", "types")), (file, name)


def test_the_probe_says_what_this_machine_has():
    probe = here()
    assert probe.ok, probe.reason
    assert probe.status_of("python").version.startswith("Python 3")
    assert probe.facts["landlock"] >= 1
