"""Services that are whole by themselves, and join the transaction of a creating request."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
T = TypeVar("T")
_held: ContextVar[bool] = ContextVar("held", default=False)


@contextmanager
def held_by_request() -> Iterator[None]:
    """The durable transaction of one request: whatever is refused inside, all of it goes."""
    with transaction.atomic(durable=True):
        token = _held.set(True)
        try:
            yield
        finally:
            _held.reset(token)


def whole(service: Callable[P, T]) -> Callable[P, T]:
    """`transaction.atomic`, without a savepoint where the request holds the transaction: a refusal
    leaves it at once and takes everything along, so there is nothing to fall back to."""

    @functools.wraps(service)
    def joined(*args: P.args, **kwargs: P.kwargs) -> T:
        if _held.get():
            return service(*args, **kwargs)
        with transaction.atomic():
            return service(*args, **kwargs)

    return joined
