from datetime import UTC, datetime

import pytest

from riskreview.enrichment.sources import KINDS, ParseFailed, SourceState
from riskreview.lib.hashing import sha256_hex
from tests.enrichment import files
from tests.enrichment.files import SENTENCES, docx, mail, paragraph
from tests.enrichment.test_messages import HOSTILE

MAIL = KINDS["MAIL"]
SOURCE = SourceState("folder:newsletters")
NOW = datetime(2025, 1, 30, tzinfo=UTC)
PDF = files.pdf([SENTENCES])
NEWS = """<h2><a href="https://a.example/one?utm_source=mail">Council opens review</a></h2><p>It asks for records.</p>
<h2><a href="https://b.example/two">A company answers</a></h2><p>At last.</p><a href="https://a.example/u">Unsubscribe</a>"""


def read(body, now=NOW):
    return MAIL.parse(body, {}, url="", source=SOURCE, now=now)


def test_a_message_is_one_item_that_brings_its_own_bytes():
    body = mail("The text.", "<p>The text.</p>", dkim_signature="v=1; d=news.example")
    [item] = read(body).items
    assert (item.key, item.kind, item.url) == ("mid:one@news.example", "E_MAIL", "")
    assert (item.title, item.publisher, item.authors) == ("A subject", "Ada Example", ("Ada Example",))
    assert item.published == datetime(2025, 1, 29, 9, 30, tzinfo=UTC)
    assert (item.text, item.html.strip()) == ("The text.", "<p>The text.</p>")
    assert (item.enclosed.raw, item.enclosed.content_type) == (body, "message/rfc822")
    assert item.enclosed.headers == {"dkim-signature": "v=1; d=news.example"}


@pytest.mark.parametrize("own", ["", "<>", "a b", "x" * 900])
def test_one_without_an_identifier_of_its_own_is_known_by_its_hash(own):
    body = b"From: a@b.example\n" + (f"Message-ID: {own}\n".encode() if own else b"") + b"\nText"
    assert read(body).items[0].key == f"sha256:{sha256_hex(body)}"


@pytest.mark.parametrize(("day", "is_believed"), [(27, False), (28, False), (29, True), (30, True)])
def test_a_date_more_than_a_day_ahead_is_not_believed(day, is_believed):
    [item] = read(mail(), now=datetime(2025, 1, day, tzinfo=UTC)).items
    assert bool(item.published) == is_believed


def test_a_newsletter_brings_its_articles():
    message, one, two = read(mail("", NEWS, list_id="<digest.news.example>")).items
    assert message.kind == "E_MAIL"
    assert (one.key, one.url) == ("https://a.example/one", "https://a.example/one?utm_source=mail")
    assert (one.title, one.summary, one.enclosed) == ("Council opens review", "It asks for records.", None)
    assert (two.title, two.kind) == ("A company answers", "ARTICLE")


def test_two_headings_with_links_make_a_newsletter_and_a_link_in_a_letter_does_not():
    assert len(read(mail("", NEWS)).items) == 3
    letter = '<p>Dear carol, see <a href="https://a.example/1">what the council has said</a>. Ada</p>'
    assert len(read(mail("", letter)).items) == 1
    assert len(read(mail("", letter, list_id="<list.news.example>")).items) == 2


def test_what_comes_with_a_message_names_it():
    letter, *along = read(mail("", NEWS, [("Report.pdf", PDF, "application/pdf")])).items
    assert (letter.came_with, {each.came_with for each in along}, len(along)) == ("", {letter.key}, 3)
    assert along[0].enclosed.headers == {"file-name": "Report.pdf"}


def test_a_newsletter_in_plain_text_brings_its_articles():
    text = "The council opens a review\nhttps://a.example/one\n"
    assert [item.url for item in read(mail(text, list_id="<a.b>")).items] == ["", "https://a.example/one"]


def test_attachments_that_can_be_read_are_items_and_the_others_are_told():
    word = docx(paragraph("Words"))
    hung = [
        ("Report.pdf", PDF, "application/pdf"),
        ("Letter.docx", word, "application/octet-stream"),
        ("tool.exe", b"MZ", "application/octet-stream"),
        ("\u202efdp.pdf", PDF, "application/pdf"),
        ("photo.jpg", b"\xff\xd8\xff", "image/jpeg"),
    ]
    brought = read(mail(attachments=hung))
    assert [(item.key, item.title) for item in brought.items[1:]] == [
        (f"sha256:{sha256_hex(PDF)}", "Report"),
        (f"sha256:{sha256_hex(word)}", "Letter"),
    ]
    assert (brought.items[1].enclosed.raw, brought.items[1].enclosed.content_type) == (PDF, "application/pdf")
    assert [line.partition(":")[0] for line in brought.refused] == [
        "Attachment tool.exe",
        "Attachment fdp.pdf",
        "Attachment photo.jpg",
    ]
    assert "invisible characters" in brought.refused[1]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_message_is_an_item_all_the_same(what):
    brought = read(HOSTILE[what][0])
    assert brought.items[0].enclosed.raw == HOSTILE[what][0]
    assert brought.cursor == {}
    assert not brought.more


@pytest.mark.parametrize("body", [b"", b"no message", b"From: a\n" + b"a: b\n" * 30_000], ids=files.named)
def test_what_is_no_message_is_refused_with_a_reason(body):
    with pytest.raises(ParseFailed) as refused:
        read(body)
    assert refused.value.reason.endswith(".")


def test_it_reads_folders():
    assert MAIL.ABOUT.road == "FOLDER"
    assert MAIL.request(SOURCE, now=NOW).url == SOURCE.url
