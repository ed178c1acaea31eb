"""docs/security.md lists every requirement of ASVS 5.0 of levels 1 and 2, and names what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/security.md").read_text()
# Section: its requirements of levels 1 and 2 (OWASP ASVS 5.0.0).
ASVS = """
1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6
3.5:1-5 3.7:1-2 4.1:1-3 4.2:1-1 4.3:1-2 4.4:1-4 5.1:1-1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12
6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2
8.2:1-3 8.3:1-1 8.4:1-1 9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2
10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4 13.1:1
13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5
16.3:1-4 16.4:1-3 16.5:1-3 17.1:1 17.2:1-4 17.3:1-2
"""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
ROWS = {number: (words, kept, tested) for number, words, kept, tested in ROW.findall(PAGE)}


def wanted() -> list[str]:
    found = []
    for entry in ASVS.split():
        section, _, span = entry.partition(":")
        first, _, last = span.partition("-")
        found += [f"{section}.{n}" for n in range(int(first), int(last or first) + 1)]
    return found


def test_every_requirement_of_both_levels_has_one_line():
    assert len(wanted()) == 253
    listed = re.findall(r"^\| (\d+\.\d+\.\d+) \|", PAGE, re.MULTILINE)
    assert listed == wanted()
    assert list(ROWS) == wanted()


def test_every_file_that_is_named_is_there():
    named = set(re.findall(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|html|yml|conf|lock))`", PAGE))
    assert len(named) > 60
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("number", wanted())
def test_a_line_is_kept_and_tested_or_open_with_a_reason_or_not_for_us(number):
    _, kept, tested = ROWS[number]
    if kept.startswith("does not apply: "):
        assert len(kept) > len("does not apply: ")
    elif "**Open:**" in kept:
        assert len(kept.partition("**Open:**")[2].strip()) > 5
    else:
        assert kept.strip() and re.search(r"`tests/[\w/.]+\.py`", tested)


def test_the_counts_at_the_top_are_those_of_the_table():
    spoken = re.search(
        r"Of (\d+) lines (\d+) are kept and tested,\s+(\d+) open .+?, (\d+) speak", PAGE
    )
    unlike = sum(kept.startswith("does not apply") for _, kept, _ in ROWS.values())
    unmet = sum("**Open:**" in kept for _, kept, _ in ROWS.values())
    counts = [len(ROWS), len(ROWS) - unlike - unmet, unmet, unlike]
    assert [int(number) for number in spoken.groups()] == counts


def test_the_keys_data_logs_and_partners_are_listed():
    for title in ("Keys", "What we hold", "Whom Etude calls", "Logs"):
        assert f"\n## {title}\n" in PAGE
    called = PAGE.partition("## Whom Etude calls")[2].partition("\n## ")[0]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    addresses = [name for name in compose["x-etude"]["environment"] if name.endswith("_URL")]
    assert [name for name in addresses if name != "SITE_URL" and f"`{name}`" not in called] == []


def test_an_image_holds_neither_history_nor_tests():
    dockerfile = (ROOT / "Dockerfile").read_text()
    sources = [line.split()[1:-1] for line in dockerfile.splitlines() if line.startswith("COPY ")]
    copied = {name for names in sources for name in names if not name.startswith("--from")}
    assert "config" in copied
    assert copied & {".", "./", "tests", "bench", ".git", ".env", "var"} == set()
