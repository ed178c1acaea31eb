"""Production starts on secrets that nobody guesses, and `check --deploy` has nothing to say of us."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config.keys import weakness
from config.launcher.valkey import free_port
from tests.servers.valkey import Valkey
from tests.test_secrets_in_logs import production

ROOT = Path(__file__).resolve().parents[1]


def check(folder: Path, *flags: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", *flags],
        cwd=ROOT,
        env=production(folder, **env),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "etude-development-secret-never-for-production"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "k" * 64}, "SECRET_KEY can be guessed: it repeats itself"),
        ({"SECRET_KEY": "change-me-9" + secrets.token_urlsafe(30)}, "it was written by hand"),
        ({"SECRET_KEY": "our site is not worth attacking, really."}, "letters of one case"),
        ({"SECRET_KEY": "aAbB1" * 6 + "aAbB2aAb"}, "too few different characters"),
        ({"SECRET_KEY_FALLBACKS": "k" * 64}, "SECRET_KEY_FALLBACKS can be guessed"),
        ({"METRICS_TOKEN": "metrics"}, "METRICS_TOKEN can be guessed: it has fewer than 20"),
        ({"DEBUG": "true"}, "DEBUG must be off in production"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "etude.example.com,*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "."}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": ".com"}, "every host of a top level"),
    ],
)
def test_production_refuses(tmp_path, env, sentence):
    answer = check(tmp_path, **env)

    assert answer.returncode != 0
    assert sentence in answer.stderr and "Traceback" not in answer.stderr
    for value in filter(lambda text: len(text) > 8, env.values()):
        assert value not in answer.stderr


def test_a_random_key_of_any_common_kind_is_taken():
    for _ in range(50):
        for make, size in ((secrets.token_urlsafe, 48), (secrets.token_urlsafe, 32)):
            assert weakness(make(size)) in {"", "it was written by hand"}
    taken = [weakness(secrets.token_hex(16)) == "" for _ in range(100)]
    assert sum(taken) > 95


def test_check_deploy_warns_of_nothing(tmp_path):
    answer = check(tmp_path, "--deploy", "--fail-level", "INFO")

    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout and "(2 silenced)" in answer.stdout


def test_a_key_of_before_still_opens_what_it_signed(settings):
    from django.core import signing

    settings.SECRET_KEY, old = secrets.token_urlsafe(48), settings.SECRET_KEY
    signed = signing.Signer(key=old, fallback_keys=[]).sign("x")
    with pytest.raises(signing.BadSignature):
        signing.Signer().unsign(signed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert signing.Signer().unsign(signed) == "x"


def test_the_composed_redis_asks_for_the_password_of_its_clients(tmp_path):
    """Its own configuration, read by the Valkey that is here."""
    import redis

    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    server = compose["services"]["redis"]
    password = secrets.token_hex(32)
    (config,) = server["configs"]
    text = compose["configs"][config["source"]]["content"]
    command = [part for part in server["command"] if part != "redis-server"]
    assert command == [config["target"]] and "requirepass" not in " ".join(server["command"])

    port = free_port()

    class Composed(Valkey):
        @property
        def url(self) -> str:
            return f"redis://:{password}@127.0.0.1:{self.port}/0"

        def command(self) -> list[str]:
            binary, _, *_flags = super().command()
            (self.folder / "redis.conf").write_text(filled(text, REDIS_PASSWORD=password))
            return [binary, str(self.folder / "redis.conf"), "--port", str(port)]

        def ready(self) -> bool:
            try:
                return bool(redis.Redis.from_url(self.url).ping())
            except redis.exceptions.ConnectionError:
                return False

    composed = Composed(tmp_path, port=port)
    composed.start()
    try:
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(port=port).ping()
        client = redis.Redis.from_url(composed.url)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        composed.stop()
    url = compose["x-etude"]["environment"]["REDIS_URL"]
    assert filled(url, REDIS_PASSWORD=password) == f"redis://:{password}@redis:6379/0"


def filled(text: str, **values: str) -> str:
    """As Compose puts variables in."""
    import re

    return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: values[found[1]], text)


def test_with_https_cookies_and_headers_are_strict(tmp_path):
    names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
             "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_REFERRER_POLICY",
             "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE")  # fmt: skip
    program = f"from config import settings; print([getattr(settings, n) for n in {names}])"
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=production(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    strict = ["__Host-etude_session", True, True, 31_536_000, True, "same-origin", True, "Lax"]
    assert said.strip() == str(strict)
