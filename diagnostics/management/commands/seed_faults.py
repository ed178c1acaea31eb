"""Seed known faults in a scratch database, to see them found and repaired."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from common import clock
from common.errors import DomainError
from common.management.arguments import at_least_one
from diagnostics.services.seeding import is_scratch, seed_faults


class Command(BaseCommand):
    help = (
        "Put known faults into a scratch database: one whose name contains “scratch” "
        "(DATABASE_URL=sqlite:///var/scratch.sqlite3). Refuses on any other."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", default=None, help="fault names, comma-separated")
        parser.add_argument(
            "--count", type=at_least_one, default=1, help="how many of each (default 1)"
        )
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        name = str(connection.settings_dict["NAME"])
        if not is_scratch(name):
            raise CommandError(f"“{name}” is no scratch database: its name must say “scratch”.")
        names = options["only"].split(",") if options["only"] else None
        try:
            made = seed_faults(names=names, count=options["count"], now=clock.now())
        except (LookupError, DomainError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(made))
            return
        for fault, count in made.items():
            self.stdout.write(f"{count:6}  {fault}")
        if "cache_consistency" in made and not settings.REDIS_URL:
            self.stdout.write("Without Redis the cache ends with this process.")
        self.stdout.write("Now look: manage.py diagnose_practice")
