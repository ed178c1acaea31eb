"""The two services' command lines."""

from __future__ import annotations

from config.launcher.heartbeats import heartbeats_command
from config.launcher.web import web_command
from tests.launcher.test_start import run


def test_beats_wait_in_many_threads_and_pages_in_few(monkeypatch):
    monkeypatch.setenv("WEB_THREADS", "5")
    monkeypatch.setenv("HEARTBEAT_THREADS", "70")
    threads = [
        command[command.index("--blocking-threads") + 1]
        for command in (web_command("127.0.0.1", 1), heartbeats_command("127.0.0.1", 1))
    ]
    assert threads == ["5", "70"]


def test_without_postgresql_the_heartbeats_service_says_what_it_needs(tmp_path):
    answer = run("config.launcher.heartbeats", VAR_DIR=str(tmp_path), PORT="1")
    assert answer.returncode == 2
    assert "needs PostgreSQL" in answer.stderr and "Traceback" not in answer.stderr
