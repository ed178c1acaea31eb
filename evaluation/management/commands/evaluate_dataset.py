"""Check the local evaluator on answers that you graded yourself."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evaluation.local.measuring import judge_all, report
from evaluation.management.graded import graded_in

WORDS = {
    "n": "answers",
    "pearson": "Pearson r with the human score",
    "spearman": "Spearman rho",
    "within_question_r": "r within questions",
    "rmse": "root mean square error",
    "withheld": "withheld by a guard",
}


class Command(BaseCommand):
    help = (
        "Run the local check on FILE, JSON lines {question, reference, answers: [{answer, score}]}"
        " with scores 0..1, and show how well it agrees."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="Print one JSON object only.")

    def handle(self, *args: Any, **options: Any) -> None:
        questions = graded_in(options["file"])
        judged = judge_all(questions)
        numbers = report(judged)
        if options["json"]:
            self.stdout.write(json.dumps(numbers))
            return
        self.stdout.write(f"{options['file'].name}: {len(questions)} questions")
        for name, words in WORDS.items():
            value = numbers[name]
            self.stdout.write(f"  {words:<32}{'–' if value is None else value:>10}")
        latency = numbers["latency_ms"]
        self.stdout.write(f"  {'milliseconds an answer, p50':<32}{latency['p50'] or 0:>10}")
        self.stdout.write(f"  {'milliseconds an answer, p95':<32}{latency['p95'] or 0:>10}")
        reasons = Counter(one.withheld_reason for one in judged if one.withheld_reason)
        for reason, count in reasons.most_common():
            self.stdout.write(f"    {reason:<30}{count:>10}")
