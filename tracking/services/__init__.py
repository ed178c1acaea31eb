"""Use cases of a learner's record. Other apps call `record_practice`, and nothing else."""

from tracking.services.logs import record_practice

__all__ = ["record_practice"]
