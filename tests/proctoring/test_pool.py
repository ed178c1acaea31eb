"""With psycopg's pool on, beats and what they leave to Django lose no connection."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from functools import partial

import pytest
from django.db import connection

from config.launcher.web import granian_command
from sessions_app.proctoring.models import ProctoredSession
from tests.assessments.factories import token_for
from tests.proctoring.factories import SessionFactory
from tests.proctoring.real_services import Service, close_other_connections
from tests.threads import run_together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pool"),
]


@pytest.fixture
def service(tmp_path, monkeypatch):
    monkeypatch.setenv("WEB_WORKERS", "1")
    pooled = Service(tmp_path, DATABASE_POOL="true", WEB_WORKERS="1")
    pooled.command = granian_command(
        "127.0.0.1", pooled.port, application="tests.proctoring.pooled:application", threads=64
    )
    pooled.start()
    yield pooled
    pooled.kill()
    close_other_connections()


def pool_of(service: Service) -> dict[str, int]:
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    line.request("GET", "/pool")
    return json.loads(line.getresponse().read())


# All 64 together ask Django as fast as they can, which takes longer than the 2 s of `config.bounded`
# on a busy machine: a busy answer is tried again, as pages do. A lost connection stays lost.
MOST_TRIES = 10


def sit(service: Service, session: ProctoredSession, token: str, requests: range) -> Counter[int]:
    """Beats on one connection; each tenth request is one that Django answers."""
    statuses: Counter[int] = Counter()
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    path = f"/api/test-session/{session.pk}"
    for number in requests:
        if number % 20 == 7:
            request = ("GET", path, None, headers)
        elif number % 20 == 17:
            body = {"sections_completed": [f"s{number}"], "tab_id": "a", "sequence": number}
            request = ("PUT", f"{path}/progress", json.dumps(body), headers)
        else:
            request = ("PUT", f"{path}/heartbeat", "{}", headers)
        for _ in range(MOST_TRIES):
            line.request(*request)
            reply = line.getresponse()
            busy = b'"busy"' in reply.read() and reply.status == 503
            if not busy:
                break
            time.sleep(float(reply.headers["Retry-After"]))
        statuses[reply.status] += 1
    line.close()
    return statuses


@pytest.mark.parametrize("requests", [2_000, pytest.param(10_000, marks=pytest.mark.long)])
@pytest.mark.timeout(600)
def test_64_candidates_lose_no_pooled_connection(service, requests):
    sessions = [SessionFactory() for _ in range(64)]
    each = -(-requests // len(sessions))
    # Not all at once at what Django answers, as a room of people is not.
    calls = [
        partial(sit, service, s, token_for(s.candidate), range(n, n + each))
        for n, s in enumerate(sessions)
    ]

    answered: Counter[int] = sum(run_together(calls), Counter())
    assert answered == {200: each * len(sessions)}
    deadline = time.monotonic() + 10
    while (pool := pool_of(service))["pool_available"] != pool["pool_size"]:
        assert time.monotonic() < deadline, pool  # a sign of life may be under way, not longer
        time.sleep(0.1)
    assert pool["requests_num"] > requests / 12 and not pool.get("requests_errors")
