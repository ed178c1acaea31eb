"""The log file of one process."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import IO

LOG_BYTES = 5_000_000


class LogFile:
    """Takes lines, and never raises: a process whose words nobody reads any more stands still.

    While the disk takes nothing, lines go by; the file goes on when there is room again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.error: OSError | None = None
        self._file: IO[bytes] | None = None

    def write(self, line: str) -> bool:
        """True for the first line that went by: the moment to say so."""
        was_well = self.error is None
        try:
            if self._file is None:
                self._file = self._open()
            self._file.write(line.encode(errors="replace"))
            self.error = None
        except OSError as error:
            self.error = error
            self.close()
        return was_well and self.error is not None

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    def _open(self) -> IO[bytes]:
        """Unbuffered: a full disk shows at the line that it does not take."""
        too_long = self.path.exists() and self.path.stat().st_size > LOG_BYTES
        return self.path.open("wb" if too_long else "ab", buffering=0)
