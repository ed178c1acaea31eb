"""Learn the weights of words behind the local check from the question bank's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evaluation.local.lint import bank_vocabulary
from evaluation.local.vocabulary import TABLE
from practice.bank_files import BANK_ROOT, read_bank


class Command(BaseCommand):
    help = (
        "Count in how many prompts and sample answers of the bank each word stands. The table is"
        " part of the scoring: raise SCORING_VERSION with it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--root", type=Path, default=BANK_ROOT, help="Folder of YAML files.")
        parser.add_argument("--execute", action="store_true", help="Write it (else only count).")

    def handle(self, *args: Any, **options: Any) -> None:
        sets = read_bank(options["root"]).sets
        vocabulary = bank_vocabulary(q.rubric() for s in sets for q in s.questions)
        said = f"{len(vocabulary.frequencies)} words in {vocabulary.documents} texts"
        if options["execute"]:
            TABLE.write_text(vocabulary.to_json() + "\n", "utf-8")
            said += f", written to {TABLE}"
        self.stdout.write(f"{said}.")
