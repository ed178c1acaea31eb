"""Empty the cache. Nothing of value lives there: sessions and evaluations are rows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Empty the cache (throttles, counters, locks). Nothing of value is lost."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            self.stdout.write(
                "Nothing to empty: without REDIS_URL this process has a cache of its own. "
                "That of `make run` goes when you stop it and remove var/valkey."
            )
            return
        shared: Any = cache  # FallbackCache, whenever there is a REDIS_URL
        shared.clear()
        if shared.is_away:
            raise CommandError("The cache server does not answer; nothing was emptied.")
        self.stdout.write("The cache is empty.")
