"""Refusals of the evaluation app, one class each."""

from __future__ import annotations

from common.errors import Conflict, Invalid


class NotRetryable(Conflict):
    code = "not_retryable"
    message = "Only feedback that failed or was cancelled can be asked for again."


class NotCancellable(Conflict):
    code = "not_cancellable"
    message = "This feedback has already come to an end."


class NotWaiting(Conflict):
    code = "not_waiting"
    message = "The local rubric check can only replace feedback that waits or failed."


class UnknownKeyPoint(Invalid):
    code = "unknown_key_point"
    message = "This feedback has no such key point."
