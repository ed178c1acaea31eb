"""Empty the cache. Nothing of value lives there: sessions and evaluations are rows."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Empty the cache (throttles, counters, locks). Nothing of value is lost."

    def handle(self, *args: Any, **options: Any) -> None:
        cache.clear()
        self.stdout.write("The cache is empty.")
