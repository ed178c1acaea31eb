"""Lists and totals of practice logs: how they grow from ten thousand to a million logs.

    python -m bench.tracking_lists            # about three minutes, real PostgreSQL
    python -m bench.tracking_lists --small    # ten and thirty thousand logs, a minute

An ordinary learner has a hundred logs whatever the size of the table; one has 20,000. Rows are
inserted in random order, so that a learner's logs lie scattered over the table, as they do when
many people practice on the same days. Figures are medians over repeated calls of the selectors
that the pages and the API use, in one process, on a warm cache: they say how work grows, not what
a request over HTTP costs, nor what a cold disk does.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.tracking_ground import fill, start_database

ROUNDS = 30


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--small", action="store_true")
    sizes = [10_000, 30_000] if arguments.parse_args().small else [10_000, 100_000, 1_000_000]
    keeper = start_database()
    try:
        run(sizes)
    finally:
        keeper.close()
    return 0


def run(sizes: list[int]) -> None:
    results: dict[int, dict[str, tuple[float, int]]] = {}
    for size in sizes:
        started = time.perf_counter()
        fill(size)
        print(f"{size:,} logs in place after {time.perf_counter() - started:.0f} s", flush=True)
        results[size] = measure()
    print_growth(results)
    print_depth()


def calls(user: Any) -> dict[str, Callable[[], object]]:
    from datetime import timedelta

    from common import clock
    from tracking.models import Skill
    from tracking.selectors.analytics import analytics, overview
    from tracking.selectors.dashboard import dashboard_summary
    from tracking.selectors.days import current_streak
    from tracking.selectors.logs import filtered_logs
    from tracking.selectors.pages import page_of, skill_page
    from tracking.selectors.progress import skill_cards, today_of

    now = clock.now()
    today, skill = today_of(user, now), Skill.objects.filter(user=user).order_by("id")[0]
    month = {"date_from": today - timedelta(days=60), "date_to": today - timedelta(days=30)}
    return {
        "list, first page": lambda: page_of(filtered_logs(user), ""),
        "list of a skill": lambda: page_of(filtered_logs(user, skill_id=skill.pk), ""),
        "list of a span": lambda: page_of(filtered_logs(user, **month), ""),
        "skills page": lambda: (skill_cards(user, now=now), overview(user, now=now)),
        "skill page": lambda: skill_page(skill, user, now=now),
        "analytics": lambda: analytics(user, now=now),
        "dashboard": lambda: dashboard_summary(user, today),
        "flame of every page": lambda: current_streak(user, today),
    }


def measure() -> dict[str, tuple[float, int]]:
    """Median milliseconds and buffers touched, by learner and call."""
    from accounts.models import User

    found: dict[str, tuple[float, int]] = {}
    for who, pk in (("ordinary", 2), ("heavy", 1)):
        for name, call in calls(User.objects.get(pk=pk)).items():
            found[f"{who}: {name}"] = (median_ms(call), buffers_of(call))
    return found


def buffers_of(call: Callable[[], object]) -> int:
    """Shared buffers of all queries of a call: what a busy machine cannot blur."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    total = 0
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"])
            plan = cursor.fetchone()[0]
        plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        total += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return total


def median_ms(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def queries_of(call: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def print_growth(results: dict[int, dict[str, tuple[float, int]]]) -> None:
    from accounts.models import User

    sizes = list(results)
    counted = {
        f"{who}: {name}": queries_of(call)
        for who, pk in (("ordinary", 2), ("heavy", 1))
        for name, call in calls(User.objects.get(pk=pk)).items()
    }
    titles = "".join(f"{size:>20,}" for size in sizes)
    print(f"\n{'median ms and buffers at … logs':34}{titles}{'queries':>9}")
    for name, queries in counted.items():
        row = [results[size][name] for size in sizes]
        figures = "".join(f"{ms:11.2f} {buffers:>8}" for ms, buffers in row)
        print(f"{name:34}{figures}{queries:9}")


def print_depth() -> None:
    """The heavy learner's list at row 10 and at row 18,000, and which index answers what."""
    from accounts.models import User
    from tracking.models import PracticeLog
    from tracking.selectors.logs import filtered_logs

    heavy = filtered_logs(User.objects.get(pk=1)).newest_first()
    print()
    for row in (10, 18_000):
        place = heavy[row : row + 1].get()
        page = heavy.older_than(place.date_practiced, place.pk)[:21]
        ms = median_ms(lambda page=page: list(page.all()))  # type: ignore[misc]
        plan = explained(page)
        print(f"row {row:6,}: {ms:6.2f} ms, {plan['buffers']} buffers, {plan['indexes']}")
    totals = explained(_totals(PracticeLog.objects.filter(user_id=1)))
    print(f"totals of 20,000 logs: {totals['buffers']} buffers, {totals['indexes']}")


def _totals(logs: Any) -> Any:
    from django.db.models import Count, Sum

    return (
        logs.order_by("skill_id", "date_practiced")
        .values_list("skill_id", "date_practiced")
        .annotate(Count("duration_minutes"), Sum("duration_minutes"))
    )


def explained(queryset: Any) -> dict[str, Any]:
    """Buffers touched by a query, and how each of its scans reads."""
    text = queryset.explain(format="json", analyze=True, buffers=True)
    plan = json.loads(text)[0]["Plan"]
    return {
        "buffers": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        "indexes": ", ".join(scans(plan)),
    }


def scans(node: dict[str, Any]) -> list[str]:
    here = [f"{node['Node Type']} on {node.get('Index Name', node.get('Relation Name'))}"]
    found = here if "Scan" in node["Node Type"] else []
    return found + [scan for child in node.get("Plans", []) for scan in scans(child)]


if __name__ == "__main__":
    sys.exit(main())
