from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sessions_app.proctoring.simulation.run import Play, Report, play


class Command(BaseCommand):
    help = (
        "Play many candidates against the running server (drops, duplicates, two tabs, late "
        "beacons), then prove that every acknowledged answer is there. Makes candidates that stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.SITE_URL, help="The running server.")
        parser.add_argument("--candidates", type=int, default=200)
        parser.add_argument("--seconds", type=float, default=20.0)
        parser.add_argument("--pace", type=float, default=1.0, help="Seconds between requests.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--kill-children-of",
            type=int,
            metavar="PID",
            help="Kill a worker of this server process every ten seconds or so.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("url", "candidates", "seconds", "pace", "seed", "kill_children_of")
        report = play(Play(**{name: options[name] for name in names}))
        for line in _lines(report):
            self.stdout.write(line)
        if report.broken:
            raise CommandError(f"{len(report.broken)} promises were broken.")
        self.stdout.write("Every acknowledged answer is there, every session in its right state.")


def _lines(report: Report) -> list[str]:
    statuses = ", ".join(f"{status}: {count}" for status, count in report.statuses.items())
    return [
        f"{report.candidates} candidates, {report.requests} answers ({report.per_second} a second)",
        f"statuses {statuses}; without an answer {report.dropped}; workers killed {report.killed}",
        f"p50 {report.p50_ms} ms, p99 {report.p99_ms} ms; {report.acknowledged} acknowledged",
        *(f"BROKEN {words}" for words in report.broken[:50]),
    ]
