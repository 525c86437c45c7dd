import io
import struct
import time
import zipfile
from datetime import UTC, datetime

import pytest

from riskreview.enrichment import office
from riskreview.enrichment.extract import NotText, extract
from tests.enrichment import files
from tests.enrichment.files import SENTENCES, docx, paragraph, row


def test_paragraphs_lists_and_tables_are_lines():
    got = extract(
        docx(
            paragraph("The review"),
            *map(paragraph, SENTENCES),
            "<w:tbl>" + row("Body", "Asked for") + row("Council", "records") + "</w:tbl>",
            "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>First</w:t><w:tab/><w:t>point</w:t></w:r></w:p>",
            "<w:p/>",
            "<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t></w:r></w:p>",
        )
    )
    lines = ["The review", *SENTENCES, "Body | Asked for", "Council | records", "First point", "One", "two"]
    assert got.text.split("\n") == lines
    assert (got.title, got.language, got.scope) == ("The review", "en", "FULL")


def test_it_says_who_wrote_it_and_when():
    got = extract(docx(paragraph("Words"), title="A &amp; B", author="Ada Example", created="2025-01-29T08:00:00Z"))
    assert (got.title, got.byline) == ("A & B", ("Ada Example",))
    assert (got.published, got.published_granularity) == (datetime(2025, 1, 29, 8, tzinfo=UTC), "TIME")
    assert got.found_by == "docx"
    assert extract(docx(paragraph("Words"), created="1899-12-31T00:00:00Z")).published is None


def test_what_was_deleted_or_stands_there_twice_is_read_once():
    box = "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
    got = extract(
        docx(
            f"<w:p><w:r><w:t>Above.</w:t></w:r>{box.format(paragraph('In a box.'), paragraph('In a box.'))}</w:p>",
            "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>kept</w:t></w:r></w:p>",
            "<w:p><w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:r><w:t>link</w:t></w:r></w:p>",
        )
    )
    assert got.text.split("\n") == ["In a box.", "Above.", "kept", "link"]


def test_a_table_inside_a_table_is_part_of_its_cell():
    inner = "<w:tbl>" + row("c", "d") + "</w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{inner}{paragraph('b')}</w:tc></w:tr></w:tbl>"
    assert extract(docx(outer)).text == "a | c | d b"


def test_the_text_is_where_the_package_says():
    assert extract(docx(paragraph("Words"), main="word/document2.xml")).text == "Words"


def test_macros_are_never_looked_at():
    assert (
        extract(docx(paragraph("Words"), more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}.items())).text
        == "Words"
    )


def patched(body, at, content):
    """The bytes with something else behind each entry's mark in the directory."""
    out = bytearray(body)
    place = out.find(b"PK\x01\x02")
    while place >= 0:
        out[place + at : place + at + len(content)] = content
        place = out.find(b"PK\x01\x02", place + 4)
    return bytes(out)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"PK\x03\x04", "damaged"),
        (docx(paragraph("Words"))[:-40], "damaged"),
        (files.archive({"a.txt": "words"}), "no Word document"),
        (docx(paragraph("Words"), main="xl/workbook.xml"), "a spreadsheet"),
        (docx(paragraph("Words"), main="ppt/presentation.xml"), "a presentation"),
        (docx("<w:p>"), "damaged"),
        (docx(), "holds no text"),
        (docx(paragraph("Words"), head=LAUGHS), "damaged"),
        (docx(paragraph("Words"), head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "damaged"),
        (docx("<w:p>" * 600 + "</w:p>" * 600), "nests more than 500 deep"),
        (docx(paragraph("Words"), more=[(f"f{n}", b"") for n in range(2_001)]), "more than 2,000 files"),
        (patched(docx(paragraph("Words")), 24, struct.pack("<I", 99_000_000)), "more than 200 MB"),
        (patched(docx(paragraph("Words")), 8, b"\x01\x00"), "protected by a password"),
        (patched(docx(paragraph("Words")), 24, struct.pack("<I", 3)), "damaged"),
        (docx("<w:p>" + " " * 50_000_001 + "</w:p>"), "larger than 50 MB"),
        (files.archive({"[Content_Types].xml": "", "_rels/.rels": ""}, zipfile.ZIP_BZIP2), "does not use"),
    ],
    ids=files.named,
)
def test_what_cannot_be_read_is_refused_in_words(body, reason):
    with pytest.raises(NotText, match=reason) as refused:
        extract(body)
    assert refused.value.reason.endswith(".")


def test_an_old_office_file_is_refused_in_words():
    with pytest.raises(NotText, match="older make"):
        extract(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, content_type="application/msword")


def test_what_is_cut_is_partial(monkeypatch):
    monkeypatch.setattr(office, "TEXT_MAX", 200)
    got = extract(docx(*map(paragraph, SENTENCES * 5)))
    assert (len(got.text), got.scope) == (200, "PARTIAL")


def test_a_large_one_is_read_in_time():
    begun = time.process_time()
    got = extract(docx(*map(paragraph, SENTENCES * 10_000)))
    assert got.text.count("\n") == 49_999
    assert time.process_time() - begun < 10


def test_of_150_mutations_only_words_escape():
    rng, read, reasons = files.random_of(5), 0, []
    body = docx(*map(paragraph, SENTENCES), "<w:tbl>" + row("a", "b") + "</w:tbl>", title="T", created="2025-01-29")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(150):
        # Half of them damage the archive, half of them something packed in it.
        name = rng.choice(sorted(parts))
        inside = files.archive({**parts, name: files.mutated(parts[name], rng)})
        try:
            extract(files.mutated(body, rng) if number % 2 else inside, content_type=office.DOCX)
            read += 1
        except NotText as refused:
            reasons.append(refused.reason)
    assert 20 < read < 150
    assert all(reason.endswith(".") for reason in reasons)
