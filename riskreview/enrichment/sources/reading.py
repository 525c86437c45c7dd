"""What the kinds share in reading: JSON under limits, and the fields inside an answer, which may be anything."""

import html
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import nh3

from riskreview.enrichment.decoding import NotText, decoded
from riskreview.enrichment.sources.shapes import ITEMS_MAX, Item, ParseFailed
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.text import normalise
from riskreview.lib.urls import canonical_url, safe_url

FIELD_MAX = 1_000_000
LINE_MAX = 1_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_BRACKETS_MAX = 300_000
_DEPTH_MAX = 100
_REFUSED_MAX = 20
_THINGS_MAX = 10_000
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\r")
# An unclosed string runs to the end: the scan stays linear whatever it is given.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_HALVES = re.compile("[\ud800-\udfff]")
_BRACKET = re.compile(r"[\[\]{}]")
_ESCAPE = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))|\\')
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|pre)\b[^<>]{0,500}>", re.IGNORECASE
)


def characters(body: bytes, content_type: str = "") -> str:
    """The answer as text without control characters. Raises ParseFailed for empty and for binary bytes."""
    if not body.strip(b"\0 \t\r\n"):
        raise ParseFailed("The answer is empty.")
    try:
        return _CONTROLS.sub("", decoded(_without_controls(body), content_type)).strip()
    except NotText as error:
        raise ParseFailed("The answer is binary data, not JSON.") from error


def _without_controls(body: bytes) -> bytes:
    """What begins like JSON is taken for text, whatever is strewn into it."""
    return body.translate(None, _CONTROL_BYTES) if body.lstrip()[:1] == b"{" else body


def json_object(text: str) -> dict[str, Any]:
    """The JSON object (RFC 8259) that a text is.

    Control characters and backslashes that should have been escaped are forgiven. Raises ParseFailed for a web page,
    for more than 300,000 arrays and objects, for nesting over 100 deep, for NaN and Infinity, and for anything that is
    not one object.
    """
    if text.startswith("<"):
        raise ParseFailed("The answer is a web page, not JSON.")
    _refuse_costly(text)
    found = _loaded(text)
    if not isinstance(found, dict):
        raise ParseFailed("The answer is JSON, but not an object.")
    return found


def json_answer(body: bytes, content_type: str = "") -> dict[str, Any]:
    """The JSON object that an answer is. Raises ParseFailed as `characters` and `json_object` do."""
    return json_object(characters(body, content_type))


def things(value: object) -> list[dict[str, Any]]:
    """The objects among the first 10,000 of a list; nothing where there is no list, and without what is no object."""
    return [each for each in value[:_THINGS_MAX] if isinstance(each, dict)] if isinstance(value, list) else []


def string(value: object) -> str:
    """A text as it came, at most a million characters; nothing where there is no text. JSON can hold halves of
    characters, which no text can be written with: they are marked U+FFFD."""
    return _HALVES.sub("\ufffd", value[:FIELD_MAX]) if isinstance(value, str) else ""


def line(value: object, most: int = LINE_MAX) -> str:
    """A text on one line."""
    return " ".join(normalise(string(value)).split())[:most]


def plain(markup: object) -> str:
    """The words of a piece of HTML, one line per block."""
    broken_up = _BLOCK.sub("\n", string(markup))
    text = normalise(html.unescape(nh3.clean(broken_up, tags=set(), clean_content_tags={"script", "style"})))
    lines = (" ".join(each.split()) for each in text.split("\n"))
    return "\n".join(each for each in lines if each)


def whole(value: object, otherwise: int = 0) -> int:
    """A whole number that is not negative; `otherwise` where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else otherwise


def address(value: object, base: str = "") -> str:
    """An address that may be linked, absolute; nothing where there is none."""
    return safe_url(string(value), base=base) or ""


def moment(value: object) -> datetime | None:
    """A date with or without time (ISO 8601, also RFC 5322) in UTC, where no zone is given taken as UTC; None for what
    is no date or lies before 1990."""
    text = string(value).strip()[:64]
    try:
        return believed(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):
        pass
    try:
        return believed(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def epoch(value: object) -> datetime | None:
    """Seconds since 1970 as a time in UTC; None for what is no time or lies before 1990."""
    try:
        return believed(datetime.fromtimestamp(whole(value), tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def believed(at: datetime) -> datetime | None:
    """A time in UTC, or None before 1990: dates from before the web are mistakes. Raises OverflowError."""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at if at >= EARLIEST else None


def identity(link: str, own: str, base: str, content: str) -> str:
    """What an item is known by: its address, else its own identifier at the address `base`, else the hash of its
    words. Nothing where there is none of these."""
    if link:
        return canonical_url(link)
    if own:
        return f"guid:{canonical_url(base) if base else ''}#{normalise(own)[:500]}"
    return f"sha256:{sha256_hex(content.encode('utf-8', 'replace'))}" if content.strip() else ""


def distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    """The first item of each key, at most 2,000."""
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.key, item)
    return tuple(first.values())[:ITEMS_MAX]


def told(refused: list[str]) -> tuple[str, ...]:
    """What is told of items that could not be read: the first twenty, and how many more there were."""
    rest = len(refused) - _REFUSED_MAX
    return (*refused[:_REFUSED_MAX], *([f"And {rest:,} more like these."] if rest > 0 else []))


def _refuse_costly(text: str) -> None:
    brackets = _BRACKET.findall(_STRING.sub("", text))
    if len(brackets) > 2 * _BRACKETS_MAX:
        raise ParseFailed(f"The answer has more than {_BRACKETS_MAX:,} lists and objects.")
    depth = deepest = 0
    for bracket in brackets:
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEPTH_MAX:
        raise ParseFailed(f"The answer nests its lists and objects more than {_DEPTH_MAX} deep.")


def _loaded(text: str, *, mended: bool = False) -> Any:
    try:
        return json.loads(text, strict=False, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Invalid \\") and not mended:
            return _loaded(_ESCAPE.sub(_escaped, text), mended=True)
        raise ParseFailed(f"The answer is not valid JSON (at character {error.pos + 1:,}).") from error
    except ValueError as error:
        raise ParseFailed("The answer is JSON with a number that cannot be.") from error


def _escaped(match: re.Match[str]) -> str:
    return match.group(1) or "\\\\"


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)
