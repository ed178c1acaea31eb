"""What the shipped proxy passes on, refuses and says itself; a real nginx before servers that echo."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import time

import pytest

from tests.proxy.behind import ROOT, Echo, Proxy

BEAT = "/api/test-session/6f1c9a54-7f0e-4c8e-9d4e-0f6f5a3c2b10/heartbeat"

PARTNER = "https://partner.example"


@pytest.fixture(scope="module")
def web():
    echo = Echo("web")
    yield echo
    echo.stop()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, web):
    """A beats service too; the last test stops it."""
    beats = Echo("heartbeats")
    running = Proxy(
        tmp_path_factory.mktemp("proxy"),
        PROXY_WEB=web.address,
        PROXY_HEARTBEATS=beats.address,
        PROXY_CONNECTIONS_PER_ADDRESS="40",
        CORS_ALLOWED_ORIGINS=f"{PARTNER},https://other.example:8443",
    )
    running.start()
    running.beats = beats
    yield running
    running.stop()
    beats.stop()


def heard(answer):
    """Headers as the server behind got them; each name once."""
    pairs = answer.json()["headers"]
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)


def test_what_a_visitor_says_of_forwarding_is_replaced(proxy):
    answer = proxy.ask(
        "GET",
        "/",
        source="127.0.0.7",
        X__Forwarded__For="198.51.100.1, 198.51.100.2",
        X__Forwarded__Proto="http",
        X__Forwarded__Host="evil.example",
        X__Real__IP="198.51.100.1",
        Forwarded="for=198.51.100.1",
    )
    headers = heard(answer)
    assert headers["x-forwarded-for"] == headers["x-real-ip"] == "127.0.0.7"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == headers["host"] == f"localhost:{proxy.port}"
    assert "forwarded" not in headers


def test_names_with_an_underscore_are_dropped(proxy):
    """granian makes one WSGI key of X-Forwarded-Proto and X_Forwarded_Proto, and the last wins."""
    sent = {"X_Forwarded_Proto": "http", "X_Forwarded_For": "198.51.100.1", "X_Real_IP": "x"}
    headers = heard(proxy.ask("GET", "/", **sent))
    assert not [name for name in headers if "_" in name]
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-for"] == "127.0.0.1"


def test_a_good_reference_goes_through_and_another_is_replaced(proxy):
    assert heard(proxy.ask("GET", "/", X__Request__ID="abc.1"))["x-request-id"] == "abc.1"
    made = heard(proxy.ask("GET", "/", X__Request__ID="a b\tc"))["x-request-id"]
    assert len(made) == 32


def test_plain_http_leads_to_the_site_whatever_host_was_named(proxy):
    answer = proxy.plain("/accounts/login/?next=/x")
    assert answer.status == 308
    assert answer.headers["Location"] == f"{proxy.site}/accounts/login/?next=/x"


@pytest.mark.parametrize("path", ["/", "/api/nothing", BEAT])
def test_every_answer_says_once_to_come_by_https_only(proxy, path):
    told = proxy.ask("GET", path).headers.get_all("Strict-Transport-Security")
    assert told == ["max-age=7"]  # as the server behind says it


def test_old_tls_is_refused(proxy):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", proxy.port), 10) as bare,
        pytest.raises(ssl.SSLError),
    ):
        old.wrap_socket(bare)


def test_nothing_goes_on_before_the_body_is_whole(proxy, web):
    before = web.asked
    with proxy.raw() as line:
        line.sendall(
            b"POST /api/v1/skills HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"
        )
        for part in b"abcd":
            line.sendall(bytes([part]))
            time.sleep(0.1)
        assert web.asked == before
        line.sendall(b"e")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    assert web.asked == before + 1


def test_a_body_in_chunks_arrives_whole_and_measured(proxy):
    answer = proxy.ask("POST", "/", iter([b"x" * 70_000] * 10))
    assert answer.json()["length"] == 700_000
    headers = heard(answer)
    assert headers["content-length"] == "700000" and "transfer-encoding" not in headers


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_here(proxy, web, chunked):
    before = web.asked
    parts = [b"x" * (1 << 20)] * 22
    answer = _refused(proxy, "/api/v1/skills", iter(parts) if chunked else b"".join(parts))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"code":"too_large"' in answer and b"application/json" in answer
    assert b"Access-Control-Allow-Origin: https://partner.example\r\n" in answer
    assert b"Strict-Transport-Security: max-age=31536000\r\n" in answer
    assert web.asked == before


def _refused(proxy, path, body):
    """The answer that comes while the body is still being sent."""
    line = proxy.line()
    with contextlib.suppress(OSError):
        line.request("POST", path, body, {"Origin": PARTNER})
    told = b""
    try:
        while part := line.sock.recv(65536):
            told += part
            if told.endswith(b"}"):
                break
    except OSError:
        pass
    line.close()
    return told


def test_tests_and_candidates_are_told_success_false(proxy):
    told = _refused(proxy, BEAT.replace("heartbeat", "progress"), b"x" * (22 << 20))
    assert b'{"success":false,"error":"This request is too large."' in told


def test_headers_that_are_too_large_are_refused_here(proxy, web):
    before = web.asked
    assert proxy.ask("GET", "/", Cookie="x" * 20_000).status == 400
    assert proxy.ask("GET", "/?" + "x" * 20_000).status == 414
    assert proxy.ask("GET", "/", Cookie="x" * 12_000).status == 200
    assert web.asked == before + 1


@pytest.mark.slow
def test_a_header_that_never_ends_is_cut_off_in_time(proxy):
    with proxy.raw() as line:
        begun = time.monotonic()
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        line.settimeout(40)
        try:
            for _ in range(30):
                line.sendall(b"X-A: b\r\n")
                time.sleep(1)
        except OSError:
            pass
        assert time.monotonic() - begun < 25


def test_beats_and_saves_go_to_their_own_service(proxy):
    for verb in ("heartbeat", "activity", "progress"):
        path = BEAT.replace("heartbeat", verb)
        assert proxy.ask("PUT", path, "{}").json()["name"] == "heartbeats"
    assert proxy.ask("GET", BEAT).json()["name"] == "web"
    assert proxy.ask("PUT", BEAT + "/more", "{}").json()["name"] == "web"
    assert proxy.ask("PUT", "/api/test-session/x/complete", "{}").json()["name"] == "web"


def test_one_address_cannot_have_all_connections(proxy):
    """40 here, 512 as shipped; another address is served meanwhile."""
    lines = [proxy.raw() for _ in range(40)]
    for line in lines:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\na")
    end = time.monotonic() + 10
    while (answer := proxy.ask("GET", "/api/x", Origin=PARTNER)).status != 429:
        assert time.monotonic() < end
    assert answer.json()["code"] == "throttled" and answer.headers["Retry-After"] == "5"
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    stranger = proxy.ask("GET", "/api/x", Origin="https://stranger.example")
    assert stranger.status == 429 and "Access-Control-Allow-Origin" not in stranger.headers
    assert "Access-Control-Expose-Headers" not in stranger.headers
    assert proxy.ask("GET", "/api/x", source="127.0.0.2").status == 200
    for line in lines:
        line.close()


def test_its_log_holds_no_address_of_a_page(proxy):
    """The link to a test is its key."""
    proxy.ask("GET", "/t/secret-of-a-test?token=secret-too")
    end = time.monotonic() + 10
    while b" GET 200 " not in proxy.log.read_bytes():
        assert time.monotonic() < end
        time.sleep(0.1)
    assert b"secret" not in proxy.log.read_bytes()


def test_while_the_beats_service_is_away_web_takes_them(proxy):
    proxy.beats.stop()
    answers = [proxy.ask("PUT", BEAT, "{}") for _ in range(5)]
    assert {answer.json()["name"] for answer in answers} == {"web"}


def test_while_nobody_is_behind_it_says_so_in_the_shape_of_the_api(tmp_path):
    nobody = {"PROXY_WEB": "127.0.0.1:1", "PROXY_HEARTBEATS": "127.0.0.1:1"}
    alone = Proxy(tmp_path, CORS_ALLOWED_ORIGINS=PARTNER, **nobody)
    alone.start()
    try:
        beat, page = alone.ask("PUT", BEAT, "{}", Origin=PARTNER), alone.ask("GET", "/")
    finally:
        alone.stop()
    assert (beat.status, beat.headers["Retry-After"]) == (503, "5")
    assert beat.headers["Access-Control-Allow-Origin"] == PARTNER
    assert beat.json()["success"] is False and beat.json()["code"] == "unavailable"
    assert page.status == 503 and b"What you saved is safe." in page.body
    assert page.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SITE_URL": "http://etude.example.com"}, "SITE_URL must be the https address"),
        ({"SITE_URL": "https://e.example.com;}"}, "SITE_URL must be the https address"),
        ({"PROXY_WEB": "web:8002; evil"}, "PROXY_WEB must be a host and port"),
        ({"CORS_ALLOWED_ORIGINS": 'https://a";evil'}, "CORS_ALLOWED_ORIGINS must be like"),
    ],
)
def test_a_configuration_that_cannot_be_is_not_written(tmp_path, environment, words):
    env = {"PATH": "/usr/bin:/bin", "SITE_URL": "https://e.example.com", **environment}
    write = [sys.executable, "-m", "config.proxy", str(tmp_path)]
    done = subprocess.run(write, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "nginx.conf").exists()


def test_a_certificate_that_is_there_is_left_alone(tmp_path):
    tls = tmp_path / "mine"
    tls.mkdir()
    for name in ("fullchain.pem", "privkey.pem"):
        (tls / name).write_text("mine")
    env = {"PATH": "/usr/bin:/bin", "SITE_URL": "https://e.example.com", "PROXY_TLS": str(tls)}
    write = [sys.executable, "-m", "config.proxy", str(tmp_path)]
    subprocess.run(write, cwd=ROOT, env=env, check=True)
    assert (tls / "privkey.pem").read_text() == "mine"
    assert f"{tls}/fullchain.pem" in (tmp_path / "nginx.conf").read_text()
