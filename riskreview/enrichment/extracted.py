"""What is read out of a document, whatever its format, and how its text is judged."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar

from riskreview.lib.confining import Confined
from riskreview.lib.text import normalise

TEXT_MAX = 5_000_000
TITLE_MAX = 300
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FULL_WORDS = 25

_HEADLINE_MAX = 120
_MARKS = re.compile(r"#{1,6}\s+")
_OPEN_ENDS = ("...", "…", "[…]", "[...]")
_PAYWALL = re.compile(
    r"\b(?:subscribe|sign in|log in|register|become a (?:member|subscriber)) to (?:continue|keep|read|unlock)"
    r"|\b(?:this|the) (?:article|story|content) is (?:only |exclusively )?(?:for|available to)"
    r" (?:paying )?(?:subscribers|members)\b"
    r"|\balready a subscriber\?",
    re.IGNORECASE,
)

Found = TypeVar("Found")
Scope = Literal["FULL", "SUMMARY", "PARTIAL"]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document says and what it says about itself.

    `text` and `title` are normalised plain text: markup and scripts are gone. `published` is in UTC for granularity
    "TIME"; for "DATE" it is midnight UTC of the day stated; it is None with "" when the document does not say.
    `found_by` names where the date stood. `language` is an ISO 639-1 code or "". `canonical_url` is what the page
    itself calls its address, `based_on` the addresses it says it was made from. `scope` is PARTIAL for a text that is
    cut, ends open or stops at a paywall.
    """

    title: str
    text: str
    byline: tuple[str, ...]
    published: datetime | None
    published_granularity: Literal["TIME", "DATE", ""]
    found_by: str
    language: str
    canonical_url: str | None
    scope: Scope
    based_on: tuple[str, ...] = ()


def tried(read: Callable[[], Found], otherwise: Found) -> Found:
    """What a library reads out of a part of a hostile file, or `otherwise`: the other parts remain."""
    try:
        return read()
    except (Confined, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - parsers raise many kinds on what is damaged
        return otherwise


def tidy(text: str) -> str:
    """The text normalised, its lines without outer and doubled blanks, without empty lines."""
    lines = (" ".join(line.split()) for line in normalise(text).split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str, most: int = TITLE_MAX) -> str:
    """A title or a name: normalised, on one line, at most so many characters."""
    return " ".join(normalise(text).split())[:most]


def headline(text: str) -> str:
    """The first line where it looks like a title, or nothing. The marks of a heading in Markdown are none of it."""
    first, _, rest = text.partition("\n")
    first = _MARKS.sub("", first.strip(), count=1)
    is_title = rest.strip() and len(first) <= _HEADLINE_MAX and not first.endswith((".", "!", "?", ":", ",", ";"))
    return first if is_title else ""


def scope_of(text: str, *, cut: bool) -> Scope:
    """PARTIAL for a text that was cut, ends open or stops at a paywall; else FULL. Shortness proves nothing: notices
    and statements are whole in a sentence."""
    return "PARTIAL" if cut or text.endswith(_OPEN_ENDS) or _PAYWALL.search(text[-2_000:]) else "FULL"
