"""`python -m judge.runner serve`: jobs over HTTP for sites that keep code off their own machine.

GET /healthz  200 while it listens
GET /probe    what it can run, asked anew
POST /run     a job, answered when it has run; 503 while as many run as it may

All but the first want `Authorization: Bearer` with the shared secret of CODE_ENGINE_SECRET. Each
job has a process of its own, which knows neither the secret nor another job.
"""

from __future__ import annotations

import argparse
import contextlib
import hmac
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from judge.runner.process import MARGIN_SECONDS, PROBE_SECONDS, RunnerFailed, ask_runner
from judge.types import MalformedJob, RunJob

MOST_BYTES = 8 << 20
MOST_CONNECTIONS = 64
READ_SECONDS = 20.0
SHORTEST_SECRET = 32
CHUNK = 65536


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Server(ThreadingHTTPServer):
    """At most so many connections, at most so many jobs."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, secret: str, options: argparse.Namespace):
        super().__init__(address, Handler)
        self.secret = secret
        self.options = options
        self.jobs = threading.BoundedSemaphore(options.processes or max(1, _cores() - 1))
        self.connections = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self.connections.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.connections.release()


class Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = READ_SECONDS
    server_version, sys_version = "runner", ""

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._answer(200, b'{"status": "ok"}')
        else:
            self._guarded("/probe", self._probe)

    def do_POST(self) -> None:
        self._guarded("/run", self._run)

    def _guarded(self, path: str, action: Any) -> None:
        try:
            given = self.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self.server.secret}".encode()):
                raise Refused(401, "the shared secret is missing or wrong")
            if self.path != path:
                raise Refused(404, "no such address")
            self._answer(200, action())
        except Refused as refusal:
            self._answer(refusal.status, json.dumps({"error": str(refusal)}).encode())

    def _probe(self) -> bytes:
        return self._ask("probe", b"", seconds=PROBE_SECONDS)

    def _run(self) -> bytes:
        body = self._body()
        try:
            job = RunJob.from_json(json.loads(body))
        except (MalformedJob, ValueError, RecursionError) as error:
            raise Refused(400, f"malformed job: {error}") from error
        if not self.server.jobs.acquire(timeout=1.0):
            raise Refused(503, "as many jobs run as this machine may")
        try:
            return self._ask("run", body, seconds=job.budget_seconds + MARGIN_SECONDS)
        finally:
            self.server.jobs.release()

    def _ask(self, verb: str, body: bytes, *, seconds: float) -> bytes:
        options = self.server.options
        where = {"node": options.node, "folder": options.folder}
        try:
            said, errors = ask_runner(verb, body, seconds=seconds, **where)
        except RunnerFailed as error:
            raise Refused(500, str(error)) from error
        if not said:
            raise Refused(500, f"The runner gave no answer: {errors}")
        return said

    def _body(self) -> bytes:
        """Whoever drips, sends too much, or does not say how much it is, is cut off."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or len(length) > 12:
            raise Refused(411, "how long is it?")
        if int(length) > MOST_BYTES:
            raise Refused(413, f"at most {MOST_BYTES} bytes")
        until, data = time.monotonic() + READ_SECONDS, bytearray()
        while len(data) < int(length):
            try:
                part = self.rfile.read1(min(CHUNK, int(length) - len(data)))  # type: ignore[attr-defined]
            except TimeoutError:
                part = b""
            if not part or time.monotonic() > until:
                raise Refused(408, "the job did not arrive in time")
            data += part
        return bytes(data)

    def _answer(self, status: int, body: bytes) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        sys.stderr.write(f"{time.strftime('%H:%M:%SZ', time.gmtime())} {format % args}\n")


def serve(options: argparse.Namespace) -> int:
    secret = os.environ.get("CODE_ENGINE_SECRET", "")
    if len(secret) < SHORTEST_SECRET:
        sys.stderr.write(f"CODE_ENGINE_SECRET must have {SHORTEST_SECRET} characters or more.\n")
        return 2
    server = Server((options.host, options.port), secret=secret, options=options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stderr.write(f"listening on {options.host}:{server.server_address[1]}\n")
    sys.stderr.flush()
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


def _cores() -> int:
    return len(os.sched_getaffinity(0))
