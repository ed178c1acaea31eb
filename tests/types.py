"""`make check`: mypy over every app. pyproject.toml says which files promise types, and what is
not asked of views, the API and admin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = (
    *("accounts", "common", "config", "diagnostics"),
    *("evaluation", "judge", "practice", "sessions_app", "tracking"),
)

if __name__ == "__main__":
    sys.exit(
        subprocess.run([sys.executable, "-m", "mypy", *APPS], cwd=ROOT, check=False).returncode
    )
