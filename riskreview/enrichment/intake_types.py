"""Which files people may bring in: the name and the bytes must say the same."""

import re
from pathlib import PurePath

from riskreview.enrichment import messages, office, pdf
from riskreview.enrichment.decoding import NotText, decoded, is_html

FILE_BYTES = 25_000_000
TYPES = {
    ".pdf": pdf.PDF,
    ".docx": office.DOCX,
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".eml": "message/rfc822",
    ".html": "text/html",
    ".htm": "text/html",
}
TAKEN = f"Taken are {', '.join(sorted(TYPES))}."

_NAME_MAX = 255
HEADLINE = 500
_PDF, _ZIP, _ZIP_END = b"%PDF-", b"PK\x03\x04", b"PK\x05\x06"
_ZIP_END_BYTES = 22
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<svg|<html|<script)", re.IGNORECASE)
_NO_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype\s+(?!html)|<(?!!|\?|html|head|body)[a-z]+:|<svg|<rss|<feed)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|h[1-6]|article|section|table|ul|a|span|br)\b", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:\-]{2,40})", re.IGNORECASE)
_MEDIA = ("image/", "audio/", "video/", "font/", "application/x-msdownload")


def readable(name: str, content: bytes, content_type: str) -> str:
    """The content type to keep a file with, judged by its name and its bytes, which must agree.

    `content_type` is the sender's word: only its charset is used. Raises NotText with a sentence that says what is
    wrong and which files are taken: for names with paths or invisible characters in them, other kinds of file, files
    that are two kinds at once, more than 25 MB, and bytes without text.
    """
    extension = _extension(name)
    if len(content) > FILE_BYTES:
        raise NotText("A file has at most 25 MB.")
    if content_type.strip().lower().startswith(_MEDIA):
        raise NotText(f"It was sent as {content_type.partition(';')[0].strip().lower()[:60]}. {TAKEN}")
    kind = TYPES[extension]
    _refuse_two_kinds(content, extension)
    if extension == ".docx":
        office.refuse_what_is_no_docx(content)
    elif extension == ".eml":
        messages.read(content)
    elif extension != ".pdf":
        _refuse_other_text(decoded(content, content_type), extension)
    return kind + _charset(kind, content_type)


def titled(headline: str, file_name: str, own: str) -> str:
    """What to call a document: the headline it has; but where that is only the name of its file, the title it states
    itself (`own`), if it states one."""
    is_stand_in = not headline or (file_name and headline == stem(file_name))
    return own or headline if is_stand_in else headline


def stem(file_name: str) -> str:
    """The name of a file without its ending, as long as a headline may be."""
    return PurePath(file_name).stem[:HEADLINE]


def _extension(name: str) -> str:
    if "/" in name or "\\" in name:
        raise NotText("The name of the file has a path in it.")
    if not name.isprintable():
        raise NotText("The name of the file has invisible characters in it.")
    if len(name) > _NAME_MAX:
        raise NotText(f"The name of the file has more than {_NAME_MAX} characters.")
    extension = PurePath(name.strip()).suffix.lower()
    if extension not in TYPES:
        said = f"Files that end in {extension[:20]} are not taken." if extension else "The name tells no type of file."
        raise NotText(f"{said} {TAKEN}")
    return extension


def _refuse_two_kinds(content: bytes, extension: str) -> None:
    if not content.strip(b"\0 \t\r\n"):
        raise NotText("There is nothing in it.")
    is_pdf, is_zip = content.startswith(_PDF), content.startswith(_ZIP)
    if is_pdf != (extension == ".pdf"):
        raise NotText(f"It is {'a PDF' if is_pdf else 'no PDF'}, and its name ends in {extension}. {TAKEN}")
    if is_zip != (extension == ".docx"):
        what = "a ZIP archive or an office file" if is_zip else "no Word document"
        raise NotText(f"It is {what}, and its name ends in {extension}. {TAKEN}")
    if _PDF in content[1 : pdf.MARK_WITHIN] or (not is_zip and _ends_as_zip(content)):
        raise NotText("It is two kinds of file at once.")


def _ends_as_zip(content: bytes) -> bool:
    """Whether an unpacker would find an archive: its directory is at the very end."""
    at = content.rfind(_ZIP_END)
    if at < 0 or at + _ZIP_END_BYTES > len(content):
        return False
    comment = int.from_bytes(content[at + _ZIP_END_BYTES - 2 : at + _ZIP_END_BYTES], "little")
    return at + _ZIP_END_BYTES + comment == len(content)


def _refuse_other_text(text: str, extension: str) -> None:
    if TYPES[extension] == "text/html":
        if _NO_PAGE.match(text) or not (is_html(text) or _ELEMENT.search(text[:10_000])):
            raise NotText(f"It is no web page, and its name ends in {extension}. {TAKEN}")
    elif _MARKUP.match(text):
        raise NotText(f"It is a web page or another kind of markup, and its name ends in {extension}. {TAKEN}")


def _charset(kind: str, content_type: str) -> str:
    found = _CHARSET.search(content_type) if kind.startswith("text/") else None
    return f"; charset={found.group(1).lower()}" if found else ""
