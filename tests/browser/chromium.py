"""Find a Chromium, or get one. `python -m tests.browser.chromium` is what `make test` calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGES = ("chromium", "libatomic1")  # the second is for Playwright's driver
ARGUMENTS = [
    "--no-sandbox",  # root in a container has no user namespaces
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    # No page reaches another host. An intercepting handler would do that too, but slows each request
    # and turns the browser's cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def find() -> str | None:
    """The path of an installed browser: CHROMIUM, the system's, then Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found or MAC.exists():
        return found or str(MAC)
    return _playwrights_own()


def install() -> str:
    """Playwright's download first, then apt as root; fails loudly when neither can be had."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=apt, check=False)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES]
        subprocess.run(command, env=apt, check=False)
        found = find()
    if found is None:
        raise SystemExit(
            "No Chromium for the browser tests. Install one (Debian: apt-get install chromium)"
            " or name one with CHROMIUM=/path/to/chromium."
        )
    return found


def _playwrights_own() -> str | None:
    """None too where Playwright's driver cannot start, as without libatomic on a minimal Debian."""
    ask = (
        "from playwright.sync_api import sync_playwright as play\n"
        "with play() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=False
    )
    path = answer.stdout.strip()
    return path if answer.returncode == 0 and Path(path).exists() else None


if __name__ == "__main__":
    sys.stdout.write((find() or install()) + "\n")
