"""Write the whole database to one file, and read that through. Exit codes: 0 done, 2 could not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from diagnostics.management.running import CLEAN, exit_code_of
from diagnostics.services.backups import make_backup


class Command(BaseCommand):
    help = "Back up the database to a new file, also while Etude runs; `restore` puts it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a file that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(exit_code_of(lambda: self._run(options["path"]), stderr=self.stderr))

    def _run(self, path: Path) -> int:
        backup = make_backup(path)
        self.stdout.write(f"{backup.path}: {filesizeformat(backup.size)}, read through and whole.")
        return CLEAN
