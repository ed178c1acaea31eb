"""What the rows of before take of their owners' quotas; JSON is counted as the database writes it.
The counters themselves follow by `manage.py recount_storage --execute`, or the night after."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from common.db.backfill import fill, octets

CONTENT = {
    "Attempt": ("answer_text",),
    "InterviewDraft": ("answer_text",),
    "InterviewDraftRevision": ("answer_text",),
}


def fill_stored_bytes(apps: Any, schema_editor: Any) -> None:
    for name, columns in CONTENT.items():
        model = apps.get_model("sessions_app", name)
        rows = model.objects.using(schema_editor.connection.alias).filter(stored_bytes=0)
        fill(rows, stored_bytes=octets(*columns))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sessions_app", "0004_add_stored_bytes")]
    operations = [migrations.RunPython(fill_stored_bytes, migrations.RunPython.noop)]
