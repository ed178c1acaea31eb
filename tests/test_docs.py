"""What is documented is what there is: every command and every environment variable."""

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
READS_ENVIRONMENT = re.compile(
    r"""(?:env(?:\.\w+)?|flag|address|os\.environ\.get)\(\s*["']([A-Z][A-Z0-9_]+)["']"""
)
# Given by the system or by make, not set by an operator.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def commands() -> list[str]:
    found = (path for app in APPS for path in (ROOT / app).glob("management/commands/[!_]*.py"))
    return sorted(path.stem for path in found)


def variables() -> list[str]:
    sources = [path for app in (*APPS, "config") for path in (ROOT / app).rglob("*.py")]
    found = {name for path in sources for name in READS_ENVIRONMENT.findall(path.read_text())}
    return sorted(found - NOT_OURS)


def documentation() -> str:
    return "\n".join(path.read_text() for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("command", commands())
def test_every_management_command_is_in_the_docs(command):
    assert re.search(rf"\b{command}\b", documentation())


@pytest.mark.parametrize("name", variables())
def test_every_environment_variable_is_in_the_example_file(name):
    example = (ROOT / ".env.example").read_text()
    assert re.search(rf"^#? ?{name}=", example, re.MULTILINE)


def test_every_variable_of_the_example_file_is_read_somewhere():
    example = re.findall(r"^([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(set(example) - set(variables())) == []


def test_every_verb_of_make_is_explained():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split()
    silent = {"help", "setup", "setup-test"}
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(targets) - silent <= explained


def test_every_command_in_the_readme_exists():
    table = (ROOT / "README.md").read_text().partition("## Commands")[2].partition("\n## ")[0]
    named = {word.split()[0] for word in re.findall(r"`([a-z_]+(?: [A-Z]+)?)`", table)}
    assert {word for word in named if "_" in word} - set(commands()) == set()


DOCUMENTS = ["README.md", *(f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md")))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_the_docs_lead_somewhere(document):
    file = ROOT / document
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", file.read_text())
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_a_copied_example_file_changes_nothing_that_breaks_the_start():
    lines = (ROOT / ".env.example").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**clean, **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
