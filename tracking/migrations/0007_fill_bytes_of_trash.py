"""What deletions of before take, as the database writes their JSON."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from common.db.backfill import fill, octets


def fill_stored_bytes(apps: Any, schema_editor: Any) -> None:
    trash = apps.get_model("tracking", "Trash").objects.using(schema_editor.connection.alias)
    fill(trash.filter(stored_bytes=0), stored_bytes=octets("rows"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tracking", "0006_add_bytes_of_trash")]
    operations = [migrations.RunPython(fill_stored_bytes, migrations.RunPython.noop)]
