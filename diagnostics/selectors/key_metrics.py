"""The document's key metrics, for /metrics and the admin's start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.models import DailyUsage
from common import clock
from diagnostics.counters import counts
from diagnostics.models import DiagnosticRun, Finding, UserErrorReport
from diagnostics.selectors.attention import last_full_run


@dataclass(frozen=True)
class KeyMetrics:
    """Rates are shares 0–1, None while there is nothing to divide by."""

    creation_success_rate: float | None
    limit_accuracy: float | None
    ghost_sessions: int | None
    cache_hit_ratio: float | None
    user_error_reports_24h: int
    last_run_at: datetime | None

    def named(self) -> list[tuple[str, str, float | int | None]]:
        """(Prometheus name, words, value)."""
        return [
            (
                "etude_session_creation_success_rate",
                "Starts today that did not fail",
                self.creation_success_rate,
            ),
            ("etude_limit_accuracy", "Daily counts that are right", self.limit_accuracy),
            ("etude_ghost_sessions", "Ghosts in the last diagnosis", self.ghost_sessions),
            ("etude_cache_hit_ratio", "Cache reads that found something", self.cache_hit_ratio),
            (
                "etude_user_error_reports_24h",
                "Errors reported by people in 24 h",
                self.user_error_reports_24h,
            ),
        ]


def key_metrics(*, now: datetime) -> KeyMetrics:
    run = last_full_run()
    return KeyMetrics(
        creation_success_rate=_success_rate(now),
        limit_accuracy=_limit_accuracy(run),
        ghost_sessions=_found(run, "ghost_sessions", "ghost_interviews"),
        cache_hit_ratio=_hit_ratio(),
        user_error_reports_24h=UserErrorReport.objects.filter(
            created_at__gt=now - timedelta(days=1)
        ).count(),
        last_run_at=run.started_at if run else None,
    )


def _success_rate(now: datetime) -> float | None:
    today = counts(clock.utc_day(now)).values()
    total = sum(n for kind in today for n in kind.values())
    failed = sum(kind["failed"] for kind in today)
    return None if total == 0 else round(1 - failed / total, 4)


def _limit_accuracy(run: DiagnosticRun | None) -> float | None:
    drifted = _found(run, "limit_drift", "new_user_limits")
    total = DailyUsage.objects.count()
    return None if drifted is None or total == 0 else round(max(0.0, 1 - drifted / total), 4)


def _found(run: DiagnosticRun | None, *names: str) -> int | None:
    """What the last diagnosis found by these checks; None when it did not run them."""
    if run is None:
        return None
    found = list(
        Finding.objects.filter(run=run, check_name__in=names).values_list("count", flat=True)
    )
    return sum(found) if found else None


def _hit_ratio() -> float | None:
    """Redis counts its own hits and misses; other caches do not."""
    if not hasattr(cache, "lock"):
        return None
    try:
        info = cache.client.get_client().info("stats")  # type: ignore[attr-defined]
    except Exception:  # no server, no ratio
        return None
    total = info["keyspace_hits"] + info["keyspace_misses"]
    return None if total == 0 else round(info["keyspace_hits"] / total, 4)
