"""What is refused of XML from outside before a parser sees it."""

import re

from riskreview.enrichment.sources.shapes import NotAFeed

ELEMENTS_MAX = 300_000
DEPTH_MAX = 100
TAG_MAX = 20_000  # characters of one tag
REFERENCES_MAX = 400_000  # to characters and entities
ATTRIBUTES_MAX = 200  # of one tag: readers compare each with all before it

_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9:_.\-]{0,60}+)([^<>]{0,4000}+)>")
# To its end, which is not a bracket inside a quoted value.
_INSIDE_TAG = re.compile(rb"""[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+""")
_VOID = frozenset({b"br", b"img", b"hr", b"input", b"meta", b"link", b"p", b"li"})
_HTML_START = re.compile(rb"(?:<\?xml[^>]{0,200}>\s{0,200})?<(?:!doctype\s{1,20}html|html)\b", re.IGNORECASE)


def refuse_what_is_no_xml(body: bytes, what: str = "feed", elements: int = ELEMENTS_MAX) -> None:
    """Look at bytes that should be XML of some kind, called `what` in the reasons.

    Raises NotAFeed for empty bytes, a web page, binary data, plain text, entities of its own, more than `elements`
    tags or 400,000 character references, a tag of over 20,000 characters or 200 attributes, or tags nested over 100
    deep. Linear in the bytes.
    """
    if not body.strip(b"\0 \t\r\n"):
        raise NotAFeed("The answer is empty.")
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    plain = body.replace(b"\0", b"") if wide else body
    if b"\0" in plain:
        raise NotAFeed(f"The answer is binary data, not a {what}.")
    if _HTML_START.match(plain.removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise NotAFeed(f"The answer is a web page, not a {what}.")
    if b"<" not in plain:
        raise NotAFeed(f"The answer is plain text, not a {what}.")
    if b"<!ENTITY" in plain:
        raise NotAFeed(f"The {what} declares its own entities, which is not accepted.")
    if plain.count(b"<") > elements:
        raise NotAFeed(f"The {what} has more than {elements:,} tags.")
    markup = _without_cdata(plain)
    if markup.count(b"&") > REFERENCES_MAX:
        raise NotAFeed(f"The {what} has more than {REFERENCES_MAX:,} character references.")
    _refuse_costly_tags(markup, what)
    if _depth(markup) > DEPTH_MAX:
        raise NotAFeed(f"The {what} nests its tags more than {DEPTH_MAX} deep.")


def _refuse_costly_tags(plain: bytes, what: str) -> None:
    for piece in plain.split(b"<")[1:]:
        tag = _INSIDE_TAG.match(piece)
        if tag and tag.end() > TAG_MAX:
            raise NotAFeed(f"The {what} has a tag of more than {TAG_MAX:,} characters.")
        if tag and piece.count(b"=", 0, tag.end()) > ATTRIBUTES_MAX:
            raise NotAFeed(f"The {what} has a tag with more than {ATTRIBUTES_MAX} attributes.")


def _without_cdata(plain: bytes) -> bytes:
    """Without the marked sections; what is begun and never ended stays, and is looked for once only."""
    end = plain.rfind(b"]]>") + 3
    return _CDATA.sub(b"", plain[:end]) + plain[end:]


def _depth(markup: bytes) -> int:
    depth = deepest = 0
    for closing, name, rest in _TAG.findall(markup):
        if name.lower() in _VOID or rest.endswith(b"/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
