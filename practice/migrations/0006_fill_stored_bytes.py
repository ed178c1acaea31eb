"""What the rows of before take of their owners' quotas; JSON is counted as the database writes it.
The counters themselves follow by `manage.py recount_storage --execute`, or the night after."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from common.db.backfill import fill, octets

CONTENT = {
    "Practice": ("answer_text",),
    "PracticeHistory": ("answer_text",),
    "DraftRevision": ("answer_text",),
    "DraftRevisionHistory": ("answer_text",),
    "Submission": ("answer_text", "board", "diagram"),
    "SubmissionHistory": ("answer_text", "board", "diagram"),
    "Whiteboard": ("scene",),
    "WhiteboardHistory": ("scene",),
    "WhiteboardRevision": ("plain",),
    "WhiteboardRevisionHistory": ("plain",),
}


def fill_stored_bytes(apps: Any, schema_editor: Any) -> None:
    for name, columns in CONTENT.items():
        model = apps.get_model("practice", name)
        rows = model.objects.using(schema_editor.connection.alias).filter(stored_bytes=0)
        fill(rows, stored_bytes=octets(*columns))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("practice", "0005_add_stored_bytes_and_pictures")]
    operations = [migrations.RunPython(fill_stored_bytes, migrations.RunPython.noop)]
