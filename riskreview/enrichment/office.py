"""The text of Word documents (DOCX, ISO/IEC 29500). Nothing is unpacked to disk, and macros are never looked at."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from riskreview.enrichment import metadata
from riskreview.enrichment.decoding import NotText
from riskreview.enrichment.extracted import TEXT_MAX, Extracted, headline, one_line, scope_of
from riskreview.enrichment.languages import language_of
from riskreview.lib.text import normalise

FILES_MAX = 2_000
UNPACKED_MAX = 200_000_000
TEXT_BYTES = 50_000_000
ABOUT_BYTES = 1_000_000
DEPTH_MAX = 500
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NO_DOCX = "It is a ZIP archive, but no Word document."
_DAMAGED = "The Word document is damaged and cannot be read."
_UNPACKABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CENTRAL = b"PK\x01\x02"
_MAIN = "/officeDocument"
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# An older program shows the fallback instead of what stands beside it: the same words twice.
_UNREAD = {"Fallback"}
_DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, DefusedXmlException, KeyError, OSError, EOFError)
_OTHERS = {"xl/": "a spreadsheet", "ppt/": "a presentation"}


def read(body: bytes) -> Extracted:
    """The text of a DOCX: a line for each paragraph, list item and table row.

    At most 5,000,000 characters are kept. Title, author and time of creation are the ones the file states. Raises
    NotText for other archives, for damage and passwords, for more than 2,000 files, 200 MB unpacked in all or 50 MB of
    text with its markup.
    """
    with _opened(body) as archive:
        text, cut = _text(archive)
        about = _about(archive)
    if not text:
        raise NotText("The Word document holds no text.")
    dated = metadata.moment(about.get("created", ""))
    author = one_line(about.get("creator", ""), 200)
    return Extracted(
        title=one_line(about.get("title", "")) or headline(text),
        text=text,
        byline=(author,) if author else (),
        published=dated[0] if dated else None,
        published_granularity=dated[1] if dated else "",
        found_by="docx" if dated else "",
        language=language_of(text),
        canonical_url=None,
        scope=scope_of(text, cut=cut),
    )


def refuse_what_is_no_docx(body: bytes) -> None:
    """Look into an archive without unpacking its text. Raises NotText."""
    with _opened(body) as archive:
        _main(archive)


def _opened(body: bytes) -> zipfile.ZipFile:
    # Counted before the directory is read into memory: it may list millions.
    if body.count(_CENTRAL) > FILES_MAX:
        raise NotText(f"The file packs more than {FILES_MAX:,} files.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except Exception as error:  # struct errors, bad offsets, wrong names: the file is damaged
        raise NotText(_DAMAGED) from error
    files = archive.infolist()
    if sum(each.file_size for each in files) > UNPACKED_MAX:
        raise NotText("The file has more than 200 MB when it is unpacked.")
    if any(each.flag_bits & 1 for each in files):
        raise NotText("The file is protected by a password.")
    return archive


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> io.BytesIO:
    """One file, unpacked no further than `most` whatever size it states. Raises NotText over that."""
    try:
        if archive.getinfo(name).compress_type not in _UNPACKABLE:
            raise NotText("The file is packed in a way that Word does not use.")
        with archive.open(name) as file:
            content = file.read(most + 1)
    except (*_DAMAGE, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise NotText(_DAMAGED) from error
    if len(content) > most:
        raise NotText(f"Its text is larger than {most // 1_000_000} MB when it is unpacked.")
    return io.BytesIO(content)


def _main(archive: zipfile.ZipFile) -> str:
    """The name of the file with the text, as the package states it."""
    names = set(archive.namelist())
    if not {"[Content_Types].xml", "_rels/.rels"} <= names:
        raise NotText(_NO_DOCX)
    for relation in _tree(archive, "_rels/.rels"):
        name = relation.get("Target", "").lstrip("/")
        if relation.get("Type", "").endswith(_MAIN) and name in names:
            other = next((what for start, what in _OTHERS.items() if name.startswith(start)), "")
            if other:
                raise NotText(f"It is {other}, not a Word document.")
            return name
    raise NotText(_NO_DOCX)


def _tree(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        tree: Element = ElementTree.parse(_unpacked(archive, name, ABOUT_BYTES)).getroot()
    except _DAMAGE as error:
        raise NotText(_DAMAGED) from error
    return tree


def _about(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        return {_name(each): each.text or "" for each in _tree(archive, "docProps/core.xml")}
    except NotText:  # what a file says about itself is a courtesy; its text remains
        return {}


def _text(archive: zipfile.ZipFile) -> tuple[str, bool]:
    lines: list[str] = []
    left = TEXT_MAX
    for line in _lines(_unpacked(archive, _main(archive), TEXT_BYTES)):
        lines.append(line[:left])
        left -= len(lines[-1]) + 1
        if left <= 0:
            break
    return "\n".join(lines), left <= 0


@dataclass
class _Place:
    """Where the reader is: in a paragraph, a cell, a row, each possibly inside another of its kind."""

    paragraphs: list[list[str]] = field(default_factory=list)
    rows: list[list[list[str]]] = field(default_factory=list)
    unread: int = 0

    def begin(self, name: str) -> None:
        if name == "p":
            self.paragraphs.append([])
        elif name == "tr":
            self.rows.append([])
        elif name == "tc" and self.rows:
            self.rows[-1].append([])
        elif name in _UNREAD:
            self.unread += 1

    def end(self, name: str, text: str) -> Iterator[str]:
        """The lines that are complete with the end of this element."""
        if name in _UNREAD:
            self.unread -= 1
        elif name == "p":
            yield from self.placed("".join(self.paragraphs.pop()))
        elif name == "tr":
            cells = (" ".join(cell) for cell in self.rows.pop())
            yield from self.placed(" | ".join(cell for cell in cells if cell))
        elif self.paragraphs and not self.unread:
            self.paragraphs[-1].append(text if name == "t" else _BREAKS.get(name, ""))

    def placed(self, words: str) -> Iterator[str]:
        """Words go into the cell they stand in, or are lines of their own."""
        lines = [] if self.unread else [" ".join(line.split()) for line in normalise(words).split("\n")]
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += filter(None, lines)
        else:
            yield from filter(None, lines)


def _lines(document: io.BytesIO) -> Iterator[str]:
    place, above = _Place(), []
    try:
        for event, element in ElementTree.iterparse(document, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element)
                place.begin(_name(element))
                if len(above) > DEPTH_MAX:
                    raise NotText(f"The Word document nests more than {DEPTH_MAX} deep.")
                continue
            yield from place.end(_name(element), element.text or "")
            above.pop()
            if above:
                above[-1].remove(element)  # what was read is let go: the tree never grows
    except _DAMAGE as error:
        raise NotText(_DAMAGED) from error


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
