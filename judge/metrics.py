from __future__ import annotations

from prometheus_client import Counter

RUNS = Counter("etude_runs", "Code runs that came to an end, by verdict.", ["verdict"])


def count_run(verdict: str) -> None:
    RUNS.labels(verdict=verdict).inc()
