"""Servers never outlive the process that asked for them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher.processes import children_of, gone, wait_until
from tests.servers import keeper
from tests.servers.keeper import Keeper

ASKER = """
import json
from tests.servers.keeper import Keeper
held = Keeper("valkey")
print(json.dumps([held.process.pid, held.urls]), flush=True)
held.process.wait()
"""


@pytest.fixture
def asker():
    process = subprocess.Popen(
        [sys.executable, "-c", ASKER], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    keeper_pid, _ = json.loads(process.stdout.readline())
    yield process, keeper_pid
    process.kill()
    process.wait()


def test_closing_stops_the_server_and_removes_its_folder():
    held = Keeper("valkey")
    servers = children_of(held.process.pid)
    assert servers
    folder = Path(f"/proc/{servers[0]}/cwd").readlink().parent
    assert folder.name.startswith(keeper.PREFIX)

    held.close()

    assert all(gone(pid) for pid in servers)
    assert not folder.exists()


def test_a_killed_asker_takes_its_servers_along(asker):
    process, keeper_pid = asker
    servers = children_of(keeper_pid)

    process.send_signal(signal.SIGKILL)

    assert wait_until(lambda: all(gone(pid) for pid in [keeper_pid, *servers]))


def test_what_a_killed_keeper_left_is_cleared_at_the_next_start(asker):
    _, keeper_pid = asker
    servers = children_of(keeper_pid)
    os.kill(keeper_pid, signal.SIGKILL)
    assert wait_until(lambda: not Path(f"/proc/{keeper_pid}").exists())

    keeper.clean_up_after_crashes()

    assert wait_until(lambda: all(gone(pid) for pid in servers))
