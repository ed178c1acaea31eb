from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judge.engines import EngineUnavailable, current_engine
from sessions_app.assessments.services.bank_lint import lint_question
from sessions_app.assessments.services.coding_bank import (
    BANK,
    BadQuestion,
    bank_files,
    read_question,
)


class Command(BaseCommand):
    help = "Run the solutions of coding questions, slow and faulty ones too, against their cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=BANK, help="Where the YAML files are.")
        parser.add_argument("--only", default="", help="Slug of one question.")

    def handle(self, *args: Any, **options: Any) -> None:
        engine, bad = current_engine(), 0
        probe = engine.probe()
        if not probe.ok:
            raise CommandError(f"Code cannot be run here: {probe.reason}")
        for path in bank_files(options["folder"]):
            if options["only"] not in ("", path.stem):
                continue
            try:
                report = lint_question(read_question(path), engine=engine)
            except (BadQuestion, EngineUnavailable) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                f"{path.stem}: {report.killed} of {report.mutants} faulty copies fail"
            )
            for fault in report.faults:
                bad += 1
                self.stdout.write(f"  {fault}")
        if bad:
            raise CommandError(f"{bad} faults.")
