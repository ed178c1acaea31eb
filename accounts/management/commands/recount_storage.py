"""Compares the counters of stored bytes with the rows, and sets them right with --execute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services import storage
from common.text import bytes_in_words


class Command(BaseCommand):
    help = "Compare what people's storage counters say with their rows; --execute corrects them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--execute", action="store_true", help="Correct what differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = storage.drifted()
        if options["execute"]:
            found = [storage.recount(user_id=one.user_id) for one in found]
        for one in found:
            before, after = (bytes_in_words(sum(x.values())) for x in (one.before, one.after))
            self.stdout.write(f"User {one.user_id}: counted {before}, stored {after}.")
        verb = "corrected" if options["execute"] else "to correct (with --execute)"
        self.stdout.write(f"{len(found)} {verb}.")
