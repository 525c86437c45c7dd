"""Whose text a document says it is: the agency in its credits, and the page it says it was taken from. Pure.

A credit stands in a dateline, a byline, a closing line or a copyright line. "Reuters reported" is no credit: it names
the source of a claim, not of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from riskreview.enrichment import rules

_DATA = rules.load("origins")
AGENCY_OF: dict[str, str] = {
    spelling: agency for agency, spellings in _DATA["agencies"].items() for spelling in spellings
}
_AGENCY = "|".join(sorted(map(re.escape, AGENCY_OF), key=lambda spelling: (-len(spelling), spelling)))
_CREDITS = tuple(
    rules.pattern(_DATA["credit"][key].replace("{agency}", _AGENCY), f"origins.toml [credit] {key}", re.MULTILINE)
    for key in ("dateline", "byline", "closing", "copyright")
)
_REPORTING_BY = rules.pattern(_DATA["credit"]["reporting_by"], "origins.toml [credit] reporting_by")
_REPORTING_AGENCY: str = _DATA["credit"]["reporting_by_agency"]
_HEAD, _TAIL = 1_500, 2_500
_MOST = 5


def credit(text: str) -> str:
    """The news agency a text credits as its author in a dateline, byline or closing line; "" for none."""
    for part in (text[:_HEAD], text[-_TAIL:]):
        for pattern in _CREDITS:
            match = pattern.search(part)
            if match:
                return AGENCY_OF[match.group(1)]
    return _REPORTING_AGENCY if _REPORTING_BY.search(text[-_TAIL:]) else ""


def agency(name: str) -> str:
    """The news agency that a publisher is, by any of its spellings; "" for none."""
    return AGENCY_OF.get(name.strip(), "")


def elsewhere(addresses: Sequence[Any], own: str) -> tuple[str, ...]:
    """Of the addresses a page names as the place of its text, those on another site than its own: there it is from."""
    home = _site(own)
    named = (address for address in addresses if isinstance(address, str) and address)
    return tuple(dict.fromkeys(address for address in named if _site(address) not in ("", home)))[:_MOST]


def _site(address: str) -> str:
    """The name of a host without what stands before its last three labels, or two where the second is long.

    Enough to tell www.paper.example from paper.example; a wrong guess makes one site of two, and no copy of two texts.
    """
    try:
        host = (urlsplit(address).hostname or "").removesuffix(".")
    except ValueError:
        return ""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])
