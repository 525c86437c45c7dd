import pytest

from riskreview.enrichment.decoding import NotText
from riskreview.enrichment.intake_types import TAKEN, readable
from riskreview.enrichment.office import DOCX
from tests.enrichment import files
from tests.enrichment.files import SENTENCES, docx, paragraph

PDF = files.pdf([SENTENCES])
WORD = docx(paragraph("Words"))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>evil()</script></svg>'
ZIP = files.archive({"a.txt": "words"})
PAGE = b"<!DOCTYPE html><html><title>T</title><p>Words</p></html>"


@pytest.mark.parametrize(
    ("name", "content", "said", "kind"),
    [
        ("review.pdf", PDF, "application/pdf", "application/pdf"),
        ("Review of 2025.PDF", PDF, "", "application/pdf"),
        ("review.docx", WORD, "application/octet-stream", DOCX),
        ("table.csv", b"a,b\n1,2\n", "application/vnd.ms-excel", "text/csv"),
        ("notes.txt", "Grüße".encode(), "text/plain", "text/plain"),
        ("notes.txt", "深度".encode("gb18030"), "text/plain; charset=GB18030", "text/plain; charset=gb18030"),
        ("notes.md", b"# Title\n\n<div>inline</div>", "", "text/markdown"),
        ("message.eml", files.mail(), "message/rfc822", "message/rfc822"),
        ("page.html", PAGE, "text/html", "text/html"),
        ("page.htm", b"<p>Words", "text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("page.html", b"<?xml version='1.0'?>" + PAGE, "", "text/html"),
        ("about pdf.html", PAGE + b"<p>" + b"x" * 1_100 + b"A file begins with %PDF-1.4.</p>", "", "text/html"),
        ("深度求索.pdf", PDF, "", "application/pdf"),
    ],
    ids=files.named,
)
def test_these_files_are_taken(name, content, said, kind):
    assert readable(name, content, said) == kind


@pytest.mark.parametrize(
    ("name", "content", "said", "reason"),
    [
        ("review.txt", PDF, "text/plain", "It is a PDF, and its name ends in .txt"),
        ("review.pdf", b"just words", "application/pdf", "It is no PDF"),
        ("review.pdf", b"\n" + PDF, "application/pdf", "It is no PDF"),
        ("review.docx", ZIP, "", "no Word document"),
        ("review.docx", docx(paragraph("x"), main="xl/workbook.xml"), "", "a spreadsheet"),
        ("review.docx", PDF, "", "It is a PDF"),
        ("review.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "", "no Word document"),
        ("review.txt", ZIP, "", "a ZIP archive"),
        ("review.html", WORD, "", "a ZIP archive"),
        ("picture.svg", SVG, "image/svg+xml", "Files that end in .svg are not taken"),
        ("picture.html", SVG, "text/html", "no web page"),
        ("picture.html", b"<?xml version='1.0'?>" + SVG, "", "no web page"),
        ("picture.html", b'<!DOCTYPE svg PUBLIC "x" "y">' + SVG, "", "no web page"),
        ("picture.html", b"<s:svg xmlns:s='x'/>", "", "no web page"),
        ("picture.txt", SVG, "", "markup"),
        ("table.csv", PAGE, "text/csv", "a web page"),
        ("page.html", b"only words", "text/html", "no web page"),
        ("page.html", b"<html>\n" + PDF, "text/html", "two kinds of file"),
        ("page.html", PAGE + ZIP, "text/html", "two kinds of file"),
        ("review.pdf", PDF + ZIP, "", "two kinds of file"),
        ("notes.txt", b"words " + ZIP, "", "two kinds of file"),
        ("review.docx", ZIP[:40] + PDF, "", "two kinds of file"),
        ("tool.exe", b"MZ", "", "Files that end in .exe are not taken"),
        ("noname", b"words", "", "The name tells no type"),
        ("", b"words", "", "The name tells no type"),
        (".txt", b"words", "", "The name tells no type"),
        ("review.pdf.exe", PDF, "", ".exe are not taken"),
        ("review.\u202efdp.txt", b"words", "", "invisible characters"),
        ("review\u200b.txt", b"words", "", "invisible characters"),
        ("review\0.txt", b"words", "", "invisible characters"),
        ("review.txt\n", b"words", "", "invisible characters"),
        ("../review.txt", b"words", "", "a path in it"),
        ("C:\\review.txt", b"words", "", "a path in it"),
        ("x" * 300 + ".txt", b"words", "", "more than 255 characters"),
        ("notes.txt", b"", "", "nothing in it"),
        ("notes.txt", b" \n\0", "", "nothing in it"),
        ("notes.txt", b"\x00\x01\x02" * 99, "", "binary"),
        ("notes.txt", b"\x89PNG\r\n\x1a\n" + b"x" * 99, "", "PNG"),
        ("notes.txt", b"words", "image/png; x=y", "It was sent as image/png"),
        ("message.eml", b"no message at all", "message/rfc822", "It is no message"),
        ("notes.txt", b"x" * 25_000_001, "", "25 MB"),
    ],
    ids=files.named,
)
def test_these_are_refused_with_a_sentence(name, content, said, reason):
    with pytest.raises(NotText) as refused:
        readable(name, content, said)
    assert reason in refused.value.reason
    assert refused.value.reason.endswith(".")


def test_the_sentence_says_what_is_taken():
    assert TAKEN == "Taken are .csv, .docx, .eml, .htm, .html, .md, .pdf, .txt."
    with pytest.raises(NotText, match="Taken are"):
        readable("tool.exe", b"MZ", "")
