"""Django has few threads of its own where beats wait in many."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from config.launcher.web import web_command
from config.threads import OwnThreads
from tests.threads import run_together


def test_django_runs_in_no_more_threads_than_it_was_given():
    seen, running, most = set(), [], []

    def application(environ, start_response):
        running.append(1)
        most.append(len(running))
        seen.add(threading.current_thread().name)
        time.sleep(0.02)
        running.pop()
        start_response("200 OK", [])
        return [environ["n"]]

    few = OwnThreads(application, count=3)
    answers = run_together([partial(few, {"n": n}, lambda *_: None) for n in range(20)])

    assert answers == [[n] for n in range(20)]
    assert max(most) == 3 == len(seen)


def test_a_failure_reaches_who_asked():
    def application(environ, start_response):
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        OwnThreads(application, count=1)({}, lambda *_: None)


@pytest.mark.parametrize(
    ("url", "fast", "threads"),
    [
        ("", "true", "5"),
        ("sqlite:////tmp/x.sqlite3", "true", "5"),
        ("postgres://u@h/d", "false", "5"),
        ("postgres://u@h/d", "true", "25"),
        ("postgresql://u@h/d", "true", "25"),
    ],
)
def test_the_server_has_many_threads_only_where_beats_wait_in_them(monkeypatch, url, fast, threads):
    names = {"DATABASE_URL": url, "FAST_BEATS": fast, "WEB_THREADS": "5", "WEB_BEATS": "20"}
    for name, value in names.items():
        monkeypatch.setenv(name, value)

    command = web_command("127.0.0.1", 1)

    assert command[command.index("--blocking-threads") + 1] == threads
