"""Whether a service answers at its own address, asked of a real one."""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.health_probe import HealthProbe
from config.launcher.ask import status_of
from config.launcher.valkey import free_port


class Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def probe(server):
    return HealthProbe(partial(status_of, "127.0.0.1", server.server_port))


def test_a_server_that_answered_once_and_stops_counts_as_down(probe, server):
    assert probe.answers()
    server.shutdown()
    server.server_close()
    assert not probe.answers()


@pytest.mark.parametrize(("status", "served"), [(400, True), (404, True), (500, False)])
def test_a_refusal_is_an_answer_and_a_failure_is_none(probe, monkeypatch, status, served):
    assert probe.answers()
    monkeypatch.setattr(Answer, "status", status)
    assert probe.answers() is served


def test_where_nobody_ever_answered_proves_nothing():
    probe = HealthProbe(partial(status_of, "127.0.0.1", free_port()))
    assert probe.answers() and probe.answers()
