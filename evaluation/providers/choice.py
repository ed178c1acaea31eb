"""Which provider judges, decided from settings before any client is built."""

from __future__ import annotations

from django.conf import settings

from evaluation.models import Evaluation


def chosen_provider() -> str:
    """`EVALUATION_PROVIDER`: local, claude, or auto (Claude when there is a key)."""
    choice = settings.EVALUATION_PROVIDER
    if choice == "auto":
        choice = "claude" if settings.ANTHROPIC_API_KEY else "local"
    return Evaluation.Provider(choice).value
