"""No log at any level holds what opens an account, a test or another server: every route is walked
with secrets in its path, query, headers and body."""

from __future__ import annotations

import inspect
import io
import json
import logging
import logging.config
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.debug import ExceptionReporter

from accounts.services.tokens import issue_token
from common import clock
from common.mail import NoMailServer
from common.redaction import redacted
from config import logs
from config.celery import app
from config.launcher.valkey import free_port
from config.launcher.web import web_command
from diagnostics.models import UserErrorReport
from sessions_app.assessments.services.candidates import create_candidate, invite
from tests.factories import UserFactory
from tests.launcher.processes import wait_until

ROOT = Path(__file__).resolve().parents[1]
OPENS_SOMETHING = re.compile(r"(^|_)(token|key|uidb36|uidb64|code|secret|signature)($|_)")
SECRET = "Zx9Qv7Lm2Kp4Rt8Wn5Bd"


def routes(resolver=None, before: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """(the route as it is written, its arguments) of everything that answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, dict(entry.pattern.regex.groupindex)


def filled(route: str, fill) -> str:
    """An address of this route; `fill(name)` gives the text of an argument."""
    address = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda found: fill(found[1]), route)
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: fill(found[1]), address)
    return "/" + re.sub(r"[\^$]|\\Z|\(\?:.*?\)|\\", "", address)


def with_secrets(name: str) -> str:
    return SECRET if OPENS_SOMETHING.search(name) else "7"


EVERY_ROUTE = sorted({route for route, _ in routes()})
SECRET_ROUTES = sorted(
    route for route, names in routes() if any(OPENS_SOMETHING.search(name) for name in names)
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All loggers at DEBUG, through the formatter of production."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    wanted = logs.settings(level="DEBUG", debug=False)
    handler.setFormatter(logging.config.DictConfigurator(wanted).configure_formatter(
        dict(wanted["formatters"]["lines"])))  # fmt: skip
    named = [
        logging.getLogger(),
        *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict)),
    ]
    before = {one: one.level for one in named}
    for one in named:
        one.setLevel(logging.INFO if one.name in logs.VERBOSE_LOGGERS else logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)
    for one, level in before.items():
        one.setLevel(level)


def test_every_route_that_carries_a_secret_is_known():
    assert len(SECRET_ROUTES) >= 5
    for route in SECRET_ROUTES:
        address = filled(route, with_secrets)
        assert SECRET in address
        assert SECRET not in redacted(f"GET {address}"), route
        assert SECRET not in redacted(json.dumps({"next": f"/accounts/login/?next={address}"}))


@pytest.mark.slow
@pytest.mark.django_db
def test_no_route_writes_a_secret_into_a_log(log):
    assert len(EVERY_ROUTE) > 150
    staff = Client(raise_request_exception=False)
    staff.force_login(UserFactory(admin=True))
    anonymous = Client(raise_request_exception=False, headers={"authorization": f"Bearer {SECRET}"})
    body = dict.fromkeys(("password", "password1", "login", "username", "token", "otp"), SECRET)
    for route in EVERY_ROUTE:
        address = filled(route, with_secrets)
        asked = f"{address}?token={SECRET}&key={SECRET}&code={SECRET}&password={SECRET}"
        anonymous.post(asked, json.dumps(body), content_type="application/json")
        if route in SECRET_ROUTES or not address.startswith("/admin/"):
            staff.post(asked, body)
        if route in SECRET_ROUTES:
            staff.get(asked)

    lines = log.getvalue().splitlines()
    assert len(lines) > len(EVERY_ROUTE)
    assert [line for line in lines if SECRET in line][:3] == []
    assert sum("request_finished" in line for line in lines) > len(EVERY_ROUTE)


@pytest.mark.django_db
def test_real_links_and_tokens_of_every_kind_stay_out(client, log, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    candidate = create_candidate(name="Kim", email="kim@example.com")
    invitation = invite(candidate=candidate, now=clock.now())
    _, token = issue_token(user=owner)
    client.get(invitation.path)
    client.get(invitation.path + "x")  # a 401 and its line
    client.get(invitation.path + "/nothing-here")  # a 404 and its line
    client.get("/api/auth/me", headers={"authorization": f"Bearer {token}"})
    client.get(f"/skills?{token}")
    client.post("/accounts/password/reset/", {"email": owner.email})
    (letter,) = mail.outbox
    (link,) = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", letter.body)
    client.get(link)
    client.get(link.rstrip("/") + "0/")
    logging.getLogger("anything").warning("%s and %r", link, {"password": "Tr0ub4dor"})
    try:
        raise ValueError(f"bad link {invitation.url}")
    except ValueError:
        logging.getLogger("anything").exception("failed")

    written = log.getvalue()
    assert "request_finished" in written and "failed" in written
    for secret in (invitation.token, token, link, link.split("/")[-2], "Tr0ub4dor"):
        assert secret not in written
    assert invitation.token[:20] not in written


@pytest.mark.django_db
def test_what_people_report_keeps_no_link(client):
    client.post(
        "/report-problem",
        {"request_id": "abc", "path": "/t/ct_WzEsMiwzXQ.signature-of-it", "note": "It failed"},
    )
    assert UserErrorReport.objects.get().path == "/t/***"


def test_error_pages_and_mails_show_no_settings_that_open_something(rf, settings):
    settings.REDIS_URL = f"redis://:{SECRET}@cache:6379/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    settings.DATABASES["default"]["PASSWORD"] = SECRET
    settings.METRICS_TOKEN = settings.EMAIL_HOST_PASSWORD = SECRET
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        report = ExceptionReporter(rf.get("/"), *sys.exc_info())
    assert SECRET not in report.get_traceback_html() and SECRET not in report.get_traceback_text()


def test_tasks_are_told_ids_alone():
    """What a worker logs of a message, and what waits in the broker, then opens nothing."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("tasks")
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert len(ours) >= 10
    for name, task in ours.items():
        told = set(inspect.signature(task.run).parameters)
        assert {one for one in told if not one.endswith("_id")} == set(), name


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("redis://:pa55@cache:6379/0 is away", "redis://:***@cache:6379/0 is away"),
        ("postgres://me:pa55@db/etude", "postgres://me:***@db/etude"),
        ('{"new_password": "pa55", "id": 7}', '{"new_password": "***", "id": 7}'),
        ("Authorization: Bearer abcdefgh12345", "Authorization: *** ***"),
        ("GET /t/ct_abc.def?x=1", "GET /t/***?x=1"),
        ("/accounts/login/?next=%2Ft%2Fct_abcdefgh", "/accounts/login/?next=%2Ft%2F***"),
        ('{"code": 200, "path": "/skills"}', '{"code": 200, "path": "/skills"}'),
        ("user 7 has 3 tokens: two expired", "user 7 has 3 tokens: two expired"),
    ],
)
def test_what_is_taken_out_and_what_stays(text, kept):
    assert redacted(text).replace("Bearer ***", "*** ***").replace("*** *** ***", "*** ***") == kept


def test_a_line_of_json_stays_json():
    line = json.dumps({"request": 'GET /t/ct_"quoted"', "password": 'a "b" c', "code": 404})
    assert json.loads(redacted(line))["code"] == 404


def test_production_prints_no_mail(tmp_path):
    program = (
        "import django; django.setup();"
        "from django.core.mail import send_mail\n"
        f"try: send_mail('Subject', 'link {SECRET}', None, ['a@example.com'])\n"
        "except OSError as error: print('refused:', error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=production(tmp_path, EMAIL_URL=""),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "refused: No mail server" in done.stdout, done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert NoMailServer(fail_silently=True).send_messages([mail.EmailMessage()]) == 0


@pytest.mark.slow
def test_the_web_server_writes_no_link_either(tmp_path):
    """Granian with everything at DEBUG, the way production logs."""
    port, said = free_port(), tmp_path / "said"
    env = production(
        tmp_path, LOG_LEVEL="DEBUG", WEB_WORKERS="1", HTTPS="false", WITHOUT_TLS="true"
    )
    with said.open("w") as output:
        server = subprocess.Popen(
            web_command("127.0.0.1", port), env=env, cwd=ROOT, stdout=output, stderr=output
        )
        try:
            import http.client

            def status(path: str) -> int:
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                line.request(
                    "GET", path, headers={"Host": "localhost", "X-Forwarded-Proto": "https"}
                )
                return line.getresponse().status

            def is_up() -> bool:
                try:
                    return status("/healthz") == 200
                except OSError:
                    return False

            assert wait_until(is_up, seconds=40), said.read_text()
            for route in SECRET_ROUTES:
                status(filled(route, with_secrets))
            status(f"/no-such-page/?token={SECRET}")
        finally:
            server.terminate()
            server.wait(timeout=20)
    written = said.read_text()
    assert "request_finished" in written
    assert SECRET not in written


def production(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a production that starts, over an empty SQLite file."""
    import secrets

    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "TRUSTED_PROXIES": "1",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3",
        **more,
    }
