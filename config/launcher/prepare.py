"""Set up what is missing: virtual environment, packages, front-end build, for tests a Chromium.

Runs as a script, on whatever Python `make` found, with the standard library only: nothing is
installed yet. Each step leaves a stamp with the hash of what it was made from, so a second run
takes a blink.

    python3 config/launcher/prepare.py run     # what `make run` needs
    python3 config/launcher/prepare.py test    # and what checks and tests need
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("VENV", ROOT / ".venv")).absolute()
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "etude-stamps"
OLDEST, TOO_NEW = (3, 11), (3, 14)
FRONTEND_SKIPS = {"node_modules", "dist", "__pycache__"}


def main(purpose: str) -> int:
    check_python()
    make_venv()
    step("packages", requirement_files(purpose), install_packages)
    step("front end", frontend_sources(), build_frontend, product=ROOT / "frontend" / "dist")
    if purpose == "test":
        step("Chromium", [ROOT / "tests" / "browser" / "chromium.py"], find_chromium)
    return 0


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Etude needs Python 3.11, 3.12 or 3.13; this is {found}. "
            "Name another one: make run PYTHON=/path/to/python3.12"
        )


def make_venv() -> None:
    """A virtual environment of our own; one of another Python version is made anew."""
    stamp = STAMPS / "python"
    version = ".".join(map(str, sys.version_info[:2]))
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == version:
        return
    say("virtual environment …")
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except subprocess.CalledProcessError:
        sys.exit(
            "This Python cannot make virtual environments. On Debian: apt install python3-venv"
        )
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(version)


def requirement_files(purpose: str) -> list[Path]:
    names = ["requirements.txt", "frontend/requirements.txt"]
    if purpose == "test":
        names.append("requirements-dev.txt")
    return [ROOT / name for name in names]


def install_packages(files: list[Path]) -> None:
    """uv does in 10 s what takes pip a minute; where uv cannot, pip still can."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    wanted = [part for file in files for part in ("-r", str(file))]
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        run([*pip, "install", "--quiet", "uv"], check=False)
    fast = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), *wanted]
    if uv.exists() and run(fast, check=False) == 0:
        return
    say("uv did not manage; with pip instead …")
    run([*pip, "install", *wanted])


def frontend_sources() -> list[Path]:
    folder = ROOT / "frontend"
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not FRONTEND_SKIPS & set(path.relative_to(folder).parts)
    ]


def build_frontend(_: list[Path]) -> None:
    if (ROOT / "frontend" / "install_and_build.py").exists():
        run([str(PYTHON), "frontend/install_and_build.py"])


def find_chromium(_: list[Path]) -> None:
    run([str(PYTHON), "-m", "tests.browser.chromium"])


def step(
    name: str,
    sources: Iterable[Path],
    work: Callable[[list[Path]], None],
    *,
    product: Path | None = None,
) -> None:
    """Do `work` unless its stamp says that it was done from exactly these sources."""
    files = list(sources)
    stamp = STAMPS / name.replace(" ", "-")
    for_what = digest(files)
    done = stamp.read_text().split() if stamp.exists() else []
    if for_what in done and (product is None or product.exists()):
        return
    say(f"{name} …")
    started = time.monotonic()
    work(files)
    # Packages of `test` include those of `run`: both stamps stay valid while sources do.
    stamp.write_text("\n".join([*done[-3:], for_what]) if product is None else for_what)
    say(f"{name}: {time.monotonic() - started:.0f} s")


def digest(files: list[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(ROOT)).encode() + b"\0")
        total.update(file.read_bytes() + b"\0")
    return total.hexdigest()


def run(command: list[str], *, check: bool = True) -> int:
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if check and code:
        sys.exit(f"Set-up stopped: {' '.join(command[:4])} … exited {code}.")
    return code


def say(text: str) -> None:
    print(f"set-up | {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
