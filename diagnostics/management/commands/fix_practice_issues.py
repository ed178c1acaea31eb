"""Repair what `diagnose_practice` finds: a dry run by default, undoable afterwards.

Exit codes for cron: 0 clean, 1 something to do (or left over), 2 could not run.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.errors import Invalid
from common.management.arguments import at_least_one, row_id
from diagnostics.management.running import (
    CLEAN,
    COULD_NOT_RUN,
    FINDINGS,
    exit_code_of,
    names_in,
    refuse_nobody,
)
from diagnostics.models import RepairRun, Trigger
from diagnostics.services.applying import apply_run
from diagnostics.services.repair import (
    RepairReport,
    get_run,
    not_as_wished,
    plan_repairs,
    report_of,
)
from diagnostics.services.undoing import undo_run


class Command(BaseCommand):
    help = "Plan repairs (default), apply them with --execute, take them back with --undo RUN."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--execute", action="store_true", help="apply; without it a dry run")
        parser.add_argument("--only", "--checks", default=None, help="check names, comma-separated")
        parser.add_argument("--user", type=row_id, default=None, help="only this user's id")
        parser.add_argument("--limit", type=at_least_one, help="at most so many repairs")
        parser.add_argument("--run", default=None, help="apply this earlier plan (with --execute)")
        parser.add_argument("--undo", default=None, metavar="RUN", help="write back what was there")
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(exit_code_of(lambda: self._run(options), stderr=self.stderr))

    def _run(self, options: dict[str, Any]) -> int:
        refuse_contradictions(options)
        refuse_nobody(options["user"])
        now = clock.now()
        if options["undo"] is not None:
            run = get_run(options["undo"])
            report = undo_run(run=run, now=now)
            self._show(run, report, options)
            return CLEAN if report.applied == 0 else FINDINGS
        if options["run"] is not None:
            run = get_run(options["run"])
        else:
            run = plan_repairs(
                trigger=Trigger.COMMAND,
                now=now,
                names=names_in(options["only"]),
                user_id=options["user"],
                limit=options["limit"],
            )
        if options["execute"]:
            progress = None if options["json"] else self._show_progress
            report = apply_run(run=run, now=now, progress=progress)
        else:
            report = report_of(run, now=now)
        self._show(run, report, options)
        if report.broken:
            return COULD_NOT_RUN
        left = report.remaining or report.failed if options["execute"] else report.planned
        return FINDINGS if left else CLEAN

    def _show_progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            filled = 30 * done // max(total, 1)
            bar = "█" * filled + "·" * (30 - filled)
            self.stderr.write(f"\r{bar} {done}/{total}", ending="\n" if done == total else "")

    def _show(self, run: RepairRun, report: RepairReport, options: dict[str, Any]) -> None:
        by_check = Counter(run.actions.order_by("pk").values_list("check_name", flat=True))
        if options["json"]:
            body = {"state": run.status, "by_check": by_check, **asdict(report)}
            self.stdout.write(json.dumps(body, default=str))
            return
        for name, count in by_check.items():
            self.stdout.write(f"{count:7}  {name}")
        self.stdout.write(
            f"Run {run.pk}: {report.planned} planned, {report.applied} applied, "
            f"{report.skipped} skipped, {report.failed} failed, {report.undone} undone."
        )
        for action in not_as_wished(run):
            self.stdout.write(f"{action.model} {action.row_pk}: {action.note}")
        for name, reason in report.broken.items():
            self.stdout.write(f"The check {name} broke: {reason}")
        for name, count in report.remaining.items():
            self.stdout.write(f"Still found: {count} {name}")
        if report.planned:
            self.stdout.write(
                "Nothing was changed. Apply this plan with: "
                f"manage.py fix_practice_issues --execute --run {run.pk}"
            )
        elif run.status == RepairRun.Status.PLANNED:
            self.stdout.write("Nothing to repair. What is mended by hand: diagnose_practice.")
        elif report.applied:
            self.stdout.write(f"Take it back with: manage.py fix_practice_issues --undo {run.pk}")


def refuse_contradictions(options: dict[str, Any]) -> None:
    """A plan is applied or undone as it is; to ignore a filter would do more than was asked."""
    for whole in ("undo", "run"):
        others = [name for name in ("run", "only", "user", "limit") if name != whole]
        given = [f"--{name}" for name in others if options[name] is not None]
        if options[whole] is not None and given:
            raise Invalid(f"--{whole} takes the plan as it is, without {' and '.join(given)}.")
