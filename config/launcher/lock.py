"""One launcher at a time over one data folder."""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path
from typing import IO


def only_one(var: Path) -> IO[str]:
    """Two supervisors over the same data would conflict; the lock ends with the process or file."""
    try:
        (var / "run").mkdir(parents=True, exist_ok=True)
        lock = (var / "run" / "lock").open("a+")
    except OSError as error:
        sys.exit(f"Etude cannot write to {var} ({error.strerror}). Choose another VAR_DIR.")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"Etude already runs on the data in {var}. Stop it first, or set VAR_DIR.")
    return lock
