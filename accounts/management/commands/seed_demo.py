"""Demo people for a first look; refuses outside DEBUG."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.services.demo import DEMO_PASSWORD, ensure_demo_people


class Command(BaseCommand):
    help = "Create the demo learners and staff (only with DEBUG). Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo people exist only with DEBUG.")
        for user in ensure_demo_people():
            self.stdout.write(f"{user.username:10} password {DEMO_PASSWORD}")
