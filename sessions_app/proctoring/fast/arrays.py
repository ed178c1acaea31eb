"""PostgreSQL's binary form: arrays, for parameters that are bound many at a time, and moments.

The same bytes as psycopg's own dumpers give (a test holds them together), at a seventh of the CPU:
no value is quoted, escaped or looked up by type.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from struct import Struct
from uuid import UUID

from psycopg.postgres import types

_HEAD = Struct("!iiIii")  # dimensions, whether some are null, type, count, lower bound
_LENGTH, _INT8 = Struct("!i"), Struct("!q")
_NULL = _LENGTH.pack(-1)
_EPOCH, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_OID = {name: types[name].oid for name in ("uuid", "timestamptz", "jsonb", "text", "int8", "bool")}


def uuids(values: Iterable[UUID]) -> bytes:
    return _array("uuid", [value.bytes for value in values])


def moments(values: Iterable[datetime | None]) -> bytes:
    return _array("timestamptz", [None if value is None else _moment(value) for value in values])


def jsons(values: Iterable[bytes]) -> bytes:
    """Of JSON that is already written out."""
    return _array("jsonb", [b"\x01" + value for value in values])


def texts(values: Iterable[str]) -> bytes:
    return _array("text", [value.encode() for value in values])


def numbers(values: Iterable[int | None]) -> bytes:
    pack = _INT8.pack
    return _array("int8", [None if value is None else pack(value) for value in values])


def flags(values: Iterable[bool]) -> bytes:
    return _array("bool", [b"\x01" if value else b"\x00" for value in values])


def moment_of(raw: bytes) -> datetime:
    (microseconds,) = _INT8.unpack(raw)
    return _EPOCH + timedelta(microseconds=microseconds)


def _moment(value: datetime) -> bytes:
    return _INT8.pack((value - _EPOCH) // _MICROSECOND)


def _array(name: str, elements: list[bytes | None] | list[bytes]) -> bytes:
    pack = _LENGTH.pack
    parts = [_NULL if element is None else pack(len(element)) + element for element in elements]
    return b"".join((_HEAD.pack(1, None in elements, _OID[name], len(elements), 1), *parts))
