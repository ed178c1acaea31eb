"""Starts a runner process for one job: an environment of its own, and an end in time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]
MARGIN_SECONDS = 10.0
PROBE_SECONDS = 90.0
SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"


class RunnerFailed(Exception):
    """It did not end in time, or could not start; the message says which."""


def ask_runner(
    verb: str, body: bytes, *, seconds: float, node: str = "", folder: str = ""
) -> tuple[bytes, str]:
    """What `python -m judge.runner VERB` writes, and the end of its errors.

    Nothing of our own environment reaches it. Raises `RunnerFailed`.
    """
    # -S: what is installed here is none of the runner's business, and finding it costs time.
    command = [sys.executable, "-S", "-m", "judge.runner", verb]
    command += ["--node", node, "--folder", folder]
    try:
        done = subprocess.run(
            command,
            input=body,
            capture_output=True,
            cwd="/",
            env={"PATH": SEARCH_PATH, "PYTHONPATH": str(CODE)},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RunnerFailed(f"The runner did not end within {seconds:.0f} s.") from error
    except OSError as error:
        raise RunnerFailed(f"The runner cannot be started: {error}") from error
    return done.stdout, done.stderr[-300:].decode(errors="replace").strip()
