from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from common.management.arguments import at_least_one, seconds
from sessions_app.assessments.models import Assessment
from sessions_app.proctoring.simulation.run import Play, Report, play


class Command(BaseCommand):
    help = (
        "Play many candidates against the running server (drops, duplicates, two tabs, late "
        "beacons), then prove that every acknowledged answer is there. Makes candidates that stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.SITE_URL, help="The running server.")
        parser.add_argument(
            "--beats-url", default="", help="The heartbeats service, for beats and saves."
        )
        parser.add_argument("--candidates", type=at_least_one, default=200)
        parser.add_argument("--seconds", type=seconds, default=20.0)
        parser.add_argument("--pace", type=seconds, default=1.0, help="Seconds between requests.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--kill-children-of",
            type=int,
            nargs="+",
            default=[],
            metavar="PID",
            help="Kill a worker of one of these server processes every ten seconds or so.",
        )

        parser.add_argument(
            "--assessment",
            default="",
            metavar="TITLE",
            help="Answer the questions of this assessment with programs, run them, and wait for"
            " the scores. Needs a code worker.",
        )
        parser.add_argument(
            "--scores-within", type=seconds, default=600.0, help="Seconds to wait for scores."
        )
        parser.add_argument(
            "--flush-redis",
            action="store_true",
            help="Empty Redis half way, sign-ins included: test servers only.",
        )
        parser.add_argument(
            "--restore-with",
            type=Path,
            metavar="DIR",
            help="Dump the whole database on the way and restore it later, under open pages, with"
            " the pg_dump and pg_restore in DIR. Everybody's data goes back: test servers only.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for url in filter(None, (options["url"], options["beats_url"])):
            if not answers(url):
                raise CommandError(f"Nothing answers at {url}. Start Etude, or name --url.")
        if options["restore_with"] and connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL is dumped and restored.")
        names = ("url", "beats_url", "candidates", "seconds", "pace", "seed", "restore_with",
                 "scores_within", "flush_redis")  # fmt: skip
        wanted = {name: options[name] for name in names}
        assessment = Assessment.objects.filter(title=options["assessment"]).first()
        if options["assessment"] and assessment is None:
            raise CommandError(f"There is no assessment called {options['assessment']}.")
        children = tuple(options["kill_children_of"])
        report = play(Play(**wanted, assessment=assessment, kill_children_of=children))
        for line in _lines(report):
            self.stdout.write(line)
        if options["restore_with"] and not report.restored:
            raise CommandError("The database could not be restored.")
        broken = report.proof.broken
        if broken:
            for words in broken[:50]:
                self.stdout.write(f"  BROKEN {words}")
            raise CommandError(f"{len(broken)} promises were broken.")
        self.stdout.write("Every acknowledged answer is there, every session in its right state.")


def answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=20) as reply:  # noqa: S310 - the operator's own URL
            return bool(reply.status == 200)
    except (OSError, ValueError):
        return False


def _lines(report: Report) -> list[str]:
    proof = report.proof
    plays = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.plays.items())
    statuses = ", ".join(f"{count:,} x {status}" for status, count in report.statuses.items())
    states = ", ".join(f"{count} {state}" for state, count in proof.states.most_common())
    restored = [f"The database was restored under open pages: {report.sent_again:,} texts that it"
                " had lost were sent again."] if report.restored else []  # fmt: skip
    runs = [f"  {proof.runs:,} acknowledged runs of code and {proof.scores:,} scores: each run has"
            f" one verdict, each completed test its score. Median wait: {proof.waits[0]:.1f} s for"
            f" candidates' runs, {proof.waits[1]:.1f} s for scoring."]  # fmt: skip
    return [
        f"Played {report.candidates} candidates ({plays}).",
        f"{report.requests:,} requests answered, {report.per_second:,.0f} a second: {statuses};"
        f" p50 {report.p50_ms} ms, p99 {report.p99_ms} ms.",
        f"{report.dropped} requests lost their connection, {report.killed} worker processes were"
        " killed.",
        *restored,
        "",
        "What was compared with the database afterwards:",
        f"  {proof.saves:,} acknowledged saves of {proof.answers:,} answers: the last text of each"
        f" tab ({proof.texts:,} texts) is the answer or a later one of its tab is, or it was"
        f" replaced from the other tab and is kept ({proof.kept:,} of them).",
        f"  {proof.sections:,} acknowledged sections are finished.",
        f"  {proof.states.total()} sessions stand where their candidates left them: {states}."
        " Only active ones have a row of beats; what was handed in says so, within its deadline.",
        f"  {proof.moves:,} moves in the logs: each begins where the one before it ended.",
        f"  {proof.beacons} beacons that came after the hand-in changed nothing.",
        *(runs if proof.runs or proof.scores else []),
    ]
