"""The shape of the code: which way imports go, and what each kind of file may hold."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = (
    *("accounts", "common", "diagnostics", "evaluation", "judge"),
    *("practice", "sessions_app", "tracking"),
)
SOURCES = sorted(
    path
    for app in (*APPS, "config")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)
# A file of 400 lines is a question to ask; settings are one file on purpose.
CLOCKS = {"now", "today", "utcnow", "time", "local_date"}
MOST_LINES = 400
# Django's own `authenticate` wants the request it is asked in.
MAY_KNOW_REQUESTS = {"accounts/services/tokens.py"}


def role(name: str) -> list[Path]:
    """Files `name.py` and everything inside packages called `name`."""
    return [path for path in SOURCES if path.stem == name or name in path.parts]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_go_one_way():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_rule_hides_in_a_signal():
    assert [name_of(path) for path in SOURCES if path.name == "signals.py"] == []
    heard = re.compile(r"@receiver|(pre|post)_(save|delete)\.connect")
    assert [name_of(path) for path in SOURCES if heard.search(path.read_text())] == []


@pytest.mark.parametrize("path", role("services"), ids=name_of)
def test_services_know_neither_requests_nor_tasks(path):
    names = imports_of(path)
    if name_of(path) not in MAY_KNOW_REQUESTS:
        assert not [n for n in names if n.startswith(("django.http", "rest_framework"))]
    assert not [name for name in names if name.endswith(".tasks") or ".tasks." in name]


@pytest.mark.parametrize("path", role("selectors"), ids=name_of)
def test_selectors_only_read(path):
    writes = re.compile(r"\.(save|delete|create|bulk_create|update|get_or_create)\(")
    found = [line.strip() for line in path.read_text().splitlines() if writes.search(line)]
    assert [line for line in found if "objects" in line or ".save(" in line] == []


@pytest.mark.parametrize("path", role("models"), ids=name_of)
def test_models_do_not_override_save(path):
    if name_of(path) == "accounts/models/users.py":
        return  # allauth saves a new address alone, and its key must go with it
    assert not re.search(r"def save\(self", path.read_text())


def test_only_one_file_reads_the_environment_for_django():
    readers = [
        name_of(path)
        for path in SOURCES
        if re.search(r"os\.(environ\.get|getenv)\(", path.read_text())
        and not {"launcher", "runner"} & set(path.parts)
    ]
    assert readers == []


def test_only_the_claude_provider_imports_the_sdk():
    users = [
        name_of(path)
        for path in SOURCES
        if any(name.split(".")[0] == "anthropic" for name in imports_of(path))
    ]
    assert [name for name in users if not name.startswith("evaluation/providers/claude")] == []


def test_nothing_outside_tests_is_named_like_a_test():
    assert [name_of(path) for path in SOURCES if path.name.startswith("test_")] == []


def test_files_stay_small_enough_to_read():
    long = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_migrations_have_names():
    found = [path for app in APPS for path in (ROOT / app).glob("migrations/[0-9]*.py")]
    assert [name_of(path) for path in found if "_auto_" in path.name] == []


def test_no_test_reads_the_clock_when_it_is_imported():
    """What is computed before midnight and compared after it fails."""
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for statement in ast.parse(path.read_text()).body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
                names = {ast.unparse(call.func).split(".")[-1] for call in calls}
                found += [f"{name_of(path)}:{statement.lineno}"] if names & CLOCKS else []
    assert found == []
