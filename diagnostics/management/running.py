"""Shared by both commands: exit codes for cron, and one sentence instead of a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management.base import OutputWrapper
from django.db import Error as DatabaseError

from accounts.models import User
from common.errors import DomainError, Invalid
from diagnostics.models import DiagnosticRun

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def exit_code_of(work: Callable[[], int], *, stderr: OutputWrapper, migrated: bool = True) -> int:
    """Run it; a refusal, or a missing database or file, ends with a sentence and exit code 2.
    `migrated`: the work needs our tables."""
    try:
        if migrated:
            DiagnosticRun.objects.exists()  # fails before any check could for want of a database
        return work()
    except DomainError as error:
        stderr.write(error.message)
        for lines in error.fields.values():
            stderr.write("\n".join(lines))
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        stderr.write(f"The database cannot be used: {reason}. Is it up, and migrated?")
    except OSError as error:
        stderr.write(f"Cannot write {error.filename}: {error.strerror}.")
    return COULD_NOT_RUN


def refuse_nobody(user_id: int | None) -> None:
    """No findings, said of somebody who is not there, would be no answer."""
    if user_id is not None and not User.objects.filter(pk=user_id).exists():
        raise Invalid(f"There is nobody with the id {user_id}.")


def names_in(text: str | None) -> list[str] | None:
    """`None` is every check; an empty text names none, which the registry refuses."""
    return None if text is None else text.split(",")
