"""Give the peer its own virtual environment, bench/.venv; a second run takes a blink.

python -m bench.setup
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.lock"
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"


def peer_python() -> Path:
    """The interpreter that runs the peer, made when it is missing or its pins have changed."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if not (PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted):
        _install()
        STAMP.write_text(wanted)
    return PYTHON


def _install() -> None:
    """With uv, ten times as fast, where the project's environment has it; else with pip."""
    uv = Path(sys.executable).with_name("uv")
    venv.create(VENV, with_pip=not uv.exists(), clear=True)
    installer = [str(uv), "pip", "install", "--python", str(PYTHON)]
    if not uv.exists():
        installer = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    subprocess.run([*installer, "--quiet", "--require-hashes", "-r", str(REQUIREMENTS)], check=True)


if __name__ == "__main__":
    print(peer_python())
