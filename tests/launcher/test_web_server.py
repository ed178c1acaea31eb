"""What only the real web server shows: it streams bodies, Django's test client does not."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from config.launcher.valkey import free_port
from config.launcher.web import web_command
from tests.launcher.processes import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    """Granian as `make run` starts it, over an empty SQLite file."""
    var, number = tmp_path_factory.mktemp("var"), free_port()
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{var}/empty.sqlite3",
        "REDIS_URL": "",
        "VAR_DIR": str(var),
        "WEB_WORKERS": "1",
    }
    server = subprocess.Popen(web_command("127.0.0.1", number), env=env)
    try:
        wait_until(lambda: answers(number), seconds=40)
        yield number
    finally:
        server.terminate()
        server.wait(timeout=20)


def answers(port: int) -> bool:
    try:
        return send(port, "GET", "/healthz") == 200
    except OSError:
        return False


def send(port: int, method: str, path: str, body: bytes = b"") -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request(method, path, body, {"Content-Type": "text/plain"})
        return line.getresponse().status
    finally:
        line.close()


@pytest.mark.parametrize("megabytes", [1, 8, 30])
def test_a_refusal_arrives_though_the_body_is_still_being_sent(port, megabytes):
    body = b"x" * (megabytes << 20)

    assert send(port, "POST", "/api/v1/skills", body) in {401, 413}
    assert send(port, "POST", "/api/nothing", body) in {404, 413}


def test_a_chunked_body_is_read(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    pieces = iter([b'{"user', b'name": "somebody"}'])
    headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    line.request("POST", "/api/auth/token", pieces, headers, encode_chunked=True)

    fields = json.loads(line.getresponse().read())["fields"]
    line.close()
    assert "password" in fields and "username" not in fields
