"""Bring the database up to date: migrations, question banks, demo people.

python -m config.launcher.data           # only what changed since the last time
python -m config.launcher.data --reset   # throw away everything under var/ first
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from config.launcher.lock import only_one
from config.refusals import in_words

ROOT = Path(__file__).resolve().parents[2]
# What the database is made from: change one of these and the next start brings it up to date.
SOURCES = (
    "*/migrations/*.py",
    "practice/question_bank/**/*",
    "sessions_app/assessments/**/*.yaml",
    "sessions_app/**/coding_bank/**/*",
    "*/management/commands/*.py",
    "*/services/demo*.py",
)


def bring_up_to_date(*, force: bool = False) -> list[str]:
    """Run the commands if anything they depend on changed; returns the names of those run."""
    database = settings.DATABASES["default"]
    stamp = Path(settings.VAR_DIR) / "data.stamp"
    wanted = _digest(f"{database['NAME']} {settings.DEBUG}")
    # Trusted for our own SQLite file only: a database server may be another one than last time.
    own = database["ENGINE"].endswith("sqlite3") and Path(database["NAME"]).exists()
    if not force and own and stamp.exists() and stamp.read_text() == wanted:
        return []
    django.setup()
    # In order; each is safe to run again.
    names: dict[str, dict[str, Any]] = {
        "migrate": {"interactive": False, "verbosity": 0},
        "load_question_bank": {},
        "load_coding_bank": {"demo": True} if settings.DEBUG else {},
    }
    if settings.DEBUG:
        names["seed_demo"] = {}
    else:
        names["collectstatic"] = {"interactive": False, "verbosity": 0}
    for name, options in names.items():
        call_command(name, **options)
    stamp.write_text(wanted)
    return list(names)


def reset() -> None:
    """Delete all data under var/; the database of another server is left alone."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        sys.exit("make reset empties only the SQLite data under var/; DATABASE_URL is set.")
    for entry in Path(settings.VAR_DIR).iterdir():
        if entry.name != "run":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _digest(more: str) -> str:
    total = hashlib.sha256(more.encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "--reset" not in arguments:
        bring_up_to_date(force=True)
        return
    # A running Etude would go on with files that are gone.
    with only_one(Path(settings.VAR_DIR)):
        reset()
        bring_up_to_date(force=True)


if __name__ == "__main__":
    with in_words():
        main(sys.argv[1:])
