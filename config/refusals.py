"""Errors that an operator can mend end a command with a sentence instead of a traceback.

`--traceback` shows the traceback, as in Django's own commands.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError

COULD_NOT_RUN, STOPPED = 2, 130
# PostgreSQL's errors for a database without our tables, or with those of an older release.
NOT_MIGRATED = {"42P01", "42703", "3F000"}
# Errors of the disk, as opposed to errors of a program.
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def in_words(*, code: int = COULD_NOT_RUN) -> Iterator[None]:
    """Settings, a database or a disk that cannot be used end the program with this exit code."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(STOPPED)
    except (ImproperlyConfigured, DatabaseError, InterfaceError, OSError) as error:
        sentence = _sentence(error)
        if sentence is None or "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"{sentence}\n")
        sys.exit(code)


def _sentence(error: Exception) -> str | None:
    """None for an error of our own code, which keeps its traceback."""
    if isinstance(error, ImproperlyConfigured):
        return f"Etude cannot start: {error}"
    if isinstance(error, OperationalError | InterfaceError) or _lacks_tables(error):
        return (
            f"The database cannot be used: {str(error).strip()}\n"
            "Is DATABASE_URL right, and is it up to date (manage.py migrate)?"
        )
    if isinstance(error, OSError) and error.errno in OF_THE_DISK:
        return f"Cannot write {error.filename or 'to the disk'}: {error.strerror}."
    return None


def _lacks_tables(error: Exception) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in NOT_MIGRATED
