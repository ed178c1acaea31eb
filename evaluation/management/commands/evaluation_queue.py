"""Look at the evaluation queue, and send finished evaluations back to it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from common import clock
from common.management.arguments import at_least_one, day, row_ids
from evaluation import subjects
from evaluation.models import Evaluation
from evaluation.selectors.queue import queue_state
from evaluation.services.reevaluating import reevaluate

CHOOSING = (
    *("ids", "status", "provider", "kind", "owner", "prompt"),
    *("since", "until", "to", "execute"),
)
FINISHED = [s for s in Evaluation.Status.values if s not in Evaluation.OPEN]


class Command(BaseCommand):
    help = "Show the queue; with --reevaluate judge finished answers again (dry run by default)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reevaluate", action="store_true", help="Choose by filters.")
        parser.add_argument("--ids", type=row_ids, help="Comma-separated evaluation ids.")
        parser.add_argument("--status", choices=FINISHED, action="append")
        parser.add_argument("--provider", choices=Evaluation.Provider.values)
        parser.add_argument("--kind", choices=sorted(subjects.kinds()))
        parser.add_argument("--owner", help="User name of the learner.")
        parser.add_argument("--prompt", help="Prompt id that judged, for example judge-1.")
        parser.add_argument("--since", type=day, help="Asked on or after, UTC date.")
        parser.add_argument("--until", type=day, help="Asked before, UTC date.")
        parser.add_argument("--limit", type=at_least_one, default=1000)
        parser.add_argument("--to", choices=Evaluation.Provider.values, help="Judge by this one.")
        parser.add_argument("--dry-run", action="store_true", help="Only count (the default).")
        parser.add_argument("--execute", action="store_true", help="Really queue them again.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["execute"] and options["dry_run"]:
            raise CommandError("Choose --execute or --dry-run.")
        if not options["reevaluate"]:
            if given := [f"--{name}" for name in CHOOSING if options[name]]:
                raise CommandError(f"{' and '.join(given)} only with --reevaluate.")
            self._show()
            return
        rows = chosen(options)
        if not options["execute"]:
            count = min(rows.count(), options["limit"])
            self.stdout.write(f"{count} evaluations would be judged again. Add --execute to do it.")
            return
        limited = list(rows[: options["limit"]])
        report = reevaluate(evaluations=limited, provider=options["to"], now=clock.now())
        self.stdout.write(f"{report.queued} of {report.chosen} evaluations queued again.")

    def _show(self) -> None:
        state = queue_state(now=clock.now())
        for status in Evaluation.Status.values:
            self.stdout.write(f"{status:<12}{state.by_status.get(status, 0):>8}")
        for hold, count in sorted(state.by_hold.items()):
            self.stdout.write(f"  waiting: {hold:<20}{count:>8}")
        wait = f", oldest asked {state.oldest_wait} ago" if state.oldest_wait else ""
        self.stdout.write(f"due now {state.due}, of them with a silent worker {state.silent}{wait}")
        self.stdout.write(f"finished in the last hour: {state.finished_last_hour}")
        self.stdout.write(
            f"{state.judge}: {state.calls}; spent today ${state.spent_today:.2f}, this month "
            f"${state.spent_month:.2f} of ${state.budget_month:.2f}"
        )
        self.stdout.write(f"objections to look at: {state.open_objections}")


def chosen(options: dict[str, Any]) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.filter(status__in=options["status"] or FINISHED).order_by("pk")
    if options["ids"]:
        rows = rows.filter(pk__in=options["ids"])
    if options["owner"] and not get_user_model().objects.filter(username=options["owner"]).exists():
        raise CommandError(f"There is nobody called {options['owner']}.")
    same = {"provider": "provider", "kind": "kind", "owner": "owner__username"}
    same |= {"prompt": "prompt_id"}
    rows = rows.filter(**{field: options[name] for name, field in same.items() if options[name]})
    for name, lookup in (("since", "created_at__gte"), ("until", "created_at__lt")):
        if options[name]:
            rows = rows.filter(**{lookup: datetime.combine(options[name], time.min, UTC)})
    return rows
