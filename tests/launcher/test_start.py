"""What `make run` and `make reset` refuse, each in one sentence and without a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.launcher.lock import only_one

ROOT = Path(__file__).resolve().parents[2]


def run(*module: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "SECRET_KEY": "",
            "DEBUG": "",
            **env,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "rmGnMBv48yuBYCsdE-guaFw7LhUeiUv9ZzGvx-SUog3EAsfszVCf767AcVHnYLwe",
    "ALLOWED_HOSTS": "etude.example.com",
}


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "abc"}, "PORT must be a number"),
        ({"PORT": "99999"}, "Etude cannot listen on 127.0.0.1:99999"),
        ({"HOST": "192.0.2.1"}, "Etude cannot listen on 192.0.2.1:8002"),
        ({"DEBUG": "perhaps"}, "DEBUG must be true or false"),
        ({"LIMIT_FREE_EVALUATION": "many"}, "LIMIT_FREE_EVALUATION must be a number"),
        ({"ENVIRONMENT": "production", "DEBUG": "true"}, "DEBUG must be off in production"),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY must be set"),
        (
            {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 40, "ALLOWED_HOSTS": "*"},
            "ALLOWED_HOSTS must name the hosts",
        ),
        (PRODUCTION, "production stands behind a proxy"),
        ({**PRODUCTION, "TRUSTED_PROXIES": "1"}, "production is reached by https"),
        ({**PRODUCTION, "WITHOUT_PROXY": "true"}, "production is reached by https"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be 0 or more"),
        ({"LIMIT_SIGN_UP": "many"}, "LIMIT_SIGN_UP must be like 30/h"),
    ],
)
def test_a_start_that_cannot_be_says_why(tmp_path, env, sentence):
    where = {"HOST": "127.0.0.1", "PORT": "8002", "VAR_DIR": str(tmp_path)}
    if not {"HOST", "PORT"} & env.keys():
        where["PORT"] = str(free_port())
    answer = run("config.launcher", **{**where, **env})

    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_port_in_use_is_named_with_another(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = run("config.launcher", HOST="127.0.0.1", PORT=str(port), VAR_DIR=str(tmp_path))

    assert answer.returncode == 1
    assert f"make run PORT={port + 1}" in answer.stderr


def test_reset_leaves_the_data_of_a_running_etude_alone(tmp_path):
    precious = tmp_path / "etude.sqlite3"
    precious.write_text("words")

    with only_one(tmp_path):
        answer = run("config.launcher.data", "--reset", VAR_DIR=str(tmp_path))

    assert answer.returncode == 1
    assert "Etude already runs" in answer.stderr
    assert precious.read_text() == "words"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    "told",
    [
        {"TRUSTED_PROXIES": "1", "SITE_URL": "https://etude.example.com"},
        {"WITHOUT_PROXY": "true", "WITHOUT_TLS": "true"},
    ],
)
def test_production_starts_behind_a_proxy_with_https_or_when_told_by_name(tmp_path, told):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, **PRODUCTION, "DEBUG": "", "VAR_DIR": str(tmp_path), **told},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
