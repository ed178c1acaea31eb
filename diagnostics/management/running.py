"""Shared by both commands: exit codes for cron, and one sentence instead of a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management.base import OutputWrapper
from django.db import Error as DatabaseError

from common.errors import DomainError
from diagnostics.models import DiagnosticRun

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def exit_code_of(work: Callable[[], int], *, stderr: OutputWrapper) -> int:
    """Run it; a refusal, or a missing database or file, ends with a sentence and exit code 2."""
    try:
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


def names_in(text: str | None) -> list[str] | None:
    """`None` is every check; an empty text names none, which the registry refuses."""
    return None if text is None else text.split(",")
