"""Canonical bytes: a subset of RFC 8785 (JSON Canonicalization Scheme) that needs no float formatting.

The profile: no floats, integers within ±(2^53 - 1), keys `[a-z][a-z0-9_.:-]*`, no lone surrogates, no U+0000. On this
subset `json.dumps` with sorted keys is RFC 8785, because ASCII keys sort alike by code point and by UTF-16 unit.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

KEY = re.compile(r"[a-z][a-z0-9_.:-]*\Z")
LARGEST = 2**53 - 1
BODY_CONTEXT = b"riskreview/audit-body/v1\x00"
TRACE_CONTEXT = b"riskreview/audit-trace/v1\x00"

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]


def encode(value: Plain) -> bytes:
    """The canonical bytes of a plain value. Raises `TypeError` or `ValueError` when it is outside the profile."""
    check(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def check(value: Any) -> None:
    """Raise unless the value is inside the profile."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            check_key(key)
            check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            check(inner)
    elif isinstance(value, int):
        check_integer(value)
    elif value is not None:
        raise TypeError(f"{type(value).__name__} has no canonical form")


def check_text(value: str) -> None:
    """Raise `ValueError` for what PostgreSQL or UTF-8 cannot hold."""
    if "\x00" in value:
        raise ValueError("text must not contain U+0000")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("text must not contain lone surrogates")


def check_key(key: object) -> None:
    """Raise `ValueError` unless the key is one of ours."""
    if not isinstance(key, str) or not KEY.match(key):
        raise ValueError(f"{key!r} is not a canonical key")


def check_integer(value: int) -> None:
    """Raise `ValueError` for integers that a JSON reader with doubles would round."""
    if abs(value) > LARGEST:
        raise ValueError("integers beyond 2^53 - 1 are written as text")


def commitment(entry: bytes, salt: bytes, body: bytes) -> str:
    """The salted SHA-256 commitment that binds a private body to its public header, base64.

    `entry` is the entry's UUID (16 bytes), `salt` 32 random bytes; everything before the body has a fixed length.
    """
    return _committed(BODY_CONTEXT, entry, salt, body)


def trace_commitment(entry: bytes, salt: bytes, trace: bytes) -> str:
    """The commitment that binds address and program to the body, in the same form, base64."""
    return _committed(TRACE_CONTEXT, entry, salt, trace)


def _committed(context: bytes, entry: bytes, salt: bytes, data: bytes) -> str:
    if len(entry) != 16 or len(salt) != 32:
        raise ValueError("an entry id has 16 bytes and a salt 32")
    return base64.b64encode(hashlib.sha256(context + entry + salt + data).digest()).decode("ascii")
