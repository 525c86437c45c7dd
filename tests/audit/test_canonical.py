"""Canonical bytes: our profile is RFC 8785, and refuses what is outside of it."""

import base64
import datetime
import decimal
import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from riskreview.audit import canonical
from riskreview.audit.verifier import leaf_hash

# The test vector of the ledger's specification (docs/audit.md).
BODY = (
    '{"arguments":{"recommendation":"Restrict"},"changes":{"status":["IN_REVIEW","AWAITING_APPROVAL"]},'
    '"label":"DeepSeek expansion","reason":"High exposure.","v":1}'
)
HEADER = (
    '{"actor":"8d6f0e52-2f53-4c3b-8a34-6b0f3f3a2c11","behalf":null,'
    '"body":"9DyW77I0/KZrAkFnEgYp+iDpgsqlu/EeQcKESn3q8tE=","id":"5e0b0f5a-3c0e-4f7b-9a53-0d7c1e2f3a4b",'
    '"kind":"act","meaning":"submitted","reason":true,"recorded_at":"2025-01-28T10:00:00.123456Z",'
    '"request":"f3b0c442-98fc-4c14-9afb-f4c8996fb924","strength":"totp",'
    '"subject":{"id":"1f0c2c3a-77a1-4a53-8a9e-0f1e2d3c4b5a","label":"RR-2025-0042","seq":14,"type":"case"},'
    '"token":null,"tx":"759","v":1,"verb":"case.submit","via":"web"}'
)
ENTRY = bytes.fromhex("5e0b0f5a3c0e4f7b9a530d7c1e2f3a4b")

keys = st.from_regex(canonical.KEY, fullmatch=True)
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
integers = st.integers(-canonical.LARGEST, canonical.LARGEST)
values = st.recursive(
    st.none() | st.booleans() | integers | text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


@given(values)
@settings(deadline=None)
def test_it_writes_the_bytes_of_rfc_8785(value):
    assert canonical.encode(value) == rfc8785.dumps(value)


@given(values)
@settings(deadline=None)
def test_reading_the_bytes_gives_the_value_back(value):
    assert json.loads(canonical.encode(value)) == value


def test_the_published_body_is_canonical():
    assert len(BODY) == 159
    assert canonical.encode(json.loads(BODY)) == BODY.encode()


def test_the_published_header_is_canonical():
    assert len(HEADER) == 485
    assert canonical.encode(json.loads(HEADER)) == HEADER.encode()


def test_the_published_commitment_holds():
    made = canonical.commitment(ENTRY, bytes(range(32)), BODY.encode())
    assert made == "9DyW77I0/KZrAkFnEgYp+iDpgsqlu/EeQcKESn3q8tE=" == json.loads(HEADER)["body"]


def test_the_published_leaf_hash_holds():
    made = base64.b64encode(leaf_hash(HEADER.encode())).decode()
    assert made == "Gji70VLmLhmhuqUIfSXrTi2TqiZBsf8P904oE4mZgH0="


@pytest.mark.parametrize("changed", ["entry", "salt", "body"])
def test_one_changed_bit_is_another_commitment(changed):
    parts = {"entry": ENTRY, "salt": bytes(range(32)), "body": BODY.encode()}
    before = canonical.commitment(**parts)
    parts[changed] = bytes([parts[changed][0] ^ 1]) + parts[changed][1:]
    assert canonical.commitment(**parts) != before


@pytest.mark.parametrize(("entry", "salt"), [(b"", bytes(32)), (bytes(17), bytes(32)), (bytes(16), bytes(31))])
def test_a_commitment_has_parts_of_fixed_length(entry, salt):
    with pytest.raises(ValueError, match="16 bytes and a salt 32"):
        canonical.commitment(entry, salt, b"{}")


@pytest.mark.parametrize(
    "stranger",
    [
        1.0,
        float("nan"),
        float("inf"),
        b"raw",
        bytearray(b"raw"),
        {1, 2},
        decimal.Decimal(1),
        datetime.date.min,
        1j,
    ],
    ids=repr,
)
def test_it_refuses_what_has_no_canonical_form(stranger):
    with pytest.raises(TypeError, match="canonical form"):
        canonical.encode({"a": [stranger]})


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30])
def test_it_refuses_integers_that_a_reader_would_round(number):
    with pytest.raises(ValueError, match="written as text"):
        canonical.encode({"a": number})


def test_it_takes_the_largest_integers():
    assert canonical.encode([canonical.LARGEST, -canonical.LARGEST]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize("words", ["a\x00b", "\ud800", "tail \udfff"])
def test_it_refuses_text_that_cannot_be_stored(words):
    for value in (words, [words], {"a": {"b": words}}):
        with pytest.raises(ValueError, match=r"U\+0000|surrogates"):
            canonical.encode(value)


@pytest.mark.parametrize("key", ["", "A", "1a", "ü", "a b", "a\n", "_a", 7, None, "a/b"])
def test_it_refuses_keys_of_another_form(key):
    with pytest.raises(ValueError, match="not a canonical key"):
        canonical.encode({key: 1})


def test_it_takes_the_keys_of_parts():
    assert canonical.encode({"finding:57.text": 1, "a-b": 2}) == b'{"a-b":2,"finding:57.text":1}'
