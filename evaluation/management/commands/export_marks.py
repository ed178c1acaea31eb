"""Write staff's marks as files that `evaluate_dataset` reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.selectors.gold import gold_set


class Command(BaseCommand):
    help = (
        "Write the answers that staff marked into FOLDER: graded.jsonl, labelled.jsonl and "
        "rubrics.json, as evaluate_dataset reads them. They hold learners' texts and no names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        gold = gold_set()
        if not gold.labelled:
            raise CommandError("No answer has been marked yet; nothing was written.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, rows in (("graded", gold.graded), ("labelled", gold.labelled)):
                lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                (folder / f"{name}.jsonl").write_text(lines, "utf-8")
            rubrics = json.dumps(gold.rubrics, ensure_ascii=False, indent=1)
            (folder / "rubrics.json").write_text(rubrics, "utf-8")
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        self.stdout.write(
            f"{len(gold.labelled)} answers to {len(gold.rubrics)} questions. Look at them with\n"
            f"  manage.py evaluate_dataset {folder / 'graded.jsonl'}\n"
            f"  manage.py evaluate_dataset {folder / 'labelled.jsonl'}"
            f" --rubrics {folder / 'rubrics.json'}"
        )
