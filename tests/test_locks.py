"""Every package comes from a lock file with its hashes, and the locks say what the readable
requirements say. Nothing is asked of a registry here; `make lock` writes the locks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.supply_chain import npm_components

ROOT = Path(__file__).resolve().parents[1]
READABLE = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "frontend", "bench", "config/launcher")
    for path in (ROOT / folder).glob("*.txt")
    if re.search(r"^[a-z0-9-]+(\[[^]]*\])?==", path.read_text(), re.MULTILINE | re.IGNORECASE)
)
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def name_of(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def pins(file: str) -> dict[str, str]:
    return {name_of(name): version for name, version in PIN.findall((ROOT / file).read_text())}


def lock_of(file: str) -> str:
    return file.removesuffix(".txt") + ".lock"


def test_all_requirements_are_looked_at():
    assert {"requirements.txt", "requirements-dev.txt", "frontend/requirements.txt"} <= set(
        READABLE
    )
    assert len(READABLE) >= 7


@pytest.mark.parametrize("file", READABLE)
def test_a_lock_holds_what_its_requirements_say(file):
    locked = pins(lock_of(file))
    assert {name: locked.get(name) for name in pins(file)} == pins(file), "run `make lock`"


@pytest.mark.parametrize("file", READABLE)
def test_each_package_of_a_lock_has_hashes(file):
    entries = re.split(r"\n(?=\S)", (ROOT / lock_of(file)).read_text().strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert [line for entry in entries for line in entry.splitlines() if "git+" in line] == []


def test_tests_run_on_the_packages_that_are_shipped():
    shipped, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in shipped} == shipped


def test_this_environment_is_the_locked_one():
    """What is installed and not locked would be missing elsewhere."""
    from importlib.metadata import version

    locked = pins("requirements.lock")
    conditional = {name_of(n) for n in re.findall(r"^(\S+)==\S+ ;", lock_text(), re.MULTILINE)}
    there = {name: version(name) for name in locked if name not in conditional}
    assert there == {name: locked[name] for name in there}


def lock_text() -> str:
    return (ROOT / "requirements.lock").read_text()


def test_every_install_asks_for_hashes():
    for file in ("Makefile", "Dockerfile", "config/launcher/install.sh", "bench/setup.py"):
        text = (ROOT / file).read_text()
        installs = [line for line in text.splitlines() if re.search(r"pip install\b.*-r\b", line)]
        installs += [
            line for line in text.splitlines() if 'pip", "install' in line and "-r" in line
        ]
        assert [line for line in installs if "--require-hashes" not in line] == [], file
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.count("--require-hashes") == dockerfile.count("pip install")


def test_every_image_is_named_by_its_digest():
    by_digest = re.compile(r"^\S+@sha256:[0-9a-f]{64}$")
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"].values()
    borrowed = [one["image"] for one in services if "build" not in one]
    assert len(bases) >= 2 and len(borrowed) >= 2
    assert [image for image in [*bases, *borrowed] if not by_digest.match(image)] == []


def test_the_list_of_npm_packages_names_each_with_its_hash():
    components = npm_components()["components"]
    assert len(components) > 100
    assert [
        one["name"] for one in components if not one["hashes"] and one["scope"] == "required"
    ] == []


@pytest.mark.slow
def test_a_package_that_was_changed_is_not_installed(tmp_path):
    """The installer of `make run`, over a wheel whose hash is not that of the lock."""
    import zipfile

    wheel = tmp_path / "wheels" / "harmless-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("harmless.py", "print('changed')")
        archive.writestr(
            "harmless-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: harmless\nVersion: 1.0\n",
        )
        archive.writestr("harmless-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("harmless-1.0.dist-info/RECORD", "")
    lock = tmp_path / "some.lock"
    lock.write_text(f"harmless==1.0 --hash=sha256:{'0' * 64}\n")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    where = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheel.parent),
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheel.parent),
    }
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        (tmp_path / "venv" / "bin" / "uv").symlink_to(uv)
    done = subprocess.run(
        [ROOT / "config/launcher/install.sh", tmp_path / "venv" / "bin" / "python", lock],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **where},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "hash" in (done.stdout + done.stderr).lower()
    assert not list((tmp_path / "venv").rglob("harmless.py"))
