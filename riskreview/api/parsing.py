"""JSON that the product can hold: anything else is refused here, in words, before it reaches a model or PostgreSQL."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any, ClassVar, NoReturn

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LARGEST_BODY, DEEPEST, LARGEST_INTEGER = 1_000_000, 32, 2**53 - 1
LARGEST_TEXT = 10_000_000  # bytes of a body that carries a whole document


class TooLarge(APIException):
    """The body is larger than this address takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """At most 1 MB of UTF-8, 32 levels deep; no U+0000, lone surrogates, repeated keys, NaN or huge numbers."""

    media_type = "application/json"
    largest: ClassVar[int] = LARGEST_BODY

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises `TooLarge` or `ParseError`."""
        body = stream.read(self.largest + 1)
        if len(body) > self.largest:
            raise TooLarge(f"A JSON body has at most {self.largest // 1_000_000} MB ({self.largest:,} bytes) here.")
        value = loads(body)
        check(value)
        return value


class DocumentJSONParser(StrictJSONParser):
    """The same for bodies that carry the text of a document: at most 10 MB, refused by their length before reading."""

    largest = LARGEST_TEXT

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises `TooLarge` or `ParseError`."""
        if announced(parser_context) > self.largest:
            raise TooLarge(f"A document has at most {self.largest // 1_000_000} MB ({self.largest:,} bytes) of JSON.")
        return super().parse(stream, media_type, parser_context)


def announced(parser_context: Mapping[str, Any] | None) -> int:
    """The length a request says it has; 0 where it says none."""
    request = (parser_context or {}).get("request")
    length = request.META.get("CONTENT_LENGTH") or "" if request else ""
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0


def loads(body: bytes) -> Any:
    """Bytes as a JSON value. Raises `ParseError` in words."""
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_int=integer,
            parse_float=finite,
            parse_constant=refuse_constant,
            object_pairs_hook=without_repeats,
        )
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8 (byte {error.start}).") from error
    except RecursionError as error:
        raise ParseError(f"The body is nested more than {DEEPEST} levels deep.") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error


def integer(digits: str) -> int:
    """An integer that every JSON reader keeps exactly."""
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER:
        raise ParseError("Integers beyond 2^53 - 1 are not accepted; send them as text.")
    return int(digits)


def finite(digits: str) -> float:
    """A number that is not infinite."""
    number = float(digits)
    if not math.isfinite(number):
        raise ParseError("This number is too large.")
    return number


def refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are not JSON, although Python reads them."""
    raise ParseError(f"{name} is not JSON.")


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which every key stands once: readers disagree about which of two wins."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"The key {twice[:80]!a} is there twice.")
    return found


def check(value: Any, depth: int = 1) -> None:
    """Raise `ParseError` for nesting and for characters that PostgreSQL or UTF-8 cannot hold."""
    if isinstance(value, str):
        check_text(value)
        return
    if isinstance(value, dict | list):
        if depth > DEEPEST:
            raise ParseError(f"The body is nested more than {DEEPEST} levels deep.")
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            check(inner, depth + 1)


def check_text(text: str) -> None:
    """Raise `ParseError` for U+0000 and lone surrogates."""
    if "\x00" in text:
        raise ParseError("Text must not contain the character U+0000.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ParseError("Text must not contain half of a surrogate pair.")
