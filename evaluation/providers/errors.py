"""Errors of a provider. Each carries what happens to the row, and a sentence for the learner."""

from __future__ import annotations

from datetime import datetime

from evaluation.naming import judge_name


class ProviderError(Exception):
    """A fault of ours or of the provider. `again` = worth another try by itself; in `words`
    `{judge}` is the model that was asked."""

    code = "internal"
    again = True
    words = "Something went wrong on our side while scoring. Your answer is safe."

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        self.detail = detail
        self.retry_after = retry_after
        super().__init__(detail or self.code)

    @property
    def message(self) -> str:
        """For the learner."""
        return self.words.format(judge=judge_name())


class Unreachable(ProviderError):
    code = "unreachable"
    words = "{judge} could not be reached. Your answer is safe."


class Busy(ProviderError):
    code = "busy"
    words = "{judge} is too busy at the moment. Your answer is safe."


class BadReply(ProviderError):
    code = "bad_reply"
    words = "The reply of {judge} could not be used, so there is no score. Your answer is safe."


class TooLong(ProviderError):
    """The answer does not fit, whoever judges it and however often: another try changes nothing."""

    code, again = "too_long", False
    words = (
        "This answer is too long for {judge} to judge at once. Your answer is safe. "
        "Say it in fewer words and ask again."
    )


class CutOff(ProviderError):
    """The judgment of this answer did not fit into the reply; one more try gets more room."""

    code = "cut_off"
    words = (
        "The judgment of {judge} on this answer did not fit into its reply, so there is no score. "
        "Your answer is safe. Say it in fewer words and ask again."
    )


class Misconfigured(ProviderError):
    """Wrong key, unknown model, no credit: another try changes nothing until staff act."""

    code, again = "misconfigured", False
    words = "{judge} is not set up correctly here, which only staff can mend. Your answer is safe."


class Held(ProviderError):
    """No call is made now: kill switch, budget, open breaker. The row waits; no try is used."""

    def __init__(self, hold: str, *, until: datetime) -> None:
        self.hold = hold
        self.until = until
        super().__init__(hold)
