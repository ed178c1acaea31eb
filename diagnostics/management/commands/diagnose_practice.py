"""Run every check. Exit codes for cron: 0 clean, 1 findings, 2 could not run."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.management.arguments import row_id
from diagnostics import registry
from diagnostics.management.running import (
    CLEAN,
    COULD_NOT_RUN,
    FINDINGS,
    exit_code_of,
    names_in,
    refuse_nobody,
)
from diagnostics.models import Trigger
from diagnostics.services.diagnose import diagnose, report
from diagnostics.types import Check, CheckResult

COLOURS = {"critical": "31;1", "high": "33;1", "medium": "33", "low": "32"}


class Command(BaseCommand):
    help = "Diagnose practice, interviews, tests, limits and plans. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--checks", "--only", default=None, help="names, comma-separated")
        parser.add_argument("--user", type=row_id, default=None, help="only this user's id")
        parser.add_argument("--list", action="store_true", help="only tell what checks there are")
        parser.add_argument("--json", action="store_true", help="print JSON only")
        parser.add_argument("--report", default=None, metavar="FILE", help="write a JSON report")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self.stdout.write(registry.table())
            return
        sys.exit(exit_code_of(lambda: self._run(options), stderr=self.stderr))

    def _run(self, options: dict[str, Any]) -> int:
        refuse_nobody(options["user"])
        run, results = diagnose(
            trigger=Trigger.COMMAND,
            now=clock.now(),
            names=names_in(options["checks"]),
            user_id=options["user"],
            progress=None if options["json"] else self._progress,
        )
        body = {"run_id": run.pk, "user_id": options["user"], **asdict(report(results))}
        if options["report"]:
            Path(options["report"]).write_text(json.dumps(body, indent=2, default=str))
        if options["json"]:
            self.stdout.write(json.dumps(body, default=str))
        else:
            if self.stderr.isatty():
                self.stderr.write("\r\x1b[K", ending="")
            for result in results:
                self._print_result(result)
            counts = ", ".join(f"{getattr(run, name)} {name}" for name in COLOURS)
            self.stdout.write(f"\n{len(results)} checks: {counts}. Run {run.pk}.")
        if any(r.error for r in results):
            return COULD_NOT_RUN
        return FINDINGS if any(r.count for r in results) else CLEAN

    def _progress(self, check: Check, number: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{number}/{total} {check.title}", ending="")

    def _print_result(self, result: CheckResult) -> None:
        severity = str(result.check.severity)
        word = self._color(severity.upper().ljust(8), COLOURS[severity])
        if result.error:
            self.stdout.write(f"{word} {result.check.name}: the check broke: {result.error}")
        elif result.count == 0:
            self.stdout.write(f"{self._color('OK'.ljust(8), '32')} {result.check.title}")
        else:
            by_hand = result.check.by_hand
            remedy = f"by hand: {by_hand}" if by_hand else "can be repaired"
            self.stdout.write(f"{word} {result.check.title}: {result.count} ({remedy})")
            for problem in result.problems[:3]:
                self.stdout.write(f"           {problem.model} {problem.pk}: {problem.note}")

    def _color(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.stdout.isatty() else text
