"""The key metrics as gauges, read when they are scraped."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.registry import Collector

from common import clock


class KeyMetricsCollector(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        from diagnostics.selectors.key_metrics import key_metrics

        try:
            named = key_metrics(now=clock.now()).named()
        except DatabaseError:
            return
        for name, words, value in named:
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)

    def describe(self) -> list[GaugeMetricFamily]:
        """Without this the registry would query the database while apps are still loading."""
        return []


def register() -> None:
    REGISTRY.register(KeyMetricsCollector())
