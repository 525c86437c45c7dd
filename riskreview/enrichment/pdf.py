"""The text of PDF files. They come from outside: whatever the reader does with a broken one ends in words."""

import io
import logging
import re
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from pypdf import PdfReader

from riskreview.enrichment.decoding import NotText
from riskreview.enrichment.extracted import EARLIEST, TEXT_MAX, Extracted, headline, one_line, scope_of, tried
from riskreview.enrichment.languages import language_of
from riskreview.lib.confining import Confined
from riskreview.lib.text import normalise

PDF = "application/pdf"
MARK_WITHIN = 1_024  # readers look for the mark of a PDF in its first bytes, not only at the very start
PDF_BYTES = 25_000_000
PAGES_MAX = 2_000

_DAMAGED = "The PDF is damaged and cannot be read."
_FULL_LINE = 0.75
_BULLET = re.compile(r"[•‣▪◦●·*\-–—]\s|\(?[0-9a-zA-Z]{1,3}[.)]\s")
_HYPHENATED = re.compile(r"[^\W\d_][-\u2010]$")
_NO_TITLE = re.compile(
    r"untitled|(?:microsoft )?(?:word|powerpoint|excel) - |.*\.(?:docx?|pdf|indd|qxd|rtf|odt)$", re.IGNORECASE
)
_DAY = re.compile(r"\s*(?:D:)?(\d{8})(\d\d)?")

# It reports every oddity of every file, and quotes the file while it does.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read(body: bytes) -> Extracted:
    """The text of a PDF, its pages apart by a blank line, its printed lines joined to paragraphs.

    At most 2,000 pages and 5,000,000 characters are read; what was cut, and a page that cannot be read, show as scope
    PARTIAL. The date is the one of creation that the file states. Raises NotText over 25 MB, for a password, for
    damage, and for pictures of pages.
    """
    if len(body) > PDF_BYTES:
        raise NotText("A PDF has at most 25 MB.")
    reader = _opened(body)
    text, cut = _text(reader)
    if not any(letter.isalnum() for letter in text):
        raise NotText("The PDF holds pictures of pages and no text.")
    title, authors = _about(reader)
    published, granularity = _created(reader)
    return Extracted(
        title=title or headline(text),
        text=text,
        byline=authors,
        published=published,
        published_granularity=granularity,
        found_by="pdf" if published else "",
        language=language_of(text),
        canonical_url=None,
        scope=scope_of(text, cut=cut),
    )


def _opened(body: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(body))
        is_locked = reader.is_encrypted and not reader.decrypt("")
        if not is_locked:
            len(reader.pages)
    except (Confined, MemoryError):
        raise
    except Exception as error:  # the reader raises a dozen kinds on damaged files
        raise NotText(_DAMAGED) from error
    if is_locked:
        raise NotText("The PDF is protected by a password.")
    return reader


def _text(reader: PdfReader) -> tuple[str, bool]:
    pages: list[str] = []
    left, damaged = TEXT_MAX, 0
    for number in islice(range(len(reader.pages)), PAGES_MAX):
        page = _page(reader, number)
        damaged += page is None
        pages.append((page or "")[:left])
        left -= len(pages[-1])
        if left <= 0:
            break
    if damaged and damaged == len(pages):
        raise NotText(_DAMAGED)
    is_cut = bool(damaged) or left <= 0 or len(pages) < len(reader.pages)
    return "\n\n".join(page for page in pages if page), is_cut


def _page(reader: PdfReader, number: int) -> str | None:
    words = tried(lambda: str(reader.pages[number].extract_text()), None)
    return None if words is None else _unwrapped(normalise(words.replace("\u00ad\n", "")))


def _unwrapped(page: str) -> str:
    """The paragraphs of a page, a line each: a full printed line goes on in the next one."""
    lines = [" ".join(line.split()) for line in page.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    full = _FULL_LINE * lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraphs = [""]
    for line in lines:
        if not line or _BULLET.match(line):
            paragraphs.append("")
        paragraphs[-1] = _joined(paragraphs[-1], line)
        if len(line) < full:
            paragraphs.append("")
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _joined(before: str, line: str) -> str:
    if _HYPHENATED.search(before) and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}".strip()


def _about(reader: PdfReader) -> tuple[str, tuple[str, ...]]:
    title = one_line(_stated(reader, "title"))
    names = (one_line(name, 200) for name in re.split(r"[;\n]", _stated(reader, "author"))[:20])
    authors = tuple(dict.fromkeys(name for name in names if len(name) > 2))
    return ("" if _NO_TITLE.match(title) else title), authors


def _created(reader: PdfReader) -> tuple[datetime | None, Literal["TIME", "DATE", ""]]:
    at, stated = _field(reader, "creation_date"), _DAY.match(_stated(reader, "creation_date_raw"))
    # What is no date is read as one: month 13 as the third day of the first.
    if not isinstance(at, datetime) or not stated or at.strftime("%Y%m%d") != stated.group(1):
        return None, ""
    utc = tried(lambda: at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC), None)
    if utc is None or utc < EARLIEST:
        return None, ""
    return utc, "TIME" if stated.group(2) else "DATE"


def _stated(reader: PdfReader, name: str) -> str:
    value = _field(reader, name)
    return value if isinstance(value, str) else ""


def _field(reader: PdfReader, name: str) -> Any:
    return tried(lambda: getattr(reader.metadata, name, None), None)
