"""The author's lint: can every question of the bank be judged fairly? Exit code 1 when not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.local.lint import lint_choices, lint_question
from evaluation.local.vocabulary import shipped_vocabulary
from practice.bank_files import BANK_ROOT, SetFile, read_bank
from practice.bank_numbers import number_problems
from practice.bank_spelling import spelling_problems


class Command(BaseCommand):
    help = (
        "Check the question bank's files: reading, sample answers, key points, regression cases,"
        " numbers, spelling."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--root", type=Path, default=BANK_ROOT, help="Folder of YAML files.")
        parser.add_argument("slugs", nargs="*", help="Only these sets (default: all).")

    def handle(self, *args: Any, **options: Any) -> None:
        bank = read_bank(options["root"])
        problems = [str(problem) for problem in bank.problems]
        if unknown := set(options["slugs"]) - {one_set.slug for one_set in bank.sets}:
            raise CommandError(f"There is no set called {', '.join(sorted(unknown))}.")
        if not bank.sets and not problems:
            raise CommandError(f"There is no set below {options['root']}; nothing was checked.")
        questions = 0
        for one_set in bank.sets:
            if options["slugs"] and one_set.slug not in options["slugs"]:
                continue
            problems += [*_numbers(one_set), *spelling_problems(one_set)]
            for question in one_set.questions:
                questions += 1
                found = lint_question(
                    question.rubric(), cases=question.cases, vocabulary=shipped_vocabulary()
                )
                if one_set.is_open:
                    found += lint_choices(question.rubric(), question.choices)
                place = f"{one_set.slug}/{question.slug}"
                problems += [f"{place}: [{p.check}] {p.message}" for p in found]
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems in {questions} questions.")
        self.stdout.write(self.style.SUCCESS(f"{questions} questions, no problems."))


def _numbers(one_set: SetFile) -> list[str]:
    """What is wrong with a set's numbers; a design set must state some."""
    found = list(number_problems(one_set.numbers, one_set.prose))
    if one_set.kind == "design" and not one_set.numbers:
        found.append("states no numbers to compute")
    return [f"{one_set.slug}: [numbers] {message}" for message in found]
