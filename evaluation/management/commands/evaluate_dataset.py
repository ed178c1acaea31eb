"""Check the local evaluator on answers that you graded yourself."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.local.labelled import labelled_report, read_labelled
from evaluation.local.measuring import judge_all, report
from evaluation.management.graded import graded_in

# A withheld answer that people gave this much is one that we should have judged.
HIGH_GRADE = 0.75
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
        " with scores 0..1, and show how well it agrees. With --rubrics FILE holds answers with"
        " labelled key points: {slug, quality, answer, levels, should_be_withheld}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--rubrics", type=Path, help="JSON, the labelled rubrics by slug.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object only.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rubrics"]:
            self._labelled(options["file"], options["rubrics"], only_json=options["json"])
            return
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
        good = Counter(one.withheld_reason for one in judged if one.score >= HIGH_GRADE)
        for reason, count in reasons.most_common():
            self.stdout.write(
                f"    {reason:<30}{count:>10}, of them {good[reason]} that people gave"
                f" {HIGH_GRADE} or more"
            )

    def _labelled(self, file: Path, rubrics: Path, *, only_json: bool) -> None:
        try:
            known = json.loads(rubrics.read_text("utf-8"))
            answers = read_labelled(file.read_text("utf-8").splitlines(), known)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except (ValueError, KeyError) as error:
            raise CommandError(f"{file}: {error}") from error
        numbers = labelled_report(answers)
        if only_json:
            self.stdout.write(json.dumps(numbers))
            return
        self.stdout.write(f"{file.name}: {numbers['n']} answers, {numbers['honest']} honest ones")
        for name in ("met", "met_or_partial"):
            words, both = name.replace("_", " "), numbers[name]
            self.stdout.write(
                f"  key points {words:<20} precision {both['precision']}, recall {both['recall']}"
            )
        self.stdout.write(
            f"  denied points: {numbers['denied']}, credited {numbers['denied_credited']}, shown as"
            f" denied {numbers['denied_shown_as_such']}"
        )
        order = numbers["order"]
        self.stdout.write(f"  the word is the intended one: {numbers['bands_exact']}")
        self.stdout.write(f"  pairs in order: {order['in_order']} of {order['pairs']}")
        self.stdout.write(
            f"  withheld falsely: {numbers['withheld_falsely']}, not withheld that should be:"
            f" {numbers['not_withheld']}"
        )
