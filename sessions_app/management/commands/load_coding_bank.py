from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import loading
from sessions_app.assessments.services.coding_bank import BANK, BadQuestion, load_coding_bank
from sessions_app.assessments.services.demo import ensure_demo_assessment


class Command(BaseCommand):
    help = (
        "Load the coding questions that ship with Etude. Safe to run again: nothing that was "
        "changed here is overwritten; conflicts are shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=BANK, help="Where the YAML files are.")
        loading.add_arguments(parser)
        parser.add_argument("--demo", action="store_true", help="Also make the demo assessment.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options["folder"].rglob("*.yaml")):
            raise CommandError(
                f"There is no question below {options['folder']}; nothing was loaded."
            )
        try:
            report = load_coding_bank(folder=options["folder"], take=options["take"])
        except BadQuestion as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Coding bank: {report.created} created, {report.updated} updated, {report.same} same, "
            f"{report.kept} kept as changed here."
        )
        loading.show_conflicts(report.conflicts, self.stderr)
        if options["demo"]:
            self.stdout.write(f"Assessment: {ensure_demo_assessment()}")
