"""From bytes of unknown make to characters."""

import codecs
import html
import re

from riskreview.lib.text import normalise

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY_STARTS = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an office file",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an office file of an older make (save it as .docx or PDF)",
}
_CHARSET = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:\-]{2,40})", re.IGNORECASE)
_HTML_START = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s{0,50})?(?:<!--.{0,500}?-->\s{0,50})?<(?:!doctype\s{1,20}html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{0,1000})</title", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROLS_MAX = 0.01
_DAMAGED_MAX = 0.005
_HEAD_BYTES = 4_096


class NotText(Exception):
    """The bytes hold nothing to read; `reason` says why in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decoded(body: bytes, content_type: str = "") -> str:
    """The characters of a text or page.

    Tried in this order: byte order mark, strict UTF-8, the encoding declared in `content_type` or in the page's head,
    Windows-1252. A UTF-8 text with a few broken bytes stays UTF-8, the broken ones marked U+FFFD. Raises NotText for
    empty and for binary bytes.
    """
    if not body.strip(b"\0 \t\r\n"):
        raise NotText("There is nothing in it.")
    for start, what in _BINARY_STARTS.items():
        if body.startswith(start):
            raise NotText(f"It is {what}, not text.")
    content = _characters(body, content_type)
    if len(_CONTROLS.findall(content)) > _CONTROLS_MAX * len(content):
        raise NotText("It is binary data, not text.")
    return content


def is_html(content: str, content_type: str = "") -> bool:
    """True for a page: declared as HTML, or undeclared and beginning like one."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    return kind not in ("text/plain", "text/markdown") and bool(_HTML_START.match(content.lstrip()))


def titled(content: str) -> str:
    """The `<title>` of a page as plain text, or nothing."""
    match = _TITLE.search(content, 0, 200_000)
    return " ".join(normalise(html.unescape(match.group(1))).split()) if match else ""


def _characters(body: bytes, content_type: str) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, errors="replace")
    if b"\0" in body[:_HEAD_BYTES]:
        raise NotText("It is binary data, not text.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _repaired(body, _declared(body, content_type))


def _declared(body: bytes, content_type: str) -> str:
    head = body[:_HEAD_BYTES].decode("latin-1")
    for place in (content_type, head):
        match = _CHARSET.search(place)
        if match:
            return _known(match.group(1))
    return ""


def _known(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
    except LookupError:
        return ""
    # latin-1 on the web means Windows-1252 (WHATWG Encoding Standard); codecs such as "hex" are no character sets.
    name = "cp1252" if info.name in ("iso8859-1", "ascii") else info.name
    return name if info._is_text_encoding else ""


def _repaired(body: bytes, declared: str) -> str:
    if declared not in ("", "utf-8"):
        try:
            return body.decode(declared)
        except (UnicodeDecodeError, ValueError):
            pass
    tolerant = body.decode("utf-8", errors="replace")
    broken = tolerant.count("\ufffd")
    if not tolerant.isascii() and broken <= _DAMAGED_MAX * len(tolerant) and _has_multibyte(tolerant):
        return tolerant
    return body.decode("cp1252", errors="replace")


def _has_multibyte(text: str) -> bool:
    return any(ord(c) > 127 and c != "\ufffd" for c in text[:100_000])
