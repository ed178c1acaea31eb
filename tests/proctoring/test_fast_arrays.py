"""Parameters in PostgreSQL's binary form: byte for byte what psycopg itself would send."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

from sessions_app.proctoring.fast import arrays

NOW = datetime(2026, 11, 21, 10, 30, 15, 123456, tzinfo=UTC)
LONG_AGO = datetime(1969, 7, 20, 20, 17, tzinfo=timezone(timedelta(hours=-5)))


def by_psycopg(values):
    (sent,) = Transformer().dump_sequence([values], [PyFormat.BINARY])
    return bytes(sent)


@pytest.mark.parametrize(
    ("write", "values"),
    [
        (arrays.uuids, [uuid4(), UUID(int=0), UUID(int=2**128 - 1)]),
        (arrays.moments, [NOW, LONG_AGO]),
        (arrays.moments, [NOW, None, LONG_AGO]),
        (arrays.texts, ["", "tab", 'quotes " and \\ {,}', "ünï 🙂"]),
        (arrays.flags, [True, False]),
    ],
)
def test_an_array_is_what_psycopg_sends(write, values):
    assert write(values) == by_psycopg(values)


def test_json_is_what_psycopg_sends():
    written = [b'{"a": [1, "\\n"]}', b"3.10"]

    assert arrays.jsons(written) == by_psycopg([Jsonb(one, dumps=bytes) for one in written])


def test_numbers_are_bigints_whatever_their_size():
    written = arrays.numbers([0, 2**53, None])

    assert written == by_psycopg([Int8(0), Int8(2**53), None])


@pytest.mark.parametrize("moment", [NOW, LONG_AGO.astimezone(UTC)])
def test_a_moment_comes_back(moment):
    raw = arrays.moments([moment])[-8:]

    assert arrays.moment_of(raw) == moment
