"""Prometheus counters of heartbeats, with and without Django; each process counts its own."""

from __future__ import annotations

from prometheus_client import Counter

BEATS = Counter("etude_heartbeats_total", "Beats, actions and saves that were taken.", ["kind"])


def count_beat(kind: str) -> None:
    """`kind`: heartbeat, activity or progress."""
    BEATS.labels(kind).inc()
