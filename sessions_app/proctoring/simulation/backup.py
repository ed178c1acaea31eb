"""The database dumped and restored while pages are open, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from django.db import connections

RESTORE_TRIES = 10
WHERE = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}


def dump(file: Path, *, programs: Path) -> None:
    """The whole database into `file`; `programs` is the folder of pg_dump and pg_restore."""
    _run(programs / "pg_dump", "--format=custom", f"--file={file}")


def restore(file: Path, *, programs: Path) -> None:
    """Everything as it was in `file`, in one transaction, under a server that goes on."""
    for is_last in [False] * (RESTORE_TRIES - 1) + [True]:
        try:
            _run(
                *(programs / "pg_restore", "--clean", "--if-exists", "--single-transaction"),
                *("--no-owner", str(file)),
            )
            return
        except subprocess.CalledProcessError:
            # Requests under way hold locks: of a deadlock with them one of both is ended.
            if is_last:
                raise


def _run(program: Path, *arguments: str | Path) -> None:
    database = connections["default"].settings_dict
    given = {name: str(database[key]) for name, key in WHERE.items() if database[key]}
    command = [str(program), f"--dbname={database['NAME']}", *map(str, arguments)]
    subprocess.run(command, env=os.environ | given, capture_output=True, check=True)  # noqa: S603
