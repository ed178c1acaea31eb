from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

BATCH = 1000


def octets(*columns: str) -> Any:
    """The bytes of texts and JSON as the database writes them, nulls as nothing."""
    text = TextField()
    texts = [Coalesce(Cast(name, text), Value("", text), output_field=text) for name in columns]
    whole = Concat(*texts, Value("", text), output_field=text)
    return Octets(whole, output_field=BigIntegerField())


class Octets(Func):
    function = "OCTET_LENGTH"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # OCTET_LENGTH is younger than the SQLite that Debian 12 has.
        return self.as_sql(
            compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **context
        )


def fill(rows: QuerySet[Any], **values: Any) -> None:
    """Write columns of all rows, a batch a transaction, for data steps of migrations that are not
    atomic: nobody waits for more than a batch, and what was done stays done."""
    last = None
    ordered = rows.order_by("pk")
    while True:
        page = ordered if last is None else ordered.filter(pk__gt=last)
        keys = list(page.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        with transaction.atomic(using=rows.db):
            rows.filter(pk__in=keys).update(**values)
        last = keys[-1]
