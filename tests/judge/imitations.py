"""Servers on this machine that answer as Judge0 and Piston do, and run the code really.

`script` replaces an answer: it gets the path, and returns (status, body) or None for the usual
answer; it may also sleep. `requests` keeps what arrived.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from judge.types import Limits
from tests.judge.running import run

Script = Callable[[str], tuple[int, bytes] | None]


class Imitation(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Callable[[Imitation, str, Any], Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.script: Script = lambda path: None
        self.requests: list[tuple[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.made: dict[str, Any] = {}
        self.polls = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Imitation

    def do_GET(self) -> None:
        self._reply(None)

    def do_POST(self) -> None:
        self._reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _reply(self, body: Any) -> None:
        self.server.requests.append((self.path, body))
        self.server.headers = dict(self.headers)
        told = self.server.script(self.path)
        status, data = told or (
            200,
            json.dumps(self.server.answer(self.server, self.path, body)).encode(),
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def imitating(answer: Callable[[Imitation, str, Any], Any]) -> Iterator[Imitation]:
    server = Imitation(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


JUDGE0_LANGUAGES = [
    {"id": 48, "name": "C (GCC 7.4.0)"},
    {"id": 52, "name": "C++ (GCC 7.4.0)"},
    {"id": 54, "name": "C++ (GCC 9.2.0)"},
    {"id": 62, "name": "Java (OpenJDK 13.0.1)"},
    {"id": 63, "name": "JavaScript (Node.js 12.14.0)"},
    {"id": 70, "name": "Python (2.7.17)"},
    {"id": 71, "name": "Python (3.8.1)"},
    {"id": 92, "name": "Python (3.11.2)"},
]
STATUSES = {"ended": 3, "time_limit": 5, "runtime_error": 11, "memory_limit": 11, "output_limit": 7}


def judge0(server: Imitation, path: str, body: Any) -> Any:
    """The three addresses that the adapter asks; the first poll finds everything still waiting."""
    if path == "/languages":
        return JUDGE0_LANGUAGES
    if body is not None:
        tokens = [
            f"token-{len(server.made) + number}" for number in range(len(body["submissions"]))
        ]
        server.made.update(zip(tokens, body["submissions"], strict=True))
        server.polls = 0
        return [{"token": token} for token in tokens]
    server.polls += 1
    tokens = path.partition("tokens=")[2].partition("&")[0].split(",")
    if server.polls == 1:
        return {"submissions": [{"token": token, "status_id": 1} for token in tokens]}
    return {"submissions": [{"token": token, **_judged(server.made[token])} for token in tokens]}


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    source, text = (base64.b64decode(row[name]).decode() for name in ("source_code", "stdin"))
    limits = {"cpu_seconds": row["cpu_time_limit"], "memory_mib": row["memory_limit"] // 1024}
    answer = run("python", source, text, **limits)
    if answer.outcome == "compile_error":
        return {"status_id": 6, "compile_output": _packed(answer.compile_output)}
    case = answer.cases[0]
    return {
        "status_id": STATUSES[case.outcome],
        "stdout": _packed(case.stdout),
        "stderr": _packed(case.stderr),
        "message": _packed(case.note),
        "time": str(case.cpu_ms / 1000),
        "wall_time": str(case.wall_ms / 1000),
        "memory": case.memory_kb,
        "exit_code": case.exit_code,
        "exit_signal": case.signal,
    }


def _packed(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


PISTON_RUNTIMES = [
    {"language": "bash", "version": "5.1.0", "aliases": []},
    {"language": "python", "version": "3.10.0", "aliases": ["py"]},
    {"language": "c++", "version": "10.2.0", "aliases": ["g++"]},
]


def piston(server: Imitation, path: str, body: Any) -> Any:
    if path == "/api/v2/runtimes":
        return PISTON_RUNTIMES
    limits = Limits(
        cpu_seconds=body["run_cpu_time"] / 1000, memory_mib=body["run_memory_limit"] >> 20
    )
    answer = run("python", body["files"][0]["content"], body["stdin"], **vars(limits))
    told = {"language": body["language"], "version": body["version"]}
    if answer.outcome == "compile_error":
        said = {"stdout": "", "stderr": answer.compile_output, "code": 1, "signal": None}
        return {
            **told,
            "compile": said,
            "run": {"stdout": "", "stderr": "", "code": 1, "signal": None},
        }
    case = answer.cases[0]
    short = {"time_limit": "TO", "output_limit": "OL", "runtime_error": "RE"}.get(case.outcome)
    ran = {"stdout": case.stdout, "stderr": case.stderr, "code": case.exit_code}
    ran |= {
        "signal": "SIGKILL" if case.signal == 9 else None,
        "status": short,
        "message": case.note,
    }
    ran |= {"cpu_time": case.cpu_ms, "wall_time": case.wall_ms, "memory": case.memory_kb * 1024}
    return {**told, "run": ran}
