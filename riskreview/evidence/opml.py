"""The register as an OPML 2.0 file, and other people's lists of feeds read from one.

What OPML has no word for stands in attributes of a namespace of our own. Secrets and the names of credentials never
leave.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from defusedxml import ElementTree as Defused
from django.db import transaction

from riskreview.accounts.models import User
from riskreview.audit.models import Entry, Ledger

from .models import Reliability, Retention, Source
from .models.source import LONGEST_MINUTES, SHORTEST_MINUTES

OURS = "urn:riskreview:opml:1"
FEED = "RSS"
BYTES_MAX, OUTLINES_MAX = 1_000_000, 2_000
FILE_NAME = "riskreview-sources.opml"
HOURLY = 60
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ElementTree.register_namespace("rr", OURS)


class Unreadable(ValueError):
    """Not an OPML file, or too much of one. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A source as an OPML file tells of it. Without our own attributes it is a feed whose worth nobody has judged."""

    name: str
    url: str
    kind: str = FEED
    source_class: str = Source.Class.UNCERTAIN
    reliability: str = Reliability.F
    language: str = ""
    interval_minutes: int = HOURLY
    retention: str = ""
    config: dict[str, str] = field(default_factory=dict)


def taken(*, by: User) -> bytes:
    """The register as this person may see it, written down as taken."""
    sources = list(Source.objects.visible_to(by).order_by("name"))
    with transaction.atomic():
        Entry.objects.access(by, "ledger.export_sources", Ledger.objects.the(), sources=len(sources))
    return written(outline_of(source) for source in sources)


def outline_of(source: Source) -> Outline:
    """What is told of a source."""
    return Outline(
        source.name,
        source.url,
        source.kind,
        source.source_class,
        source.reliability,
        source.language,
        source.interval_minutes,
        source.retention,
        source.config,
    )


def written(outlines: Iterable[Outline]) -> bytes:
    """Outlines as an OPML 2.0 file."""
    root = ElementTree.Element("opml", version="2.0")
    head, body = ElementTree.SubElement(root, "head"), ElementTree.SubElement(root, "body")
    ElementTree.SubElement(head, "title").text = "Sources of riskreview"
    for outline in outlines:
        ElementTree.SubElement(body, "outline", attributes(outline))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def attributes(outline: Outline) -> dict[str, str]:
    """An outline's attributes; those that say nothing are left out."""
    told = {
        "type": "rss",
        "text": outline.name,
        "title": outline.name,
        "xmlUrl": outline.url,
        "language": outline.language,
        ours("kind"): outline.kind,
        ours("class"): outline.source_class,
        ours("reliability"): outline.reliability,
        ours("interval"): str(outline.interval_minutes),
        ours("retention"): outline.retention,
        ours("settings"): json.dumps(outline.config, ensure_ascii=False) if outline.config else "",
    }
    return {name: _NOT_XML.sub("", value) for name, value in told.items() if value}


def read(data: bytes) -> list[Outline]:
    """The sources in an OPML file, in its order; folders are passed through. An outline that is neither a source nor a
    folder has no `url`. Raises `Unreadable`."""
    if len(data) > BYTES_MAX:
        raise Unreadable("The file is larger than 1 MB.")
    found = []
    for element in elements(data):
        if element.get("xmlUrl", "").strip() or len(element) == 0:
            found.append(read_outline(element))
        if len(found) > OUTLINES_MAX:
            raise Unreadable(f"The file lists more than {OUTLINES_MAX:,} sources. Split it.")
    if not any(outline.url for outline in found):
        raise Unreadable("The file lists no source: no outline in it has an xmlUrl.")
    return found


def elements(data: bytes) -> Iterator[Any]:
    """The outlines of a file, without its DTD's tricks. Raises `Unreadable`."""
    try:
        root = Defused.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Unreadable("This is not an XML file that can be read, or it declares a document type.") from error
    if root.tag != "opml":
        raise Unreadable("This is not an OPML file: its outermost element is another one.")
    return iter(root.iter("outline"))


def read_outline(element: Any) -> Outline:
    """One outline; a value of ours that makes no sense counts as not given."""
    url = element.get("xmlUrl", "").strip()
    name = (element.get("title") or element.get("text") or "").strip() or url or "An outline without a name"
    return Outline(
        name=name[:120],
        url=url[:2_000],
        kind=element.get(ours("kind"), FEED)[:24],
        source_class=one_of(Source.Class, element.get(ours("class")), Source.Class.UNCERTAIN),
        reliability=one_of(Reliability, element.get(ours("reliability")), Reliability.F),
        language=element.get("language", "")[:8],
        interval_minutes=minutes(element.get(ours("interval"), "")),
        retention=one_of(Retention, element.get(ours("retention")), ""),
        config=settings(element.get(ours("settings"), "")),
    )


def ours(name: str) -> str:
    """An attribute of our namespace, as ElementTree spells it."""
    return f"{{{OURS}}}{name}"


def one_of(choices: Any, given: str | None, otherwise: str) -> str:
    """A word of a vocabulary."""
    return str(given) if given in choices.values else str(otherwise)


def minutes(given: str) -> int:
    """An interval within bounds, or an hour."""
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else HOURLY
    return number if SHORTEST_MINUTES <= number <= LONGEST_MINUTES else HOURLY


def settings(given: str) -> dict[str, str]:
    """What a source is asked, or nothing when it is not a JSON object of texts."""
    try:
        found = json.loads(given or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
