"""Other users of the machine reach neither the folder of data nor the embedded Valkey."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from config.env import close_to_others
from config.launcher.valkey import SECRET, valkey_password
from tests.launcher.processes import descendants_of, wait_until
from tests.servers.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def valkey(tmp_path):
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


def test_without_the_password_valkey_answers_nothing(valkey):
    for url in (f"redis://127.0.0.1:{valkey.port}/0", f"redis://:wrong@127.0.0.1:{valkey.port}/0"):
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis.from_url(url).ping()
    assert redis.Redis.from_url(valkey.url).ping()


def test_the_password_stands_in_no_command_line_and_no_log(valkey):
    password = valkey_password(valkey.folder)
    shown = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(valkey.process.pid)], capture_output=True, text=True
    ).stdout
    assert SECRET in shown and password not in shown
    assert password not in valkey.log.read_text()
    assert mode(valkey.folder / SECRET) == 0o600


def test_the_password_is_random_stays_and_is_mended(tmp_path):
    first = valkey_password(tmp_path)
    (tmp_path / SECRET).chmod(0o644)
    assert valkey_password(tmp_path) == first
    assert mode(tmp_path / SECRET) == 0o600
    (tmp_path / SECRET).write_text("")
    assert len(valkey_password(tmp_path)) >= 32
    assert valkey_password(tmp_path) != first


@pytest.mark.parametrize("before", [None, 0o755, 0o777, 0o700])
def test_the_folder_of_data_is_for_its_owner(tmp_path, before):
    var = tmp_path / "var"
    if before is not None:
        var.mkdir()
        var.chmod(before)
    subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(var)},
        check=True,
    )
    assert mode(var) == 0o700


def test_folders_of_the_system_are_left_alone(tmp_path):
    shared = tmp_path / "like-tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    close_to_others(shared)
    assert mode(shared) == 0o777 | stat.S_ISVTX
    before = mode(Path("/usr"))
    close_to_others(Path("/usr"))
    assert mode(Path("/usr")) == before


@pytest.mark.slow
@pytest.mark.timeout(360)
def test_make_run_keeps_its_data_and_its_valkey_to_itself(tmp_path):
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {"DATABASE_URL": "", "REDIS_URL": "", "DEBUG": "true", "ENVIRONMENT": "development"}
    env = {**os.environ, **clean, "VAR_DIR": str(var), "PORT": str(port), "LOG_LEVEL": "DEBUG"}
    console = (tmp_path / "console").open("w")
    started = subprocess.Popen(
        [sys.executable, "-m", "config.launcher"], cwd=ROOT, env=env, stdout=console, stderr=console
    )
    try:
        said = lambda: (tmp_path / "console").read_text()  # noqa: E731
        assert wait_until(lambda: "Etude is ready" in said(), seconds=240), said()
        password = valkey_password(var / "valkey")
        time.sleep(1)
        commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in descendants_of(started.pid)]
        assert any("valkey-server" in command for command in commands)
        assert not any(password in command for command in commands)
        logs = "".join(path.read_text() for path in (var / "log").iterdir())
        assert password not in logs + said()
        open_to_others = [
            str(p) for p in var.rglob("*") if mode(p) & 0o077 and "static" not in p.parts
        ]
        assert (mode(var), open_to_others) == (0o700, [])
    finally:
        started.terminate()
        started.wait(timeout=60)
