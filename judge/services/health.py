"""What a worker's engine can do: asked at its start and every few minutes, kept as a row."""

from __future__ import annotations

import logging
import socket
from datetime import datetime, timedelta

from judge.engines import Engine
from judge.models import EngineReport

logger = logging.getLogger(__name__)

PROBE_EVERY = timedelta(minutes=3)


def report_of(*, engine: Engine, now: datetime) -> EngineReport:
    """The report of this machine, asked anew when it is older than three minutes.

    Not ok, nothing may be run here: there is no other way to run code than in the sandbox.
    """
    host = f"{socket.gethostname()}:{engine.name}"[:200]
    report = EngineReport.objects.filter(host=host).first()
    if report is not None and now - PROBE_EVERY < report.at <= now:
        return report
    probe = engine.probe()
    if not probe.ok:
        logger.error("code cannot be run on %s: %s", host, probe.reason)
    report, _ = EngineReport.objects.update_or_create(
        host=host,
        defaults={
            "engine": engine.name,
            "ok": probe.ok,
            "why": probe.reason[:2000],
            "languages": {
                status.language: {
                    "available": probe.ok and status.available,
                    "version": status.version,
                    "reason": status.reason or probe.reason,
                }
                for status in probe.languages
            },
            "at": now,
        },
    )
    return report
