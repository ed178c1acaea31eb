"""Learn the table of function-word pairs again from a graded file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evaluation.local.prose import TABLE, learn
from evaluation.local.reading import blank_out
from evaluation.local.text import sentences
from evaluation.management.graded import graded_in


class Command(BaseCommand):
    help = "Learn evaluation/local/data/prose_bigrams.json from FILE (JSON lines, as SAF)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--execute", action="store_true", help="Write the table.")

    def handle(self, *args: Any, **options: Any) -> None:
        questions = graded_in(options["file"])
        table = learn(
            sentences(blank_out(text, numbers=True))
            for question in questions
            for text, _ in question.answers
        )
        if options["execute"]:
            TABLE.write_text(json.dumps(table, indent=0, sort_keys=True) + "\n", "utf-8")
        self.stdout.write(f"{len(table)} pairs{'' if options['execute'] else ' (dry run)'}")
