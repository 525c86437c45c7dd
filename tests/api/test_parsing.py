"""Hostile JSON is refused in words, never with a 5xx."""

import contextlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from riskreview.api.parsing import DEEPEST, StrictJSONParser, TooLarge

parser = StrictJSONParser()


def parse(body):
    return parser.parse(io.BytesIO(body))


HOSTILE = {
    "no JSON": (b"{", "not JSON"),
    "not UTF-8": (b'"\xff"', "not UTF-8"),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
    "U+0000": (rb'{"a": "x\u0000"}', "U+0000"),
    "U+0000 in a key": (rb'{"a\u0000": 1}', "U+0000"),
    "half a pair": (rb'{"a": ["\ud800"]}', "surrogate"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "infinity": (b'{"a": -Infinity}', "Infinity"),
    "a number beyond all": (b'{"a": 1e999}', "too large"),
    "a huge integer": (b'{"a": 9007199254740993}', "2^53"),
    "an integer of 5,000 digits": (b"9" * 5_000, "2^53"),
    "a repeated key": (b'{"a": 1, "a": 2}', "twice"),
    "nested too deep": (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested"),
    "nested without end": (b"[" * 200_000, "nested"),
}


@pytest.mark.parametrize(("body", "says"), [*HOSTILE.values()], ids=[*HOSTILE])
def test_it_says_what_is_wrong(body, says):
    with pytest.raises(ParseError) as refused:
        parse(body)

    assert says in str(refused.value.detail)


@pytest.mark.parametrize(("body", "says"), [*HOSTILE.values()], ids=[*HOSTILE])
def test_every_resource_answers_400(api, alice, body, says):
    client = api(alice)
    for path in ("cases/open", "vendors/register", "incidents/report", "sources/register"):
        answer = client.post(f"/api/v1/{path}/", body, content_type="application/json")

        assert answer.status_code == 400
        assert says in answer.json()["detail"]


def test_a_body_has_at_most_1_mb():
    assert parse(b'"' + b"x" * 999_998 + b'"')
    with pytest.raises(TooLarge):
        parse(b'"' + b"x" * 999_999 + b'"')


def test_what_is_deep_enough_is_read():
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    with contextlib.suppress(ParseError):
        json.dumps(parse(body), ensure_ascii=False, allow_nan=False).encode()
