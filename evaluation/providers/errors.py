"""Errors of a provider. Each carries what happens to the row, and a sentence for the learner."""

from __future__ import annotations

from datetime import datetime


class ProviderError(Exception):
    """A fault of ours or of the provider. `again` = worth another try by itself."""

    code = "internal"
    again = True
    message = "Something went wrong on our side while scoring. Your answer is safe."

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        self.detail = detail
        self.retry_after = retry_after
        super().__init__(detail or self.message)


class Unreachable(ProviderError):
    code = "unreachable"
    message = "Claude could not be reached. Your answer is safe."


class Busy(ProviderError):
    code = "busy"
    message = "Claude is too busy at the moment. Your answer is safe."


class BadReply(ProviderError):
    code = "bad_reply"
    message = "Claude's reply could not be used, so there is no score. Your answer is safe."


class TooLong(ProviderError):
    """The answer does not fit, whoever judges it and however often: another try changes nothing."""

    code, again = "too_long", False
    message = (
        "This answer is too long for Claude to judge at once. Your answer is safe. "
        "Say it in fewer words and ask again."
    )


class CutOff(ProviderError):
    """The judgment of this answer did not fit into the reply; one more try gets more room."""

    code = "cut_off"
    message = (
        "Claude's judgment of this answer did not fit into its reply, so there is no score. "
        "Your answer is safe. Say it in fewer words and ask again."
    )


class Misconfigured(ProviderError):
    """Wrong key, unknown model, no credit: another try changes nothing until staff act."""

    code, again = "misconfigured", False
    message = "Claude is not set up correctly here, which only staff can mend. Your answer is safe."


class Held(ProviderError):
    """No call is made now: kill switch, budget, open breaker. The row waits; no try is used."""

    def __init__(self, hold: str, *, until: datetime) -> None:
        self.hold = hold
        self.until = until
        super().__init__(hold)
