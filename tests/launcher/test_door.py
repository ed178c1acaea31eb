"""Whether the server answers at its own door, asked of a real one."""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.door import Door
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
def door(server):
    return Door(partial(status_of, "127.0.0.1", server.server_port))


def test_a_door_that_answered_and_falls_silent_answers_no_more(door, server):
    assert door.answers()
    server.shutdown()
    server.server_close()
    assert not door.answers()


@pytest.mark.parametrize(("status", "served"), [(400, True), (404, True), (500, False)])
def test_a_refusal_is_an_answer_and_a_failure_is_none(door, monkeypatch, status, served):
    assert door.answers()
    monkeypatch.setattr(Answer, "status", status)
    assert door.answers() is served


def test_where_nobody_ever_answered_is_not_our_door():
    door = Door(partial(status_of, "127.0.0.1", free_port()))
    assert door.answers() and door.answers()
