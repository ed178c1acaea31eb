"""`make check`: mypy over the files that promise types (services, selectors, policies, types)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ("accounts", "common", "diagnostics", "evaluation", "practice", "sessions_app", "tracking")
PROMISING = {"services", "selectors", "policies", "types", "transitions"}


def promising_files() -> list[str]:
    """Files and packages of these names, wherever in an app they stand."""
    return [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if PROMISING & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]


if __name__ == "__main__":
    strict = ["--disallow-untyped-defs", "--disallow-incomplete-defs"]
    command = [sys.executable, "-m", "mypy", *strict, "config/launcher", *promising_files()]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
