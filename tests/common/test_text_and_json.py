import pytest
from rest_framework.exceptions import ParseError

from common.errors import Invalid
from common.http.json import NestedTooDeep, parse_json
from common.text import BAD_TEXT, MAX_JSON_LEVELS, TOO_DEEP, TOO_GREAT, find_unstorable


@pytest.mark.parametrize("body", [b"", b"{", b"nope", b"[1,", b"\xff"])
def test_malformed_json_is_a_parse_error(body):
    with pytest.raises(ParseError):
        parse_json(body)


@pytest.mark.parametrize("body", [b'{"a": "x\\u0000"}', b'{"a": {"b": ["\\u0000"]}}'])
def test_nul_is_refused_where_it_stands(body):
    with pytest.raises(Invalid) as refusal:
        parse_json(body)

    assert list(refusal.value.fields) == ["a"]


def test_numbers_are_found_that_could_not_be_written_out_again():
    for number in (1e300, -1e19, float(2**63)):
        assert find_unstorable({"a": [0.5, number]}) == ("a.1", TOO_GREAT)
    assert find_unstorable({"a": [9e18, -9e18, 1e-300, 2**62]}) is None


def test_lone_surrogates_are_found():
    assert find_unstorable({"a": ["ok", "\ud800"]}) == ("a.1", BAD_TEXT)
    assert find_unstorable({"a": "emoji 🙂 is fine"}) is None


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_json_is_refused_that_could_not_be_written_out_again(opening, closing):
    def nested(levels):
        return b'{"answer":' + opening * (levels - 1) + b"0" + closing * (levels - 1) + b"}"

    assert "answer" in parse_json(nested(MAX_JSON_LEVELS))
    for levels in (MAX_JSON_LEVELS + 1, 300, 1000):
        with pytest.raises(Invalid) as refusal:
            parse_json(nested(levels))
        assert refusal.value.fields == {"answer": [TOO_DEEP]}
    with pytest.raises(NestedTooDeep):  # more than the parser itself reads
        parse_json(nested(100_000))
