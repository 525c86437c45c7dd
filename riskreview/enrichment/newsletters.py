"""The articles a newsletter points to: it is split at its headings, and each heading or headline has its link."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from riskreview.enrichment.extracted import one_line
from riskreview.lib.urls import safe_url

HTML_MAX = 300_000
LINKS_MAX = 200

_SUMMARY_MAX = 1_000
_SECTIONS_MAX = 2_000
_HEADLINE_WORDS = 4
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|td|table|blockquote|section|article)\b[^<>]{0,2000}>", re.IGNORECASE)
_FURNITURE_TEXT = re.compile(
    r"unsubscribe|\bopt[ -]?out\b"
    r"|\b(?:manage|update|change|edit|set)\b.{0,25}\b(?:preferences|subscriptions?|settings|profile)\b"
    r"|\b(?:e-?mail|subscription) (?:preferences|settings)\b|\bpreference cent(?:re|er)\b"
    r"|\b(?:view|read|open|see)\b.{0,30}\b(?:browser|online|on the web)\b|\b(?:web|online|browser) version\b"
    r"|\bprivacy (?:policy|notice|statement|settings)\b|^privacy$|^(?:our )?terms\b.{0,20}$"
    r"|^(?:share|tweet|post)\b.{0,40}$|\bforward (?:this|to a)\b|\badd us to\b|\bfollow us\b",
    re.IGNORECASE,
)
_FURNITURE_ADDRESS = re.compile(
    r"(?:^|[/?&=.])(?:unsubscribe|unsub|opt-?out|(?:e?mail-?|manage-?|subscription-?)?preferences|privacy(?:-policy|-notice)?"
    r"|web-?version|view-in-browser|view-online|share[r]?(?:\.php)?|sharearticle|share-offsite|intent|forward-to-friend"
    r"|profile/manage)(?=[/?&=#.]|$)",
    re.IGNORECASE,
)
_LONE_ADDRESS = re.compile(r"[^\w\n]{0,4}(https?://[^\s<>]{4,2000}?)[^\w/]{0,3}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article: the headline, its address as it was linked, the words below it. `headed`: it has a heading."""

    title: str
    url: str
    summary: str = ""
    headed: bool = False


@dataclass
class _Link:
    url: str
    text: str = ""
    in_heading: bool = False


@dataclass
class _Section:
    title: str = ""
    text: str = ""
    links: list[_Link] = field(default_factory=list)


def entries(html: str) -> list[Entry]:
    """The articles of a newsletter in HTML, at most 200, each address once. Links for leaving it, for settings and for
    sharing are no articles."""
    cleaned = nh3.clean(
        _BLOCK.sub("\n", html[:HTML_MAX]),
        tags={"a", *_HEADINGS},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        clean_content_tags={"script", "style", "title"},
    )
    reader = _Sections()
    reader.feed(cleaned)
    reader.close()
    return _distinct(entry for section in reader.sections for entry in _of(section))


def lines(text: str) -> list[Entry]:
    """The articles of a newsletter in plain text: a headline, and below it a line that is an address."""
    found, before = [], ""
    for line in text[:HTML_MAX].splitlines():
        address = _LONE_ADDRESS.fullmatch(line.strip()[:2_100])
        if address and _is_headline(before):
            found.append(_Link(address.group(1), before))
        if line.strip():
            before = "" if address else one_line(line)
    return _distinct(Entry(link.text, url) for link in found if (url := _usable(link)))


def _of(section: _Section) -> Iterator[Entry]:
    links = [(link, url) for link in section.links if (url := _usable(link))]
    title, summary = one_line(section.title), one_line(section.text, _SUMMARY_MAX)
    named = [(link, url) for link, url in links if _is_headline(link.text)]
    if title and (headed := [url for link, url in links if link.in_heading]):
        yield Entry(title, headed[0], summary, headed=True)
    elif named:
        yield from (Entry(one_line(link.text), url) for link, url in named)
    elif title and links:
        yield Entry(title, links[0][1], summary, headed=True)


def _usable(link: _Link) -> str:
    url = safe_url(link.url) or ""
    is_furniture = _FURNITURE_TEXT.search(one_line(link.text)) or _FURNITURE_ADDRESS.search(url.partition("://")[2])
    return "" if is_furniture else url


def _is_headline(text: str) -> bool:
    return len(text.split()) >= _HEADLINE_WORDS


def _distinct(found: Iterator[Entry]) -> list[Entry]:
    first: dict[str, Entry] = {}
    for entry in found:
        first.setdefault(entry.url, entry)
        if len(first) == LINKS_MAX:
            break
    return list(first.values())


class _Sections(HTMLParser):
    """Reads cleaned markup, which has links and headings only, into its sections."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = [_Section()]
        self.link: _Link | None = None
        self.in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link begins, or a heading and with it a section."""
        if tag == "a":
            self.link = _Link(dict(attrs).get("href") or "", in_heading=self.in_heading)
        elif tag in _HEADINGS:
            self.in_heading = True
            if self.link:
                self.link.in_heading = True
            if len(self.sections) < _SECTIONS_MAX:
                self.sections.append(_Section())

    def handle_endtag(self, tag: str) -> None:
        """A link is complete, or a heading."""
        if tag == "a" and self.link:
            self.sections[-1].links.append(self.link)
            self.link = None
        elif tag in _HEADINGS:
            self.in_heading = False

    def handle_data(self, data: str) -> None:
        """Words belong to the link, and to the heading or the text below it."""
        section = self.sections[-1]
        if self.link:
            self.link.text += data
        if self.in_heading:
            section.title += data
        else:
            section.text += data
