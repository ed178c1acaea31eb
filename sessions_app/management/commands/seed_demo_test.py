from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import clock
from sessions_app.assessments.services.candidates import invite
from sessions_app.proctoring.services.demo import ensure_demo_candidate


class Command(BaseCommand):
    help = "Make a demo test and print a candidate's start link (only with DEBUG)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo test exists only with DEBUG.")
        candidate = ensure_demo_candidate()
        invitation = invite(candidate=candidate, now=clock.now())
        self.stdout.write(f"{candidate.assessment}: {settings.SITE_URL}{invitation.path}")
