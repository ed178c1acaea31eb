"""Whether this service still answers at its own address.

A process can live while nobody is served: every thread waits for something, or no connection is
let in any more. So it asks itself what a balancer asks, the way every request comes in.
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

        An address at which nobody ever answered is not this service's (another server, a socket
        file): it proves nothing, and counts as answering.
        """
        is_served = 0 < self.ask("/healthz") < 500
        self.has_answered = self.has_answered or is_served
        return is_served or not self.has_answered
