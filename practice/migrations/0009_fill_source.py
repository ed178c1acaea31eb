"""Rows of before came from the files that ship: the console never let anybody change them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import migrations

SETS = "kind title category difficulty minutes summary sample_writeup"
QUESTIONS = (
    "title prompt framework_name framework_steps structure_steps key_points sample_answer "
    "follow_ups min_words"
)


def hash_of(values: dict[str, Any]) -> str:
    """As `common.loading.hash_of` on the day of this migration."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fill_source(apps: Any, schema_editor: Any) -> None:
    for name, columns in (("QuestionMain", SETS), ("Question", QUESTIONS)):
        rows = apps.get_model("practice", name).objects.using(schema_editor.connection.alias)
        for row in rows.filter(loaded_hash=""):
            row.source = "etude"
            row.loaded_hash = hash_of({column: getattr(row, column) for column in columns.split()})
            row.save(update_fields=["source", "loaded_hash"])


class Migration(migrations.Migration):
    dependencies = [("practice", "0008_add_source")]
    operations = [migrations.RunPython(fill_source, migrations.RunPython.noop)]
