"""The document's key metrics, for /metrics and the admin's start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Sum

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
        rate, reports = self.creation_success_rate, self.user_error_reports_24h
        return [
            ("etude_session_creation_success_rate", "Starts today that did not fail", rate),
            ("etude_limit_accuracy", "Daily counts that are right", self.limit_accuracy),
            ("etude_ghost_sessions", "Ghosts in the last diagnosis", self.ghost_sessions),
            ("etude_cache_hit_ratio", "Cache reads that found something", self.cache_hit_ratio),
            ("etude_user_error_reports_24h", "Errors reported by people in 24 h", reports),
        ]


def key_metrics(*, now: datetime) -> KeyMetrics:
    run = last_full_run()
    today = counts(clock.utc_day(now)).values()
    failed = sum(kind["failed"] for kind in today)
    drifted = _found(run, "limit_drift", "new_user_limits")
    reports = UserErrorReport.objects.filter(created_at__gt=now - timedelta(days=1))
    return KeyMetrics(
        creation_success_rate=_share_without(failed, sum(sum(kind.values()) for kind in today)),
        limit_accuracy=_share_without(drifted, DailyUsage.objects.count()),
        ghost_sessions=_found(run, "ghost_sessions", "ghost_interviews"),
        cache_hit_ratio=_hit_ratio(),
        user_error_reports_24h=reports.count(),
        last_run_at=run.started_at if run else None,
    )


def _share_without(bad: int | None, total: int) -> float | None:
    return None if bad is None or total == 0 else round(max(0.0, 1 - bad / total), 4)


def _found(run: DiagnosticRun | None, *names: str) -> int | None:
    """The findings of the last diagnosis for these checks; None when it did not run them."""
    if run is None:
        return None
    found = Finding.objects.filter(run=run, check_name__in=names)
    return found.aggregate(sum=Sum("count"))["sum"]


def _hit_ratio() -> float | None:
    """Redis counts its own hits and misses; other caches do not."""
    if not hasattr(cache, "lock"):
        return None
    try:
        info = cache.client.get_client().info("stats")  # type: ignore[attr-defined]
    except Exception:  # no server, no ratio
        return None
    hits, misses = info["keyspace_hits"], info["keyspace_misses"]
    return _share_without(misses, hits + misses)
