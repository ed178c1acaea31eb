"""Questions that hot paths ask at every turn: their SQL is put together once per process.

Building and compiling a queryset costs more than running it. Here it is built with `Hole`s for
what varies, compiled once, and afterwards only executed; rows become instances as ever. On SQLite,
whose values need converting, the queryset is simply built each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    get_related_populators,
)
from django.db.models.sql import UpdateQuery
from django.db.transaction import TransactionManagementError

from common.statements import run

T = TypeVar("T")


class Hole(Expression):
    """Where a value will stand: an operand that compiles to a bare parameter."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Prepared(Generic[T]):
    """`Prepared(lambda pk: Thing.objects.filter(pk=pk))`, then `.first(pk=5)` or `.all(pk=5)`.

    The function gets a `Hole` for each argument and may do with it what an expression allows:
    compare, not compute; never branch on it. Its queryset yields instances (`select_related` and
    `only` included), tuples (`values_list` with several names) or single values (`flat=True`).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self.build = build

    def all(self, **values: Any) -> list[T]:
        own = connections[DEFAULT_DB_ALIAS]
        if own.vendor != "postgresql":
            return list(self.build(**values))
        ready = self._ready
        if ready.locks and own.get_autocommit():
            raise TransactionManagementError("A locked row is only kept inside a transaction.")
        rows, _ = run(ready.sql, _filled(ready.params, values))
        return [ready.make(row) for row in rows]

    def first(self, **values: Any) -> T | None:
        """For questions with one answer at most: asks for all and takes the first."""
        found = self.all(**values)
        return found[0] if found else None

    @cached_property
    def _ready(self) -> _Ready:
        return _Ready(_with_holes(self.build))


class PreparedUpdate:
    """`PreparedUpdate(lambda pk: Thing.objects.filter(pk=pk), "title")`, then
    `.run(dict(pk=5), title="New")`: how many rows it changed."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *columns: str) -> None:
        self.build = build
        self.columns = columns

    def run(self, where: dict[str, Any], **values: Any) -> int:
        own = connections[DEFAULT_DB_ALIAS]
        if own.vendor != "postgresql":
            return self.build(**where).update(**values)
        sql, params, fields = self._ready
        given = {_set(name): fields[name].get_db_prep_save(values[name], own) for name in fields}
        return run(sql, _filled(params, {**where, **given}))[1]

    @cached_property
    def _ready(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        rows = _with_holes(self.build)
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values({name: Hole(_set(name)) for name in self.columns})
        sql, params = query.get_compiler(using=rows.db).as_sql()
        return sql, params, {name: rows.model._meta.get_field(name) for name in self.columns}


def _set(column: str) -> str:
    """Apart from a condition on the same column."""
    return f"set {column}"


def _with_holes(build: Callable[..., QuerySet[Any, T]]) -> QuerySet[Any, T]:
    names = build.__code__.co_varnames[: build.__code__.co_argcount]
    return build(**{name: Hole(name) for name in names})


def _filled(params: Sequence[Any], values: dict[str, Any]) -> list[Any]:
    return [values[p.name] if isinstance(p, Hole) else p for p in params]


class _Ready:
    """The compiled question: its SQL, its parameters with holes, how a row becomes a result."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(using=rows.db)
        self.sql, self.params = compiler.as_sql()
        self.locks = rows.query.select_for_update
        found = compiler.get_converters([column[0] for column in compiler.select])
        self.converters = list(found.items())
        self.make: Callable[[Sequence[Any]], Any] = self._tuple
        if issubclass(rows._iterable_class, ModelIterable):
            self._prepare_instances(compiler, rows.db)
        elif issubclass(rows._iterable_class, FlatValuesListIterable):
            self.make = lambda row: self._tuple(row)[0]

    def _prepare_instances(self, compiler: Any, db: str) -> None:
        info, select = compiler.klass_info, compiler.select
        self.db, self.model = db, info["model"]
        fields = info["select_fields"]
        self.start, self.end = fields[0], fields[-1] + 1
        self.names = [column[0].target.attname for column in select[self.start : self.end]]
        self.related = get_related_populators(info, select, db)  # type: ignore[call-arg]  # 6.x in the stubs
        self.extra = list((compiler.annotation_col_map or {}).items())
        self.make = self._instance

    def _tuple(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return row
        values = list(row)
        for place, (convert, expression) in self.converters:
            for one in convert:
                values[place] = one(values[place], expression, connection)
        return tuple(values)

    def _instance(self, row: Sequence[Any]) -> Model:
        row = self._tuple(row)
        made = self.model.from_db(self.db, self.names, row[self.start : self.end])
        for populator in self.related:
            populator.populate(row, made)
        for name, place in self.extra:
            setattr(made, name, row[place])
        return made
