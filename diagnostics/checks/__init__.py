"""All checks, registered in the order in which they are mended: causes before consequences."""

from diagnostics import registry
from diagnostics.checks import limits, plans


def register_all() -> None:
    registry.register(*plans.CHECKS, *limits.CHECKS)
