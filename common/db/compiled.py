"""Named querysets of hot reads, whose SQL is compiled once per process.

Building and compiling a queryset costs more than running it. `@compiled` builds it once with a
`Placeholder` for each argument and afterwards only executes its SQL; rows are made by Django's own
iterables. SQLite, whose values need converting on the way in, builds the queryset at each call.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet
from django.db.transaction import TransactionManagementError

T = TypeVar("T")


def compiled(build: Callable[..., QuerySet[Any, T]]) -> Compiled[T]:
    """`@compiled def tokens_of(user_id): return ApiToken.objects.filter(user_id=user_id)`, then
    `tokens_of.all(user_id=5)` or `tokens_of.first(user_id=5)`.

    The function gets a `Placeholder` for each argument and may do with it what an expression
    allows: compare, not compute; never branch on it. Its queryset yields instances
    (`select_related` and `only` included), tuples or single values (`values_list`), no prefetch.
    """
    return Compiled(build)


class Compiled(Generic[T]):
    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self.__name__, self.__doc__ = build.__name__, build.__doc__
        self._build = build

    def all(self, **values: Any) -> list[T]:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql":
            return list(self._build(**values))
        return self._plan.run(connection, values)

    def first(self, **values: Any) -> T | None:
        """For reads of at most one row: fetches all and takes the first."""
        found = self.all(**values)
        return found[0] if found else None

    @functools.cached_property
    def _plan(self) -> _Plan:
        code = self._build.__code__
        names = code.co_varnames[: code.co_argcount]
        return _Plan(self._build(**{name: Placeholder(name) for name in names}))


class Placeholder(Expression):
    """An operand that compiles to a bare parameter, whose value is given later."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class _Plan:
    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.iterable: Any = rows._iterable_class
        self.locks = rows.query.select_for_update
        self.compiler = rows.query.get_compiler(using=rows.db)
        self.sql, self.params = self.compiler.as_sql()

    def run(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("A locked row is only held inside a transaction.")
        # The compiled select and its converters are shared; connection and values are this call's.
        compiler: Any = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (self.sql, _filled(self.params, values))
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        source = SimpleNamespace(query=query, db=connection.alias, _known_related_objects={})
        return list(self.iterable(source))


def _filled(params: Sequence[Any], values: dict[str, Any]) -> list[Any]:
    return [values[p.name] if isinstance(p, Placeholder) else p for p in params]
