"""The supervisor restarts what dies and leaves nothing behind, whichever way it ends."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher.processes import gone, wait_until

# A small Etude: one child that works, one that forks, one that dies at once.
PROGRAM = """
import os, sys
from pathlib import Path
from config.launcher.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
note = "import os,sys,time;open(sys.argv[1],'a').write(str(os.getpid())+chr(10));"
def child(name, body):
    return Child(name, [sys.executable, "-c", note + body, str(folder / f"{name}.pids")])
children = [
    child("steady", "time.sleep(99)"),
    child("forks", "os.fork();open(sys.argv[1],'a').write(str(os.getpid())+chr(10));time.sleep(99)"),
]
if "weak" in sys.argv:
    children.append(child("weak", "print('no luck');sys.exit(3)"))
if "stubborn" in sys.argv:
    deaf = "import signal;signal.signal(signal.SIGTERM,signal.SIG_IGN);time.sleep(99)"
    children.append(child("stubborn", deaf))
if "talks" in sys.argv:
    (folder / "log").mkdir()
    (folder / "log" / "talks.log").symlink_to("/dev/full")
    body = "[print('word '*20) for _ in range(5000)];open(sys.argv[1]+'.end','w');time.sleep(99)"
    children.append(child("talks", body))
supervisor = Supervisor(children, folder=folder, env=dict(os.environ))
try:
    supervisor.start()
    print("started", flush=True)
    supervisor.watch()
finally:
    supervisor.stop()
"""


@pytest.fixture
def supervise(tmp_path):
    running = []

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), *words],
            stdout=(tmp_path / "console").open("w"),
            stderr=subprocess.STDOUT,
        )
        running.append(process)
        assert wait_until(lambda: len(pids(tmp_path, "forks")) > 1 and pids(tmp_path, "steady"))
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
    for pid in all_pids(tmp_path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def pids(folder: Path, name: str) -> list[int]:
    file = folder / f"{name}.pids"
    return sorted({int(line) for line in file.read_text().split()}) if file.exists() else []


def all_pids(folder: Path) -> list[int]:
    names = ("steady", "forks", "talks", "stubborn")
    return [pid for name in names for pid in pids(folder, name)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_children_and_grandchildren(supervise, tmp_path, how):
    process = supervise()

    process.send_signal(how)

    assert process.wait(20) == 0
    assert wait_until(lambda: all(gone(pid) for pid in all_pids(tmp_path)))


def test_a_killed_child_is_started_again_and_said(supervise, tmp_path):
    supervise()
    first = pids(tmp_path, "steady")

    os.kill(first[0], signal.SIGKILL)

    assert wait_until(lambda: len(pids(tmp_path, "steady")) == 2)
    assert "steady ended (killed by SIGKILL)" in (tmp_path / "console").read_text()


def test_a_child_that_keeps_dying_is_tried_less_and_less_often(supervise, tmp_path):
    supervise("weak")

    def console():
        return (tmp_path / "console").read_text()

    assert wait_until(lambda: "starting again in 2 s" in console())
    assert "weak ended (exit code 3)" in console()
    assert "no luck" in console()


def test_a_killed_supervisor_takes_children_and_grandchildren_along(supervise, tmp_path):
    process = supervise("stubborn")

    process.send_signal(signal.SIGKILL)

    assert wait_until(lambda: all(gone(pid) for pid in all_pids(tmp_path)))


def test_a_disk_that_is_full_stops_nobody_who_talks(supervise, tmp_path):
    """Who reads no more what a child says stops it at its next 64 KB."""
    supervise("talks")

    assert wait_until(lambda: (tmp_path / "talks.pids.end").exists())
    assert (tmp_path / "console").read_text().count("cannot be written") == 1
