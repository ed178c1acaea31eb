"""Put a backup back in place of the database. Exit codes: 0 done, 1 not wanted, 2 could not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from common import clock
from common.errors import Invalid
from diagnostics.management.running import CLEAN, FINDINGS, exit_code_of
from diagnostics.services.backups import (
    Backup,
    make_backup,
    read_backup,
    refuse_in_use,
    restore_backup,
    running_tests,
)


class Command(BaseCommand):
    help = "Replace the database by a backup; what is replaced is backed up first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a file that `backup` wrote")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--force", action="store_true", help="also while others use it")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(exit_code_of(lambda: self._run(**options), stderr=self.stderr, migrated=False))

    def _run(self, *, path: Path, yes: bool, force: bool, **_: Any) -> int:
        backup = read_backup(path)
        if backup.newer:
            raise Invalid(
                f"{path} was made by a newer Etude: this one does not know "
                f"{', '.join(backup.newer[:3])}. Install that release first."
            )
        if not force:
            refuse_in_use(now=clock.now())
        self._tell(backup)
        if not yes and input("Replace the database? [y/N] ").strip().lower() not in ("y", "yes"):
            self.stdout.write("Nothing was changed.")
            return FINDINGS
        before = make_backup(Path(settings.VAR_DIR) / f"before-restore-{clock.now():%Y%m%dT%H%M%S}")
        self.stdout.write(f"What was there is kept in {before.path}.")
        restore_backup(backup)
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("Restored. Start Etude, then run `manage.py diagnose_practice`.")
        return CLEAN

    def _tell(self, backup: Backup) -> None:
        self.stdout.write(f"{backup.path} was made on {backup.made_at:%Y-%m-%d at %H:%M:%S %Z}.")
        if backup.pending:
            self.stdout.write(f"It is {backup.pending} migrations older; they are applied to it.")
        if running := running_tests():
            self.stdout.write(
                f"{running} tests run now. A page that stays open sends again what the backup does "
                "not have; what a page that was closed saved since is gone. Deadlines are those of "
                "the backup, and the time without a server is given back."
            )
