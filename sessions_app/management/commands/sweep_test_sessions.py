from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from sessions_app.proctoring.services.sweeping import SweepReport, plan_sweep, sweep_sessions
from sessions_app.proctoring.states import Method


class Command(BaseCommand):
    help = "Close proctored tests whose time or patience is over; the beat does it every 15 s."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")

    def handle(self, *args: Any, **options: Any) -> None:
        now, dry = clock.now(), options["dry_run"]
        report = plan_sweep(now=now) if dry else sweep_sessions(now=now)
        for line in _lines(report, dry=dry, now=now):
            self.stdout.write(line)
        if report.failed:
            raise CommandError(f"{len(report.failed)} could not be closed; see the log.")


def _lines(report: SweepReport, *, dry: bool, now: Any) -> list[str]:
    verb = "Would close" if dry else "Closed"
    lines = [f"{verb} {report.total} test sessions."]
    lines += [f"  {Method(name).label} ({name}): {n}" for name, n in sorted(report.closed.items())]
    if report.web_away_since:
        silent = (now - report.web_away_since).total_seconds()
        lines.append(
            f"Held back: no web process was heard of for {silent:.0f} s. When one returns, open"
            " tests get the lost time back; then sweeps go on."
        )
    if report.given_back_seconds:
        lines.append(f"Gave back {report.given_back_seconds:.0f} s: the server had been away.")
    if report.lag.oldest:
        lines.append(f"Behind by {(now - report.lag.oldest).total_seconds():.0f} s.")
    else:
        lines.append("Nothing was due: not behind.")
    return lines
