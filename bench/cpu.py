"""CPU time of servers, from /proc: user and system, of a process and all its descendants."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(roots: Iterable[int]) -> float:
    """Spent so far under `roots`; children that ended count with who waited for them."""
    spent: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text()
        except OSError:  # it ended meanwhile
            continue
        # The name in parentheses may hold spaces: fields are counted behind it.
        fields = text[text.rindex(")") + 2 :].split()
        children[int(fields[1])].append(int(entry.name))
        spent[int(entry.name)] = sum(map(int, fields[11:15])) / TICKS
    unvisited, total = list(roots), 0.0
    while unvisited:
        pid = unvisited.pop()
        total += spent.get(pid, 0.0)
        unvisited.extend(children.get(pid, ()))
    return total
