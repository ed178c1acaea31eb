"""The engines on the network: the real runner over HTTP, and servers that answer as others' do."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
from django.test import override_settings

from judge.engines import EngineUnavailable, current_engine
from judge.engines.judge0 import Judge0Engine
from judge.engines.piston import PistonEngine
from judge.engines.remote import RemoteEngine
from judge.runner.process import CODE
from judge.types import Limits, RunJob
from tests.judge.imitations import Imitation, imitating, judge0, piston
from tests.judge.running import needs

SECRET = "a-secret-that-only-both-ends-know-7f3a"
ADD = "print(sum(map(int, input().split())))"
BEHAVIOR = {
    "ended": ADD,
    "runtime_error": "print(1 / 0)",
    "time_limit": "while True: pass",
    "memory_limit": "b = b'x' * (400 << 20)",
}


@pytest.fixture(scope="module")
def runner() -> Iterator[str]:
    """`python -m judge.runner serve` on a free port, one job at a time."""
    needs("python")
    command = [sys.executable, "-m", "judge.runner", "serve", "--port", "0", "--processes", "1"]
    environment = {"PATH": os.environ["PATH"], "CODE_ENGINE_SECRET": SECRET}
    process = subprocess.Popen(
        command, cwd=CODE, env=environment, stderr=subprocess.PIPE, text=True
    )
    said = process.stderr.readline()
    threading.Thread(target=process.stderr.read, daemon=True).start()
    port = re.search(r":(\d+)$", said.strip()).group(1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def fake_judge0() -> Iterator[Imitation]:
    with imitating(judge0) as server:
        yield server


@pytest.fixture
def fake_piston() -> Iterator[Imitation]:
    with imitating(piston) as server:
        yield server


@pytest.fixture(params=["remote", "judge0", "piston"])
def engine(request):
    """Each engine with a server behind it that runs Python really."""
    if request.param == "remote":
        return RemoteEngine(request.getfixturevalue("runner"), secret=SECRET)
    if request.param == "judge0":
        return Judge0Engine(request.getfixturevalue("fake_judge0").url, secret=SECRET)
    return PistonEngine(request.getfixturevalue("fake_piston").url)


def job(source: str, *inputs: str, language: str = "python") -> RunJob:
    return RunJob(language, source, inputs or ("1 2\n",), Limits(cpu_seconds=0.5))


@pytest.mark.parametrize("outcome", BEHAVIOR)
def test_each_engine_tells_the_same_of_the_same_program(engine, outcome):
    answer = engine.run(job(BEHAVIOR[outcome]))
    assert answer.outcome == "ran" and answer.engine == engine.name
    assert answer.cases[0].outcome == outcome, answer
    if outcome == "ended":
        assert answer.cases[0].stdout == "3\n" and answer.cases[0].memory_kb > 1000


def test_each_engine_tells_syntax_errors_and_keeps_the_order_of_inputs(engine):
    answer = engine.run(job("def f(:"))
    assert answer.outcome == "compile_error" and "main.py" in answer.compile_output
    answer = engine.run(job(ADD, *(f"{n} 1" for n in range(23))))
    assert [case.stdout for case in answer.cases] == [f"{n + 1}\n" for n in range(23)]


def test_each_probe_names_all_four_languages(engine):
    probe = engine.probe()
    assert probe.ok and probe.engine == engine.name and len(probe.languages) == 4
    assert probe.status_of("python").available and probe.status_of("python").version


def test_expected_output_is_sent_to_nobody(fake_judge0, fake_piston):
    Judge0Engine(fake_judge0.url).run(job(ADD))
    PistonEngine(fake_piston.url).run(job(ADD))
    sent = json.dumps([fake_judge0.requests, fake_piston.requests])
    assert "expected" not in sent and "stdin" in sent


def test_what_an_engine_does_not_offer_is_said(fake_judge0, fake_piston):
    java = PistonEngine(fake_piston.url).probe().status_of("java")
    assert not java.available and java.reason == "Piston does not offer it."
    with pytest.raises(EngineUnavailable, match="does not offer"):
        PistonEngine(fake_piston.url).run(job("", language="java"))
    fake_judge0.script = lambda path: (200, b"[]")
    probe = Judge0Engine(fake_judge0.url).probe()
    assert not probe.ok and "none of the four" in probe.reason


def test_judge0_is_asked_for_the_newest_version_with_the_limits_of_the_case(fake_judge0):
    Judge0Engine(fake_judge0.url, secret="token").run(job(ADD))
    body = next(body for _, body in fake_judge0.requests if body)
    row = body["submissions"][0]
    assert (row["language_id"], row["cpu_time_limit"], row["wall_time_limit"]) == (92, 0.5, 3.5)
    assert row["memory_limit"] == 256 * 1024 and row["enable_network"] is False
    assert fake_judge0.headers["X-Auth-Token"] == "token"


def test_faults_of_theirs_are_never_the_programs(fake_judge0, fake_piston):
    def broken(path):
        if "tokens=" in path:
            token = path.partition("tokens=")[2].partition("&")[0]
            row = {"token": token, "status_id": 13, "message": "Tm8gc3BhY2U="}
            return 200, json.dumps({"submissions": [row]}).encode()
        return None

    fake_judge0.script = broken
    answer = Judge0Engine(fake_judge0.url).run(job(ADD))
    assert (answer.outcome, answer.reason) == ("internal_error", "No space")
    fault = {"run": {"stdout": "", "stderr": "", "code": None, "signal": None, "status": "XX"}}
    fake_piston.script = lambda path: (
        (200, json.dumps(fault).encode()) if "execute" in path else None
    )
    assert PistonEngine(fake_piston.url).run(job(ADD)).outcome == "internal_error"


NONSENSE = {
    "no JSON": (200, b"<html>Welcome</html>"),
    "another shape": (200, b'{"answer": 42}'),
    "a list of numbers": (200, b"[1, 2, 3]"),
    "null": (200, b"null"),
    "a text": (200, b'"accepted"'),
    "too deep": (200, b"[" * 100_000),
    "empty": (200, b""),
    "refused": (401, b'{"error": "no"}'),
    "broken": (500, b"Internal Server Error"),
    "busy": (503, b'{"error": "queue is full"}'),
    "elsewhere": (302, b""),
    "bytes": (200, bytes(range(256))),
}


ENDLESS = [float("nan"), float("inf"), -float("inf"), 1e12]
ODD_NUMBERS = [*ENDLESS, -1, "-0.5", "Infinity"]


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("make", [RemoteEngine, Judge0Engine, PistonEngine])
def test_nonsense_is_no_verdict(name, make):
    with imitating(piston) as server:
        server.script = lambda path: NONSENSE[name]
        engine = make(server.url, secret=SECRET)
        with pytest.raises(EngineUnavailable):
            engine.run(job(ADD))
        probe = engine.probe()
        assert not probe.ok and probe.reason


@pytest.mark.parametrize(
    "rows",
    [
        [{"token": "x"}],
        [{"token": "token-0", "status_id": "3", "stdout": "!!"}],
        [{"token": "token-0", "status_id": 3, "stdout": 7}],
        [{"token": "token-0", "status_id": 3, "time": "soon"}],
        *([{"token": "token-0", "status_id": 3, "time": odd}] for odd in ODD_NUMBERS),
        *([{"token": "token-0", "status_id": 3, "exit_code": odd}] for odd in ENDLESS),
        [{"token": "token-0"}],
        [],
        None,
    ],
    ids=str,
)
def test_results_of_judge0_that_make_no_sense_are_no_verdict(fake_judge0, rows):
    told = json.dumps({"submissions": rows}).encode()
    fake_judge0.script = lambda path: (200, told) if "tokens=" in path else None
    engine = Judge0Engine(fake_judge0.url)
    try:
        answer = engine.run(job(ADD))
    except EngineUnavailable:
        return
    assert answer.outcome == "internal_error"


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        *(("cpu_time", odd) for odd in ODD_NUMBERS),
        *(("memory", odd) for odd in (*ENDLESS[:3], -1, 1e30)),
        *(("code", odd) for odd in ENDLESS),
    ],
)
def test_numbers_of_piston_that_nobody_measured_are_no_verdict(fake_piston, name, odd):
    said = json.dumps({"run": {"stdout": "", "code": 0, name: odd}}).encode()
    fake_piston.script = lambda path: (200, said) if "execute" in path else None
    with pytest.raises(EngineUnavailable):
        PistonEngine(fake_piston.url).run(job(ADD))


@pytest.mark.parametrize("odd", ODD_NUMBERS)
def test_a_language_of_judge0_without_a_number_is_no_language(fake_judge0, odd):
    said = json.dumps([{"id": odd, "name": "Python (3.11.2)"}]).encode()
    fake_judge0.script = lambda path: (200, said) if "languages" in path else None
    assert not Judge0Engine(fake_judge0.url).probe().ok


def test_a_queue_that_never_moves_ends_with_the_budget(fake_judge0, monkeypatch):
    monkeypatch.setattr(RunJob, "budget_seconds", 1.5)
    waiting = {"submissions": [{"token": "token-0", "status_id": 2}]}
    fake_judge0.script = lambda path: (
        (200, json.dumps(waiting).encode()) if "tokens=" in path else None
    )
    begun = time.monotonic()
    with pytest.raises(EngineUnavailable, match="in time"):
        Judge0Engine(fake_judge0.url).run(job(ADD))
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("drips", [False, True])
def test_a_server_that_hangs_or_drips_is_left(drips, monkeypatch):
    monkeypatch.setattr("judge.engines.piston.ASK_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hold() -> None:
            connection, _ = server.accept()
            with connection:
                head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"
                try:
                    connection.sendall(head if drips else b"")
                    for _ in range(100):
                        connection.sendall(b" " if drips else b"")
                        time.sleep(0.1)
                except OSError:
                    pass

        threading.Thread(target=hold, daemon=True).start()
        begun = time.monotonic()
        engine = PistonEngine(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(EngineUnavailable, match="did not answer within 1 s"):
            engine.run(job(ADD))
        assert time.monotonic() - begun < 5


def test_an_endless_answer_is_left():
    with imitating(piston) as server:
        server.script = lambda path: (200, b" " * (5 << 20))
        with pytest.raises(EngineUnavailable, match="longer than"):
            PistonEngine(server.url).run(job(ADD))


def test_nobody_there_is_told_plainly():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    engine = RemoteEngine(f"http://127.0.0.1:{port}", secret=SECRET)
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        engine.run(job(ADD))
    assert "cannot be reached" in engine.probe().reason


def test_the_runner_wants_its_secret(runner):
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {SECRET}"}):
        assert httpx2.get(f"{runner}/probe", headers=headers).status_code == 401
        assert httpx2.post(f"{runner}/run", json={}, headers=headers).status_code == 401
    assert httpx2.get(f"{runner}/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"[" * 50_000, 400),
        (b'{"language": "bash", "source": "", "inputs": [], "limits": {}}', 400),
        (json.dumps({**job(ADD).to_json(), "inputs": [1]}).encode(), 400),
        (json.dumps({**job(ADD).to_json(), "limits": {"cpu_seconds": 1e9}}).encode(), 400),
        (b" " * (9 << 20), 413),
    ],
    ids=["empty", "list", "deep", "language", "inputs", "limits", "large"],
)
def test_the_runner_takes_nothing_on_trust(runner, body, status):
    headers = {"Authorization": f"Bearer {SECRET}"}
    try:
        reply = httpx2.post(f"{runner}/run", content=body, headers=headers)
    except httpx2.HTTPError:
        assert status == 413  # it closed while we still sent
        return
    assert reply.status_code == status and "error" in reply.json()


def test_a_busy_runner_says_so_and_runs_the_next_job_when_it_is_free(runner):
    engine = RemoteEngine(runner, secret=SECRET)
    long = threading.Thread(target=engine.run, args=(job("import time; time.sleep(3)"),))
    long.start()
    time.sleep(0.7)
    with pytest.raises(EngineUnavailable, match="503"):
        engine.run(job(ADD))
    long.join()
    assert engine.run(job(ADD)).cases[0].stdout == "3\n"


def test_programs_see_nothing_of_the_servers_secret(runner):
    source = "import os\nprint(os.environ)\ntry: print(open(f'/proc/{os.getppid()}/environ').read())\nexcept OSError: pass"
    answer = RemoteEngine(runner, secret=SECRET).run(job(source))
    assert answer.cases[0].outcome == "ended" and SECRET not in answer.cases[0].stdout


def test_a_runner_without_a_secret_does_not_start():
    command = [sys.executable, "-m", "judge.runner", "serve", "--port", "0"]
    environment = {"PATH": os.environ["PATH"], "CODE_ENGINE_SECRET": "short"}
    done = subprocess.run(
        command, cwd=CODE, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "32 characters" in done.stderr


@pytest.mark.parametrize(
    ("choice", "name"),
    [
        ("local", "local"),
        ("remote", "remote"),
        ("judge0", "judge0"),
        ("piston", "piston"),
        ("off", "off"),
    ],
)
def test_the_setting_chooses_the_engine(choice, name):
    with override_settings(
        CODE_ENGINE=choice, CODE_ENGINE_URL="http://runner:8010", CODE_ENGINE_SECRET=SECRET
    ):
        assert current_engine().name == name


def test_a_site_without_an_engine_runs_nothing():
    with override_settings(CODE_ENGINE="off"):
        assert not current_engine().probe().ok
        with pytest.raises(EngineUnavailable, match="does not run code"):
            current_engine().run(job(ADD))


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"CODE_ENGINE": "docker"}, "CODE_ENGINE must be"),
        ({"CODE_ENGINE": "judge0"}, "needs CODE_ENGINE_URL"),
        ({"CODE_ENGINE": "remote", "CODE_ENGINE_URL": "http://runner:8010"}, "32 characters"),
    ],
)
def test_settings_that_cannot_work_stop_the_start(environment, words):
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, cwd=CODE, env={**clean, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0 and words in done.stderr
