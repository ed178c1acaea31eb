from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock, retention


class Command(BaseCommand):
    help = "Remove what was kept long enough; --dry-run says how much. It also runs every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")
        parser.add_argument("--kinds", help="Names separated by commas; without it, all.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = [kind.name for kind in retention.kinds()]
        names = options["kinds"].split(",") if options["kinds"] else known
        if unknown := set(names) - set(known):
            raise CommandError(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(known)}.")
        dry, now = options["dry_run"], clock.now()
        report = (retention.plan if dry else retention.run)(now=now, names=names)
        for one in report:
            verb = "due" if dry else "removed"
            self.stdout.write(f"{one.rows:>8} {verb}  {one.label} ({one.name})")
        if failed := [one.name for one in report if one.failed]:
            raise CommandError(f"Stopped half-way, see the log: {', '.join(failed)}.")
