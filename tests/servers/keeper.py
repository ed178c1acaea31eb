"""Holds throw-away servers for as long as the process that asked for them lives.

The asker keeps the write end of a pipe that is our standard input. It closes the pipe to stop the
servers; when it dies in whatever way, the kernel closes it. Either way the servers are stopped
and their folder removed here. Should this process itself be killed, the next start cleans up.

    python -m tests.servers.keeper postgres valkey     # prints one line of JSON, Ctrl-C ends
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

if __package__ in (None, ""):  # run by path: the package may not be importable there
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config.launcher.valkey import ServiceFailed
from tests.servers.postgres import Postgres
from tests.servers.server import Server
from tests.servers.valkey import Valkey

PREFIX = "etude-services-"
KINDS: dict[str, tuple[str, type[Server]]] = {
    "postgres": ("DATABASE_URL", Postgres),
    "valkey": ("REDIS_URL", Valkey),
}


class Keeper:
    """The asker's side: `urls` maps DATABASE_URL and REDIS_URL; `close()` stops everything."""

    def __init__(self, *kinds: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), *kinds],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        answer = self.process.stdout.readline()
        if not answer:
            raise ServiceFailed(f"The servers {', '.join(kinds)} did not start; see above.")
        self.urls: dict[str, str] = json.loads(answer)

    def close(self) -> None:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait()


def main(kinds: list[str]) -> int:
    """Start, say where, wait for the asker to go, stop, remove."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    clean_up_after_crashes()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_short_tmp()))
    (folder / "keeper.pid").write_text(str(os.getpid()))
    folder.chmod(0o711)  # the user `nobody` passes through
    running: list[Server] = []
    try:
        urls = {KINDS[kind][0]: _start(kind, folder, running) for kind in kinds}
        print(json.dumps(urls), flush=True)
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    except ServiceFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        for server in reversed(running):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _start(kind: str, folder: Path, running: list[Server]) -> str:
    """Start one server, note its process for the clean-up, and print its URL."""
    home = folder / kind
    home.mkdir()
    server = KINDS[kind][1](home)
    running.append(server)
    server.start()
    (home / "server.pid").write_text(str(server.process.pid if server.process else 0))
    return server.url


def clean_up_after_crashes() -> None:
    """Stop and remove what a keeper that was killed outright left behind."""
    for folder in Path(_short_tmp()).glob(PREFIX + "*"):
        try:
            if _alive(int((folder / "keeper.pid").read_text())):
                continue
        except (OSError, ValueError):
            continue  # not ours to judge: another user's, or just being made
        for pid_file in folder.glob("*/server.pid"):
            _stop_orphan(int(pid_file.read_text() or 0), folder)
        shutil.rmtree(folder, ignore_errors=True)


def _stop_orphan(pid: int, folder: Path) -> None:
    """End a server by id, but only if it still is the one that works in this folder."""
    if pid and str(folder) in _command_line(pid):
        os.kill(pid, signal.SIGKILL)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        pass
    try:
        command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _short_tmp() -> str:
    """A temporary folder that every user can enter; a private TMPDIR would lock `nobody` out."""
    return "/tmp" if os.geteuid() == 0 else tempfile.gettempdir()  # noqa: S108


def _interrupt(_signum: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(KINDS)))
