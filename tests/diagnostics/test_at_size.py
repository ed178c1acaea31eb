"""What `bench/diagnostics.py` holds for 100,000 sessions, held for a thousand."""

import pytest
from django.apps import apps

from bench.diagnostics import round_trip
from common import clock
from diagnostics.faults import FAULTS
from tests.services import on_sqlite

# Rolled back as a whole: what is seeded drops constraints that other tests live by.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def test_all_faults_among_a_thousand_sessions_are_found_mended_and_brought_back(bank):
    outcome = round_trip(sessions=1000, faults=200, now=clock.now())

    assert outcome.broken == []
    queries = {step.name: step.queries for step in outcome.steps}
    # By kind of fault, not by fault: 200 problems are found and planned in a few queries each check.
    assert queries["find"] < queries["find nothing"] + 3 * len(FAULTS)
    assert queries["plan"] < 300
    # A few for each table: its constraints are read. SQLite asks for each index besides.
    assert on_sqlite() or queries["find"] < 6 * len(apps.get_models())
