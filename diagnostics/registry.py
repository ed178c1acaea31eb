"""Every check, in the order in which they run and are repaired: causes before consequences."""

from __future__ import annotations

from collections.abc import Iterable

from common.errors import Invalid
from diagnostics.types import Check

_checks: dict[str, Check] = {}


def register(*checks: Check) -> None:
    for check in checks:
        _checks[check.name] = check


def all_checks() -> list[Check]:
    return list(_checks.values())


def named(names: Iterable[str] | None) -> list[Check]:
    """The checks of these names, in the registry's order; None is all of them.

    Raises Invalid (400) that names the unknown ones.
    """
    if names is None:
        return all_checks()
    wanted = [name.strip() for name in names if name.strip()]
    unknown = sorted(set(wanted) - set(_checks))
    if unknown or not wanted:
        known = ", ".join(_checks)
        raise Invalid(
            f"Unknown checks: {', '.join(unknown) or '(none named)'}.",
            code="unknown_check",
            fields={"checks": [f"Known checks: {known}."]},
        )
    return [check for name, check in _checks.items() if name in wanted]


def table() -> str:
    """Every check as Markdown: what docs/operations.md shows."""
    head = "| check | severity | why it matters | how it is mended |\n|---|---|---|---|\n"
    lines = []
    for check in all_checks():
        mended = check.repair.action if check.repair else f"by hand: {check.by_hand}"
        lines.append(
            f"| `{check.name}` {check.title} | {check.severity} | {check.reason} | {mended} |"
        )
    return head + "\n".join(lines)


def get(name: str) -> Check:
    return _checks[name]


def find(name: str) -> Check | None:
    """None for a removed check; old runs still name it."""
    return _checks.get(name)
