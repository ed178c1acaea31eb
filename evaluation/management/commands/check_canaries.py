"""Judge answers with known marks again, and fail when the judge has drifted from them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.canaries import check_canaries
from evaluation.models import Evaluation
from evaluation.naming import judge_name
from evaluation.providers import chosen_provider, judge_answer
from evaluation.types import Answer

LOCAL = Evaluation.Provider.LOCAL


class Command(BaseCommand):
    help = (
        "Judge the shipped answers with known marks by the judge that learners get, and exit with"
        " an error when outcome, word or a key point differs. A model is called once an answer,"
        " within its budgets; nobody's daily feedback is used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--local", action="store_true", help="The local check, whatever is configured."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON list only.")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = LOCAL.value if options["local"] else chosen_provider()
        is_local = provider == LOCAL
        results = []
        for result in check_canaries(
            lambda rubric, text: judge_answer(rubric, Answer(text), provider=provider),
            has_model=not is_local,
        ):
            results.append(result)
            if not options["json"]:
                told = "; ".join(result.drift) or "as marked"
                self.stdout.write(f"  {result.name:<28}{result.found:<28}{told}")
        if options["json"]:
            self.stdout.write(json.dumps([asdict(result) for result in results]))
        drifted = [result.name for result in results if result.drift]
        judge = LOCAL.label if is_local else judge_name()
        if drifted:
            count = f"{len(drifted)} of {len(results)}"
            raise CommandError(f"{judge}: {count} canaries drifted: {', '.join(drifted)}.")
        if not options["json"]:
            self.stdout.write(f"{judge}: all {len(results)} canaries as marked.")
