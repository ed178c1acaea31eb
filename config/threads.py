"""Django in a few threads of its own, behind a server that has many.

A beat waits for the statement that it shares with others, and while it waits it costs nothing: the
more may wait, the more share. Each of Django's threads keeps a database connection and competes
for the interpreter: of those there are few. Only used where beats are answered in front of Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.env import env, flag

Application = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


def beats_are_fast() -> bool:
    """Whether this environment answers beats in front of Django."""
    url = env.str("DATABASE_URL", "")
    return flag("FAST_BEATS", default=True) and url.startswith(("postgres", "pgsql", "psql"))


def django_threads() -> int:
    return env.int("WEB_THREADS", 8)


def server_threads() -> int:
    """How many requests the server may have under way in one process."""
    return django_threads() + (env.int("WEB_BEATS", 56) if beats_are_fast() else 0)


class OwnThreads:
    """Runs an application in `count` threads, whichever thread asks. They start with the first
    request, so after any fork."""

    def __init__(self, application: Application, *, count: int) -> None:
        self.application = application
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="django")

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        return self._pool.submit(self.application, environ, start_response).result()
