"""Running code: the worker of its queue, and what `make run` says of the languages there are."""

from __future__ import annotations

import os
import threading

from config.launcher.supervisor import Child
from judge.engines import current_engine
from judge.types import LANGUAGE_NAMES, Probe

PROBE_SECONDS = 20.0


def code_worker(celery: list[str]) -> Child:
    """One program at a time on all processors but one, which is left to the site."""
    processes = max(1, (os.cpu_count() or 1) - 1)
    command = [*celery, "worker", "--hostname", "code@%h", "--queues", "code"]
    command += ["--concurrency", str(processes), "--loglevel", "WARNING"]
    return Child("code", [*command, "--without-gossip", "--without-mingle"])


class LanguagesHere:
    """Asks the engine while the other processes start: a probe compiles in every language."""

    def __init__(self) -> None:
        self.probe: Probe | None = None
        self.thread = threading.Thread(target=self._ask, daemon=True)
        self.thread.start()

    def _ask(self) -> None:
        self.probe = current_engine().probe()

    def in_words(self) -> list[str]:
        self.thread.join(PROBE_SECONDS)
        if self.probe is None:
            return ["code       not known yet: the engine has not answered"]
        return languages_in_words(self.probe)


def languages_in_words(probe: Probe) -> list[str]:
    """`code       Python, JavaScript`, then a line for each that is missing."""
    if not probe.ok:
        return [f"code       is not run here: {probe.reason}"]
    found = [status for status in probe.languages if status.available]
    missing = [status for status in probe.languages if not status.available]
    names = ", ".join(LANGUAGE_NAMES[status.language] for status in found)
    lines = [f"code       {names or 'no language'}"]
    return lines + [f"           no {LANGUAGE_NAMES[s.language]}: {s.reason}" for s in missing]
