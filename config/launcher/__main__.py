"""`python -m config.launcher`: web, workers, beat and Valkey under one process (see `make run`)."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import BASE_DIR, env
from config.launcher.ask import status_of
from config.launcher.code import LanguagesHere, code_worker
from config.launcher.data import bring_up_to_date
from config.launcher.lock import only_one
from config.launcher.supervisor import Child, Supervisor, say
from config.launcher.valkey import free_port, valkey_answers, valkey_command, valkey_url
from config.launcher.web import web_command
from config.refusals import in_words

READY_SECONDS = 60


def main() -> int:
    begun = time.monotonic()
    os.umask(0o077)  # what is written under var/ is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8002)
    var = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).absolute()
    refuse_a_taken_port(host, port)
    lock = only_one(var)

    os.environ.update(HOST=host, PORT=str(port), VAR_DIR=str(var))
    with in_words(code=1):
        done = bring_up_to_date()
    if done:
        say(f"data is up to date ({', '.join(done)})")
    supervisor = Supervisor(children(host, port, var), folder=var, env=dict(os.environ))
    try:
        supervisor.start()
        languages = LanguagesHere()
        if supervisor.wait_until_ready(READY_SECONDS):
            welcome(host, port, seconds=time.monotonic() - begun, languages=languages)
        elif not supervisor.stop_requests:
            say(f"still not ready after {READY_SECONDS} s; see {supervisor.logs}")
        supervisor.watch()
        say("stopping …")
    finally:
        supervisor.stop()
    lock.close()
    say("stopped")
    return 0


def children(host: str, port: int, var: Path) -> list[Child]:
    """In the order of starting; they are stopped in the opposite order. Where no REDIS_URL is
    given, a Valkey comes first and is named to the others."""
    celery = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    celery += ["-m", "celery", "--quiet", "--app", "config"]
    found = []
    if not env.str("REDIS_URL", ""):
        folder, own = var / "valkey", free_port()
        folder.mkdir(exist_ok=True)
        os.environ["REDIS_URL"] = valkey_url(folder, own)
        command = valkey_command(folder, own, keep=True)
        found.append(Child("valkey", command, ready=lambda: valkey_answers(folder, own)))
    return [
        *found,
        Child("web", web_command(host, port), ready=lambda: status_of(host, port, "/healthz") > 0),
        Child(
            "worker",
            [*celery, "worker", "--queues", "default,evaluation", "--concurrency", "2"]
            + ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
        ),
        code_worker(celery),
        Child("beat", [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"]),
    ]


def refuse_a_taken_port(host: str, port: int) -> None:
    """Refuse before anything is set up, with what to do about it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "a port is a number from 1 to 65535"
            advice = "Choose another address: make run HOST=127.0.0.1 PORT=8002"
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                advice = f"Stop what uses it or choose another port: make run PORT={port + 1}"
            sys.exit(f"Etude cannot listen on {host}:{port} ({reason}). {advice}")


def welcome(host: str, port: int, *, seconds: float, languages: LanguagesHere) -> None:
    from django.conf import settings

    python = Path(sys.executable)
    here = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    # As it can be typed here; its link names the port of this Etude.
    start_link = f"{'' if port == 8002 else f'PORT={port} '}{here} manage.py seed_demo_test"
    shown = f"[{host}]" if ":" in host else host
    lines = [f"Etude is ready after {seconds:.1f} s:  http://{shown}:{port}/"]
    if settings.DEBUG:
        lines += [
            "",
            "learner    premium learner  }",
            "learner2   free learner     }  password: etude-demo-people",
            "staff      staff, /admin/   }",
            f"candidate  {start_link} prints a start link",
        ]
    lines += ["", *languages.in_words(), "", "API: /api/docs    Stop: Ctrl-C"]
    print("\n" + "\n".join(f"  {line}" for line in lines) + "\n", flush=True)


if __name__ == "__main__":
    # Shells start background jobs with SIGINT ignored; restore it, so that Ctrl-C works.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main())
    except ImproperlyConfigured as error:
        sys.exit(f"Etude cannot start: {error}")
