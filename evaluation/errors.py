"""Refusals of the evaluation app, one class each."""

from __future__ import annotations

from common.errors import Conflict, Forbidden, Invalid


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


class NotMarkable(Conflict):
    code = "not_markable"
    message = "Only answers with a verdict, or whose score was withheld, can be marked."


class AlreadyMarked(Conflict):
    code = "already_marked"
    message = (
        "You have marked this answer before. Marks are given once, before the verdict is seen."
    )


class OwnAnswer(Forbidden):
    code = "own_answer"
    message = "Nobody marks their own answers."
