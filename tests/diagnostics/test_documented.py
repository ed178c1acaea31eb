"""Every check is in the operators' guide, as the registry says it."""

from pathlib import Path

import pytest

from diagnostics import registry
from diagnostics.faults import FAULTS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_the_guide_shows_the_table_of_checks():
    shown = GUIDE.read_text().partition("<!-- checks: begin -->")[2]

    assert shown.partition("<!-- checks: end -->")[0].strip() == registry.table()


@pytest.mark.parametrize("check", registry.all_checks(), ids=lambda check: check.name)
def test_every_check_has_a_fault_to_be_tried_with(check):
    assert check.name in FAULTS
