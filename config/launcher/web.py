"""The web server's command line, in one place for `make run` and for containers.

python -m config.launcher.web    # becomes granian on HOST:PORT
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

from config.refusals import in_words


def web_command(host: str, port: int) -> list[str]:
    from config.env import env

    threads = env.int("WEB_THREADS", 8)
    return granian_command(host, port, application="config.wsgi:application", threads=threads)


def granian_command(host: str, port: int, *, application: str, threads: int) -> list[str]:
    """Threads for the requests, failed workers replaced.

    `--backpressure` counts open connections, idle ones too: 8 of them (as many as threads) would
    let two browsers lock everyone else out, so it is wide and the threads are the real bound.
    """
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": os.environ.get("WEB_WORKERS", "2"),
        "--blocking-threads": str(threads),
        "--backpressure": os.environ.get("WEB_CONNECTIONS", "512"),
        "--backlog": os.environ.get("WEB_BACKLOG", "1024"),
        "--workers-kill-timeout": "5",
        "--log-level": "error",
    }
    flags = ["--no-ws", "--respawn-failed-workers"]
    pairs = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "granian", *pairs, *flags, application]


def become(command_of: Callable[[str, int], list[str]], *, needs_postgresql: bool = False) -> None:
    """Replace this process by the server. Settings are read once here: with invalid settings every
    worker would fail and be restarted without end."""
    from config.env import env

    with in_words():
        from config import settings

        if needs_postgresql and "sqlite" in settings.DATABASES["default"]["ENGINE"]:
            raise ImproperlyConfigured("This service needs PostgreSQL: set DATABASE_URL.")
        command = command_of(env.str("HOST", "127.0.0.1"), env.int("PORT", 8002))
    os.execv(command[0], command)


if __name__ == "__main__":
    become(web_command)
