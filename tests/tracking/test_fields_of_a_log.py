"""A field that a learner fills in is known wherever a log comes in or goes out."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from tests.tracking.factories import PracticeLogFactory, UserFactory
from tracking.api.inputs import LogChanges, LogInput
from tracking.api.outputs import ExportedLogOutput, PracticeLogOutput, TimelineEntryOutput
from tracking.forms import LogForm
from tracking.models import ImportRow, PracticeLog
from tracking.models.logs import FACTS
from tracking.sheets.cells import RowReader
from tracking.sheets.columns import FACT_COLUMNS, columns_of


def test_models_files_api_and_page_know_every_fact(db):
    known = {
        "import row": {field.name for field in ImportRow._meta.fields},
        "log": {field.name for field in PracticeLog._meta.fields},
        "files": set(FACT_COLUMNS),
        "input": set(LogInput().fields),
        "changes": set(LogChanges().fields),
        "page": set(LogForm(user=UserFactory()).fields),
        **{
            output.__name__: {field.name for field in fields(output)}
            for output in (PracticeLogOutput, ExportedLogOutput, TimelineEntryOutput)
        },
    }

    assert {name: set(FACTS) - names for name, names in known.items() if set(FACTS) - names} == {}


def test_a_row_of_a_file_is_read_into_exactly_the_facts(db):
    log = PracticeLogFactory()
    columns = columns_of(["skill", *FACT_COLUMNS.values()])

    row = RowReader(columns, today=log.date_practiced, day_of=datetime.date).read(
        1, [log.skill.name, *(getattr(log, name) for name in FACT_COLUMNS)]
    )

    assert (row.errors, row.facts) == ([], log.facts())
