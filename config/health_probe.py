"""Whether this service still answers at its own address.

A process can be alive and serve nobody: every thread waits, or no connection is accepted any more.
So it requests its own health page by the road that every request takes.
"""

from __future__ import annotations

from collections.abc import Callable

from config.launcher.ask import ask_here


class HealthProbe:
    def __init__(self, ask: Callable[[str], int] = ask_here) -> None:
        self.ask = ask
        self.has_answered = False

    def answers(self) -> bool:
        """Any answer but a failure.

        An address that never answered may be another server's, or a socket file: it counts as
        answering.
        """
        is_served = 0 < self.ask("/healthz") < 500
        self.has_answered = self.has_answered or is_served
        return is_served or not self.has_answered
