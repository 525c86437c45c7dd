"""The misbehaving wing: sources that fail in the ways real ones do, for tests and for the demonstration."""

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

from riskreview.web.demo.newsroom.corpus import NOTICE

MEGABYTE = 1_000_000
HUGE_BYTES = 24 * MEGABYTE
BOMB_BYTES = 60 * MEGABYTE
DRIPS = 600
RSS = "application/rss+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"

_ITEM = "<item><title>Item {0}</title><link>https://example.com/{0}</link><description>{1}</description></item>"


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """One bad answer. `chunks` yields the body; `pause` seconds pass between two chunks."""

    about: str
    chunks: Callable[[], Iterator[bytes]]
    content_type: str = RSS
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0


def _feed(items: str, *, encoding: str = "utf-8") -> str:
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel>'
    about = f"<title>Misbehaving source</title><link>https://example.com/</link><description>{NOTICE}</description>"
    return f"{head}{about}{items}</channel></rss>"


def _page(body: str) -> bytes:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Not a feed</title></head><body>{body}"
        f"<footer>{NOTICE}</footer></body></html>"
    ).encode()


def _empty() -> Iterator[bytes]:
    yield b""


def _not_a_feed() -> Iterator[bytes]:
    yield _page("<h1>Our feeds have moved</h1><p>This address used to answer with a feed. It is a page now.</p>")


def _huge() -> Iterator[bytes]:
    head, _, tail = _feed("|").partition("|")
    yield head.encode()
    filler = "far too long " * 5_000
    sent = number = 0
    while sent < HUGE_BYTES:
        item = _ITEM.format(number, filler).encode()
        sent, number = sent + len(item), number + 1
        yield item
    yield tail.encode()


def _latin1_labelled_utf8() -> Iterator[bytes]:
    titles = (
        "Garante : décision provisoire à Rome",
        "Prüfung läuft: Behörde äußert sich später",
        "Año nuevo, precios más bajos",
    )
    items = "".join(_ITEM.format(number, title) for number, title in enumerate(titles))
    yield _feed(items).encode("latin-1")


def _truncated_xml() -> Iterator[bytes]:
    whole = _feed("".join(_ITEM.format(number, "An item that arrived whole.") for number in range(4)))
    yield whole[: whole.rindex("<description>") + 20].encode()


def _binary() -> Iterator[bytes]:
    yield b"\x89PNG\r\n\x1a\n" + random.Random(2025).randbytes(64_000)  # noqa: S311 - noise, not a secret


def _script() -> Iterator[bytes]:
    yield _page(
        "<article><h1>A page with scripts</h1>"
        "<script>document.title = 'scripts ran'</script>"
        "<p onclick=\"document.title = 'clicked'\">The text of this page is worth keeping; nothing that runs in it is."
        " A reader of the archive sees these words and two plain links, and the page does nothing.</p>"
        '<p><a href="javascript:document.title=1">A link that is code</a>, <a href="data:text/html,x">a link that is a'
        ' page</a>.</p><img src="x" onerror="document.title = \'image\'"><svg onload="document.title = \'svg\'"></svg>'
        '<iframe srcdoc="&lt;script&gt;top.document.title=1&lt;/script&gt;"></iframe></article>'
    )


def _slow() -> Iterator[bytes]:
    words = _feed(_ITEM.format(1, "drip " * DRIPS)).encode()
    return (words[place : place + 1] for place in range(min(len(words), DRIPS)))


def _missing() -> Iterator[bytes]:
    yield _page("<h1>Not found</h1>")


def _gzip_bomb() -> Iterator[bytes]:
    squeeze = zlib.compressobj(9, wbits=31)
    head, _, tail = _feed("|").partition("|")
    yield squeeze.compress(head.encode())
    blank = b" " * MEGABYTE
    for _ in range(BOMB_BYTES // MEGABYTE):
        yield squeeze.compress(blank)
    yield squeeze.compress(tail.encode()) + squeeze.flush()


MISBEHAVIOURS: dict[str, Misbehaviour] = {
    "empty": Misbehaviour("200 with no body", _empty),
    "not-a-feed": Misbehaviour("a web page where a feed should be", _not_a_feed, HTML),
    "huge": Misbehaviour("a feed of more than 20 MB with no stated length", _huge),
    "latin1-labelled-utf8": Misbehaviour("Latin-1 bytes that claim to be UTF-8", _latin1_labelled_utf8),
    "truncated-xml": Misbehaviour("a feed that breaks off inside an item", _truncated_xml),
    "binary": Misbehaviour("bytes of a picture labelled as a feed", _binary),
    "script": Misbehaviour("a page with scripts, handlers and script links", _script, HTML),
    "slow": Misbehaviour("one byte every half second", _slow, pause=0.5),
    "404": Misbehaviour("nothing there any more", _missing, HTML, status=404),
    "redirect-loop": Misbehaviour(
        "a redirect to itself", _empty, HTML, status=302, headers={"Location": "/bad/redirect-loop"}
    ),
    "gzip-bomb": Misbehaviour(
        "under 100 kB of gzip that inflates past 50 MB", _gzip_bomb, headers={"Content-Encoding": "gzip"}
    ),
}


def listing() -> bytes:
    """A page that lists the wing: path and what is wrong with it."""
    rows = "".join(
        f'<li><a href="/bad/{name}">/bad/{name}</a>: {escape(bad.about)}</li>' for name, bad in MISBEHAVIOURS.items()
    )
    return _page(f"<h1>Sources that misbehave on purpose</h1><ul>{rows}</ul>")
