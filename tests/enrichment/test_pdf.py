import io
import time
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter

from riskreview.enrichment import pdf
from riskreview.enrichment.extract import NotText, extract
from riskreview.lib.confining import TookTooLong
from tests.enrichment import files
from tests.enrichment.files import SENTENCES


def test_a_pdf_is_read_page_by_page_with_what_it_says_of_itself():
    body = files.pdf([SENTENCES, SENTENCES[:2]], title="The review", author="Ada Example; Bo Example")
    got = extract(body, content_type="application/octet-stream")
    first, second = got.text.split("\n\n")
    assert first == " ".join(SENTENCES)
    assert second == " ".join(SENTENCES[:2])
    assert (got.title, got.byline, got.language) == ("The review", ("Ada Example", "Bo Example"), "en")
    assert (got.published, got.published_granularity, got.found_by, got.scope) == (None, "", "", "FULL")


@pytest.mark.parametrize(
    ("stated", "published", "granularity"),
    [
        ("D:20250129103000+01'00'", datetime(2025, 1, 29, 9, 30, tzinfo=UTC), "TIME"),
        ("D:20250129", datetime(2025, 1, 29, tzinfo=UTC), "DATE"),
        ("D:19700101000000Z", None, ""),
        ("yesterday", None, ""),
        ("D:20251399", None, ""),
    ],
)
def test_its_date_is_the_one_of_its_making_if_that_can_be(stated, published, granularity):
    got = extract(files.pdf([SENTENCES], created=stated))
    assert (got.published, got.published_granularity) == (published, granularity)
    assert got.found_by == ("pdf" if published else "")


@pytest.mark.parametrize("title", ["", "Untitled", "Microsoft Word - letter", "final2.docx"])
def test_a_title_that_only_a_program_gave_is_replaced_by_the_first_line(title):
    assert (
        extract(files.pdf([["The answer of the council", *SENTENCES]], title=title)).title
        == "The answer of the council"
    )


def test_printed_lines_become_paragraphs():
    lines = [
        "Findings",
        "The regulator opened a review of the company on Tuesday and asked for infor-",
        "mation about its model. It asked for the records within thirty days, and the",
        "company agreed.",
        "A second paragraph begins here and goes on in the next line, because this line",
        "is full.",
        "1. A list has an item that is nearly as long as all the other lines are here,",
        "2. and another one.",
    ]
    assert pdf._unwrapped("\n".join(lines)).split("\n") == [
        "Findings",
        (
            "The regulator opened a review of the company on Tuesday and asked for information about its model. "
            "It asked for the records within thirty days, and the company agreed."
        ),
        "A second paragraph begins here and goes on in the next line, because this line is full.",
        "1. A list has an item that is nearly as long as all the other lines are here,",
        "2. and another one.",
    ]


def test_pictures_of_pages_are_refused_in_words():
    with pytest.raises(NotText) as refused:
        extract(files.pdf([[], []]))
    assert refused.value.reason == "The PDF holds pictures of pages and no text."


def locked(body, password, algorithm="RC4-128"):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(body)))
    writer.encrypt(user_password=password, owner_password="of the owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:ARC4")
def test_a_password_is_told_and_an_empty_one_is_none():
    with pytest.raises(NotText, match="protected by a password"):
        extract(locked(files.pdf([SENTENCES]), "secret"))
    assert SENTENCES[0] in extract(locked(files.pdf([SENTENCES]), "")).text


@pytest.mark.parametrize(
    "body", [b"%PDF-1.4", b"%PDF-1.4\n" + b"\0" * 9_000, files.pdf([SENTENCES])[:300]], ids=files.named
)
def test_a_damaged_one_is_refused_in_words(body):
    with pytest.raises(NotText) as refused:
        extract(body)
    assert refused.value.reason.startswith("The PDF ")


def test_junk_before_its_mark_is_forgiven_where_the_type_says_that_it_is_one():
    assert SENTENCES[0] in extract(b"\r\n\r\n" + files.pdf([SENTENCES]), content_type="application/pdf").text


def test_what_is_cut_is_partial(monkeypatch):
    body = files.pdf([SENTENCES] * 4)
    monkeypatch.setattr(pdf, "PAGES_MAX", 3)
    got = extract(body)
    assert (got.text.count(SENTENCES[0]), got.scope) == (3, "PARTIAL")
    monkeypatch.setattr(pdf, "TEXT_MAX", 100)
    got = extract(body)
    assert (len(got.text), got.scope) == (100, "PARTIAL")
    monkeypatch.setattr(pdf, "PDF_BYTES", 100)
    with pytest.raises(NotText, match="25 MB"):
        extract(body)


def test_one_page_that_cannot_be_read_leaves_the_others():
    got = extract(files.pdf([SENTENCES, SENTENCES]).replace(b"<< /Length", b"<< /Filter /No /Length", 1))
    assert (got.text.count(SENTENCES[0]), got.scope) == (1, "PARTIAL")


def test_a_limit_of_time_is_no_damage(monkeypatch):
    def slow(stream):
        raise TookTooLong("Reading it takes longer than 1 second.")

    monkeypatch.setattr(pdf, "PdfReader", slow)
    with pytest.raises(TookTooLong):
        extract(b"%PDF-1.4")


def test_of_150_mutations_only_words_escape():
    rng, read, reasons = files.random_of(4), 0, []
    body = files.pdf([SENTENCES, SENTENCES], title="T", created="D:20250129")
    for _ in range(150):
        begun = time.process_time()
        try:
            extract(files.mutated(body, rng), content_type="application/pdf")
            read += 1
        except NotText as refused:
            reasons.append(refused.reason)
        assert time.process_time() - begun < 5
    assert 20 < read < 150
    assert all(reason.endswith(".") for reason in reasons)
