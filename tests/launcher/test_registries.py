"""A package registry that takes the connection and stays silent is named, and given up in time."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ("install_and_build.py", "package.json", "package-lock.json")


@pytest.fixture
def silent():
    """Accepts (in the kernel's queue) and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        yield f"http://me:secret@127.0.0.1:{server.getsockname()[1]}/simple"


def start(command: list[str], registry: str, cwd: Path) -> subprocess.Popen[str]:
    names = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX")
    environment = {**os.environ, "HOME": str(cwd), **dict.fromkeys(names, registry)}
    environment["npm_config_registry"] = registry.replace("me:secret@", "")
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_set_up_gives_up_within_a_minute_and_says_who_did_not_answer(tmp_path, silent):
    home = tmp_path / "npm"
    home.mkdir()
    for name in FRONTEND:
        shutil.copy(ROOT / "frontend" / name, home)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    install = str(ROOT / "config" / "launcher" / "install.sh")

    begun = time.monotonic()
    running = [
        start([install, python, str(ROOT / "requirements.lock")], silent, tmp_path),
        start([sys.executable, "install_and_build.py"], silent, home),
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert time.monotonic() - begun < 60

    where = silent.replace("me:secret@", "")
    for process, words in zip(running, said, strict=True):
        assert process.returncode == 1
        assert f"the packages could not be had from {where}" in words
        assert "secret" not in words
