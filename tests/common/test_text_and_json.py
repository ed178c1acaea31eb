import pytest
from rest_framework.exceptions import ParseError

from common.errors import Invalid
from common.http.json import parse_json
from common.text import find_unstorable


@pytest.mark.parametrize("body", [b"", b"{", b"nope", b"[1,", b"\xff"])
def test_malformed_json_is_a_parse_error(body):
    with pytest.raises(ParseError):
        parse_json(body)


@pytest.mark.parametrize("body", [b'{"a": "x\\u0000"}', b'{"a": {"b": ["\\u0000"]}}'])
def test_nul_is_refused_where_it_stands(body):
    with pytest.raises(Invalid) as refusal:
        parse_json(body)

    assert list(refusal.value.fields) == ["a"]


def test_lone_surrogates_are_found():
    assert find_unstorable({"a": ["ok", "\ud800"]}) == "a.1"
    assert find_unstorable({"a": "emoji 🙂 is fine"}) is None
