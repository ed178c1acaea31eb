"""Etude's real services behind the real proxy: slow senders stop nobody, addresses are true."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from accounts.models import User
from common import clock
from sessions_app.proctoring.models import Outage, ServerHeartbeat, SessionEvent
from sessions_app.proctoring.web_heartbeat import EVERY_SECONDS
from tests.assessments.factories import token_for
from tests.factories import UserFactory
from tests.proctoring.factories import SessionFactory
from tests.proctoring.real_services import Service, close_other_connections
from tests.proxy.behind import Proxy, nginx

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL"),
]
# Straight to the web server a sender says what the proxy would.
SILENT = (
    b"POST /api/v1/skills HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup):
    """(proxy, web) with four threads in each of two workers, and the heartbeats service."""
    nginx()
    tmp_path = tmp_path_factory.mktemp("site")
    proxy = Proxy(tmp_path / "proxy")
    environment = {
        "TRUSTED_PROXIES": "1",
        "SITE_URL": proxy.site,
        "SECURE_SSL_REDIRECT": "true",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "WEB_THREADS": "4",
    }
    web = Service(tmp_path / "web", "web", **environment)
    heartbeats = Service(tmp_path / "beats", "heartbeats", **environment)
    proxy.environment |= {
        "PROXY_WEB": f"127.0.0.1:{web.port}",
        "PROXY_HEARTBEATS": f"127.0.0.1:{heartbeats.port}",
    }
    try:
        for service in (web, heartbeats, proxy):
            service.start()
        yield proxy, web
    finally:
        proxy.stop()
        web.kill()
        heartbeats.kill()


@pytest.fixture(scope="module", autouse=True)
def nobody_stays_connected(django_db_blocker):
    yield
    with django_db_blocker.unblock():
        close_other_connections()


class SlowSenders:
    """So many connections that send the beginning of a body and fall silent, as long as it runs:
    one that is closed is opened again."""

    def __init__(self, connect, count: int) -> None:
        self.connect, self.lines = connect, [self._open(connect) for _ in range(count)]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_open, daemon=True)
        self._thread.start()

    @staticmethod
    def _open(connect):
        line = connect()
        line.sendall(SILENT)
        line.settimeout(0.0)
        return line

    def _keep_open(self) -> None:
        while not self._ended.wait(0.5):
            for n, line in enumerate(self.lines):
                try:
                    closed = line.recv(1) == b""
                except (TimeoutError, BlockingIOError):
                    closed = False
                except OSError as error:
                    closed = "want" not in str(error).lower()  # TLS: nothing to read yet
                if closed:
                    with suppress(OSError):
                        self.lines[n] = self._open(self.connect)

    def end(self) -> None:
        self._ended.set()
        self._thread.join(timeout=20)
        for line in self.lines:
            line.close()


def test_two_hundred_silent_senders_slow_nobody_and_lengthen_no_test(site):
    proxy, _ = site
    session = SessionFactory()
    deadline = session.deadline
    beat, token = f"/api/test-session/{session.pk}/heartbeat", token_for(session.candidate)
    assert proxy.ask("PUT", beat, "{}", Authorization=f"Bearer {token}").status == 200
    attack = SlowSenders(proxy.raw, 200)
    began, times, answers = clock.now(), [], []
    try:
        while (clock.now() - began).total_seconds() < EVERY_SECONDS + 8:
            for path in ("/healthz", "/", "/accounts/login/"):
                asked = time.perf_counter()
                answers.append(proxy.ask("GET", path, timeout=20).status)
                times.append(time.perf_counter() - asked)
            time.sleep(0.5)
    finally:
        attack.end()
    times.sort()
    told = f"{len(times)} answers, median {times[len(times) // 2]:.3f} s, worst {times[-1]:.3f} s"
    print(told)  # noqa: T201
    assert set(answers) == {200} and len(answers) >= 45, told
    assert times[len(times) // 2] < 1, told
    assert ServerHeartbeat.objects.get(pk=ServerHeartbeat.Source.WEB).at > began
    session.refresh_from_db()
    assert session.deadline == deadline
    assert not Outage.objects.exists()
    assert not SessionEvent.objects.filter(type="time_given_back").exists()


def test_without_the_proxy_as_many_silent_senders_as_threads_stop_the_site(site):
    """Why production asks for it: granian has no time-out for bodies. Fails when it has one."""
    _, web = site
    assert web.ask("GET", "/healthz") == 200
    attack = SlowSenders(lambda: socket.create_connection(("127.0.0.1", web.port), 10), 24)
    try:
        time.sleep(1)
        begun = time.monotonic()
        assert web.ask("GET", "/healthz") == 0
        assert time.monotonic() - begun > 9
    finally:
        attack.end()


def test_guesses_count_by_the_address_that_the_proxy_hears(site):
    proxy, _ = site
    hashed = PBKDF2PasswordHasher().encode("secret-pass-1", "salt-of-a-test")
    User.objects.filter(pk=UserFactory(username="guessed").pk).update(password=hashed)

    def guess(password, source, **headers):
        body = f'{{"username": "guessed", "password": "{password}"}}'
        headers["Content__Type"] = "application/json"
        return proxy.ask("POST", "/api/auth/token", body, source=source, **headers).status

    told = [guess("x", "127.0.0.3", X__Forwarded__For=f"198.51.100.{n}") for n in range(7)]
    assert told == [401] * 5 + [429] * 2
    assert guess("secret-pass-1", "127.0.0.3", X_Forwarded_For="198.51.100.9") == 429
    assert guess("secret-pass-1", "127.0.0.4") == 200


def test_a_visitor_cannot_say_how_they_came(site):
    """Etude redirects what did not come by https, and believes only what the proxy says of it."""
    proxy, web = site
    assert proxy.ask("GET", "/", X_Forwarded_Proto="http", X__Forwarded__Proto="http").status == 200
    assert proxy.plain("/").status == 308
    cookie = proxy.ask("GET", "/accounts/login/").headers["Set-Cookie"]
    assert "Secure" in cookie


def test_a_candidates_beat_reaches_the_service_that_writes_in_batches(site):
    """And web when that is away."""
    proxy, web = site
    session = SessionFactory()
    beat, token = f"/api/test-session/{session.pk}/heartbeat", token_for(session.candidate)
    how = {"Authorization": f"Bearer {token}"}
    os.killpg(web.process.pid, signal.SIGSTOP)
    try:
        assert proxy.ask("PUT", beat, "{}", timeout=20, **how).status == 200
    finally:
        os.killpg(web.process.pid, signal.SIGCONT)
