"""`manage.py load_question_bank`: the files under practice/question_bank into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import loading
from common.clock import now
from common.loading import Take
from practice import bank_cache
from practice.bank_files import BANK_ROOT, read_bank
from practice.services.bank import load_bank


class Command(BaseCommand):
    help = (
        "Load the question bank from its YAML files. Safe to repeat: sets and questions are known "
        "by their slugs, what disappeared from this folder is retired, nothing is deleted and "
        "nothing that was changed here is overwritten. Says what changed, and shows conflicts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=BANK_ROOT, help="Folder with the files.")
        parser.add_argument(
            "--check", action="store_true", help="Only read and validate; write nothing."
        )
        loading.add_arguments(parser)

    def handle(self, *args: Any, path: Path, check: bool, take: Take, **options: Any) -> None:
        reading = read_bank(path)
        if reading.problems:
            for problem in reading.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(reading.problems)} problem(s) found; nothing was loaded.")
        if not reading.sets:
            raise CommandError(f"There is no set below {path}; nothing was loaded.")
        if check:
            self.stdout.write(f"{len(reading.sets)} sets are well-formed.")
            return

        source = loading.source_of(path, shipped=BANK_ROOT)
        changes = load_bank(sets=reading.sets, now=now(), source=source, take=take)
        bank_cache.renew()
        for line in changes.lines:
            self.stdout.write(line)
        self.stdout.write(f"{len(reading.sets)} sets read, {changes.unchanged} unchanged.")
        loading.show_conflicts(changes.conflicts, self.stderr)
