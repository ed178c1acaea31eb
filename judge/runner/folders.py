"""Where jobs live: a folder of their own each, closed to other users, removed at the end."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FORGOTTEN_AFTER_SECONDS = 3600
ALONE_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Workplace:
    """A folder for all jobs of this user; `user` is the uid of programs when we are root."""

    root: Path
    user: int | None

    @classmethod
    def open(cls, folder: str, *, user: int | None) -> Workplace:
        """Raises PermissionError when the folder is another's or others may write to it."""
        root = Path(folder or f"/tmp/etude-runner-{os.geteuid()}")
        root.mkdir(mode=0o711, exist_ok=True)
        state = root.lstat()
        if root.is_symlink() or state.st_uid != os.geteuid():
            raise PermissionError(f"{root} belongs to somebody else")
        # Passable for the sandbox's user, listed by nobody else.
        root.chmod(0o700 if user is None else 0o711)
        return cls(root, user)

    @contextlib.contextmanager
    def job_folder(self) -> Iterator[Path]:
        self._remove_forgotten()
        # Not `tempfile`: its `random` is seeded anew in each fork, which costs a run 0.2 ms.
        folder = self.root / f"job-{os.urandom(8).hex()}"
        folder.mkdir(mode=0o700)
        try:
            if self.user is not None:
                os.chown(folder, self.user, self.user)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _remove_forgotten(self) -> None:
        """What a killed runner left behind."""
        oldest = time.time() - FORGOTTEN_AFTER_SECONDS
        for folder in self.root.glob("job-*"):
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime < oldest:
                    shutil.rmtree(folder, ignore_errors=True)

    def copy_of(self, program: str) -> str:
        """A copy that the sandbox's user can run, made once: of Node in a closed folder of ours."""
        state = Path(program).stat()
        copy = self.root / f"{Path(program).name}-{state.st_size}-{state.st_mtime_ns}"
        if not copy.exists():
            part = copy.with_suffix(f".{os.getpid()}")
            shutil.copyfile(program, part)
            part.chmod(0o755)
            part.replace(copy)
        return str(copy)

    def remember(self, program: str, version: str) -> None:
        """For `version_of`: asking a compiler takes longer than many a run."""
        versions = self._versions()
        versions[program] = version
        part = self.root / f"versions-{os.getpid()}.json"
        part.write_text(json.dumps(versions))
        part.replace(self.root / "versions.json")

    def version_of(self, program: str) -> str:
        """As the last probe found it, "" before the first."""
        return self._versions().get(program, "")

    def _versions(self) -> dict[str, str]:
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads((self.root / "versions.json").read_text()))
        return {}

    @contextlib.contextmanager
    def beside_others(self) -> Iterator[None]:
        """While a program runs; waits as long as another one has the machine alone."""
        with self._lock(fcntl.LOCK_SH):
            yield

    @contextlib.contextmanager
    def alone(self, *, until: float) -> Iterator[None]:
        """While no other program of this folder runs; not waited for beyond ten seconds."""
        until = min(until, time.monotonic() + ALONE_WAIT_SECONDS)
        with self._lock(fcntl.LOCK_EX, until=until):
            yield

    @contextlib.contextmanager
    def _lock(self, kind: int, *, until: float | None = None) -> Iterator[None]:
        with (self.root / "alone.lock").open("w") as file:
            while True:
                try:
                    fcntl.flock(file, kind if until is None else kind | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if until is not None and time.monotonic() > until:
                        break
                    time.sleep(0.02)
            yield
