"""`python -m config.launcher`: web, worker, beat and Valkey under one process (see `make run`)."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.launcher.ask import status_of
from config.launcher.lock import folder, only_one
from config.launcher.servers import free_port
from config.launcher.supervisor import Child, Supervisor, say
from config.launcher.valkey import Valkey
from config.launcher.web import web_command
from config.refusals import in_words

READY_SECONDS = 60


def main() -> int:
    begun = time.monotonic()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.env import BASE_DIR, env

    host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8002)
    var = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).absolute()
    refuse_a_taken_port(host, port)
    lock = only_one(var)

    os.environ.update(HOST=host, PORT=str(port), VAR_DIR=str(var))
    bring_data_up_to_date()
    valkey = None
    # After the data: its commands would ask a Valkey that does not run yet.
    if not env.str("REDIS_URL", ""):
        valkey = Valkey(folder(var / "valkey"), port=free_port(), keep=True)
        os.environ["REDIS_URL"] = valkey.url

    run(Supervisor(children(host, port, valkey), folder=var, env=dict(os.environ)), since=begun)
    lock.close()
    say("stopped")
    return 0


def run(supervisor: Supervisor, *, since: float) -> None:
    """Start everything, say when it answers, and watch over it until somebody asks for the end."""
    try:
        supervisor.start()
        if supervisor.wait_until_ready(READY_SECONDS):
            host, port = os.environ["HOST"], int(os.environ["PORT"])
            welcome(host, port, seconds=time.monotonic() - since)
        elif not supervisor.stopping:
            say(f"still not ready after {READY_SECONDS} s; see {supervisor.logs}")
        supervisor.watch()
        say("stopping …")
    finally:
        supervisor.stop()


def children(host: str, port: int, valkey: Valkey | None) -> list[Child]:
    """In the order of starting; they are stopped in the opposite order."""
    celery = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    celery += ["-m", "celery", "--quiet", "--app", "config"]
    found = [] if valkey is None else [Child("valkey", valkey.command(), ready=valkey.ready)]
    return [
        *found,
        Child("web", web_command(host, port), ready=lambda: status_of(host, port, "/healthz") > 0),
        Child(
            "worker",
            [*celery, "worker", "--queues", "default,evaluation", "--concurrency", "2"]
            + ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
        ),
        Child("beat", [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"]),
    ]


def bring_data_up_to_date() -> None:
    from config.launcher.data import bring_up_to_date

    with in_words(code=1):
        done = bring_up_to_date()
    if done:
        say(f"data is up to date ({', '.join(done)})")


def refuse_a_taken_port(host: str, port: int) -> None:
    """Say it before the set-up of anything, in words that help."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "a port is a number from 1 to 65535"
            sys.exit(f"Etude cannot listen on {host}:{port} ({reason}). {advice(error, port)}")


def advice(error: Exception, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Stop what uses it or choose another port: make run PORT={port + 1}"
    return "Choose another address: make run HOST=127.0.0.1 PORT=8002"


def welcome(host: str, port: int, *, seconds: float) -> None:
    from django.conf import settings

    shown = f"[{host}]" if ":" in host else host
    lines = [f"Etude is ready after {seconds:.1f} s:  http://{shown}:{port}/"]
    if settings.DEBUG:
        lines += [
            "",
            "learner    premium learner  }",
            "learner2   free learner     }  password: etude-demo",
            "staff      staff, /admin/   }",
            f"candidate  {seed_demo_test(port)} prints a start link",
        ]
    lines += ["", "API: /api/docs    Stop: Ctrl-C"]
    print("\n" + "\n".join(f"  {line}" for line in lines) + "\n", flush=True)


def seed_demo_test(port: int) -> str:
    """The command as it can be typed here; its link names the port of this Etude."""
    python = Path(sys.executable)
    here = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    return f"{'' if port == 8002 else f'PORT={port} '}{here} manage.py seed_demo_test"


if __name__ == "__main__":
    # A supervisor started in the background of a script must still hear Ctrl-C's signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main())
    except ImproperlyConfigured as error:
        sys.exit(f"Etude cannot start: {error}")
