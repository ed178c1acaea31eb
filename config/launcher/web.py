"""The web server's command line, in one place for `make run` and for containers.

python -m config.launcher.web    # becomes granian on HOST:PORT
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from config.refusals import in_words


def web_command(host: str, port: int) -> list[str]:
    """granian: threads for the views, failed workers replaced.

    `--backpressure` counts open connections, idle ones too: 8 of them (as many as threads) would
    let two browsers lock everyone else out, so it is wide and the threads are the real bound.
    """
    from config.threads import server_threads

    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": os.environ.get("WEB_WORKERS", "2"),
        "--blocking-threads": str(server_threads()),
        "--backpressure": os.environ.get("WEB_CONNECTIONS", "512"),
        "--backlog": os.environ.get("WEB_BACKLOG", "1024"),
        "--workers-kill-timeout": "5",
        "--log-level": "error",
    }
    flags = ["--no-ws", "--respawn-failed-workers"]
    pairs = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "granian", *pairs, *flags, "config.wsgi:application"]


def main() -> None:
    from config.env import env

    with in_words():
        # Read once here: on settings that are not valid each worker would fail, again and again.
        import_module("config.settings")
        command = web_command(env.str("HOST", "127.0.0.1"), env.int("PORT", 8002))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
