"""Questions that ship are known by their ids. Whether staff changed them is not known, so their
hash stays empty, and the next load asks about those that differ from their files."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import migrations


def fill_source(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("sessions_app", "CodingQuestion")
    rows = model.objects.using(schema_editor.connection.alias)
    shipped = [
        pk
        for pk, slug in rows.values_list("pk", "slug")
        if pk == uuid5(NAMESPACE_URL, f"etude:coding-question:{slug}")
    ]
    rows.filter(pk__in=shipped).update(source="etude")


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0009_add_source")]
    operations = [migrations.RunPython(fill_source, migrations.RunPython.noop)]
