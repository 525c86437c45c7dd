"""Files built by code: PDFs, Word documents, messages and web archives, whole and broken."""

import gzip
import io
import random
import zipfile
from email.message import EmailMessage

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
SENTENCES = [
    "The regulator opened a review of the company on Tuesday.",
    "It asked for the records of the model within thirty days.",
    "A spokesperson for the company declined to comment on it.",
    "The council will look at the findings before it decides.",
    "Two other bodies have asked for the same records before.",
]


def pdf(pages, title="", author="", created="", extra=b""):
    """A PDF with these lines on its pages; a page without lines shows a rule instead."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = b" ".join(b"(%s) Tj T*" % _escaped(line) for line in lines)
        content = b"BT /F1 10 Tf 14 TL 50 800 Td " + shown + b" ET" if lines else b"50 50 m 90 90 l S"
        objects += [b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
        resources = b"<< /Font << /F1 3 0 R >> >>"
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents %d 0 R >>"
        objects += [page % (resources, len(objects))]
        kids += [b"%d 0 R" % len(objects)]
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    told = {b"Title": title, b"Author": author, b"CreationDate": created}
    about = b" ".join(b"/%s (%s)" % (name, _escaped(value)) for name, value in told.items() if value)
    objects += [b"<< %s >>" % about]
    return _with_table(objects, extra)


def _with_table(objects, extra):
    body, offsets = b"%PDF-1.4\n" + extra, []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _escaped(text):
    return text.encode("latin-1").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells):
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def docx(*content, title="", author="", created="", main="word/document.xml", more=(), head=""):
    """A Word document with this content, in WordprocessingML."""
    declared = f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    core = (
        f'<c:coreProperties xmlns:c="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:t="http://purl.org/dc/terms/"><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>'
        f"<t:created>{created}</t:created></c:coreProperties>"
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}" Target="{main}"/></Relationships>',
        main: f"{head}<w:document {declared}><w:body>{''.join(content)}</w:body></w:document>",
        "docProps/core.xml": core,
        **dict(more),
    }
    return archive(files)


def archive(files, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, content in files.items():
            file.writestr(zipfile.ZipInfo(name), content, method)  # without the time of day
    return packed.getvalue()


def mail(text="The text.", html="", attachments=(), **headers):
    """A message; header names are written with `_` for `-`."""
    message = EmailMessage()
    told = {"from": "Ada Example <ada@news.example>", "subject": "A subject", "date": "Wed, 29 Jan 2025 10:30:00 +0100"}
    for name, value in (told | {"message_id": "<one@news.example>"} | headers).items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content, kind in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def page(number, text=""):
    """A page that packs badly, as real ones with their many words do."""
    words = text or random.Random(number).randbytes(300).hex()
    return f"<html><head><title>Page {number}</title></head><body><p>{words}</p></body></html>".encode()


def http(body, *, status="200 OK", kind="text/html; charset=utf-8", **headers):
    """An HTTP answer; header names are written with `_` for `-`."""
    told = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def record(block, *, url="https://news.example/1", kind="response", length=None, version="1.0", **headers):
    """One record of a web archive, unpacked."""
    told = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2025-01-29T08:00:00Z",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": len(block) if length is None else length,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value != "")
    return f"WARC/{version}\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def pages(count, **more):
    """Records of so many pages."""
    return [record(http(page(n)), url=f"https://news.example/{n}", **more) for n in range(1, count + 1)]


def zipped(content):
    """One gzip member, without the time of day."""
    return gzip.compress(content, mtime=0)


def packed(records):
    """A web archive with a gzip member for each record, as it should be."""
    return b"".join(map(zipped, records))


def mutated(body, rng):
    """The bytes with one to eight places overwritten, cut out, doubled or cut off."""
    body = bytearray(body)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(body)) if body else 0
        length = rng.choice((1, 1, 1, 4, 40))
        match rng.randrange(5):
            case 0 | 1:
                body[at : at + length] = rng.randbytes(min(length, len(body) - at))
            case 2:
                del body[at : at + length]
            case 3:
                body[at:at] = body[at : at + length]
            case 4 if rng.random() < 0.2:
                del body[at:]
            case _:
                body[at : at + 1] = rng.choice((b"0", b"9", b"(", b"<", b"/", b"\0", b"-1"))
    return bytes(body)


def random_of(seed):
    return random.Random(seed)


def named(value):
    """What a case of a table is called: not by its bytes."""
    return value if isinstance(value, str) else type(value).__name__
