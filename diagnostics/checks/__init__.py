"""All checks, registered in the order of their repairs: causes before consequences."""

from diagnostics import registry
from diagnostics.checks import (
    code_runs,
    constraints,
    evaluations,
    ghosts,
    history,
    limits,
    live_tests,
    open_sessions,
    orphans,
    plans,
    runtime,
)


def register_all() -> None:
    for module in (
        orphans,
        ghosts,
        open_sessions,
        history,
        evaluations,
        live_tests,
        code_runs,
        plans,
        limits,
        constraints,
        runtime,
    ):
        registry.register(*module.CHECKS)
