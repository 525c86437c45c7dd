import base64
import time
from datetime import UTC, datetime

import pytest

from riskreview.enrichment import messages
from riskreview.enrichment.extract import NotText, extract
from tests.enrichment import files
from tests.enrichment.files import SENTENCES

MIXED = b'From: Ada <ada@news.example>\nContent-Type: multipart/mixed; boundary="b"\n\n'
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 2)


def test_a_message_says_who_wrote_what_and_when():
    got = messages.read(files.mail("Plain.", "<p>Marked up.</p>", list_id="Digest <digest.news.example>"))
    assert (got.id, got.subject, got.sender) == ("one@news.example", "A subject", "Ada Example")
    assert (got.date, got.list_id) == (datetime(2025, 1, 29, 9, 30, tzinfo=UTC), "digest.news.example")
    assert (got.text.strip(), got.html.strip()) == ("Plain.", "<p>Marked up.</p>")
    assert (got.attachments, got.left_out) == ((), ())


def test_its_files_hang_on_it_and_its_pictures_do_not():
    hung = [("a.pdf", b"%PDF-1.4", "application/pdf"), ("b.png", b"\x89PNG", "image/png")]
    got = messages.read(files.mail(attachments=hung).replace(b'attachment; filename="b.png"', b"inline"))
    assert [(each.name, each.content, each.content_type) for each in got.attachments] == hung[:1]


def test_what_others_say_of_its_sender_is_kept_as_they_say_it():
    got = messages.read(files.mail(authentication_results="mx.example; dkim=pass header.d=news.example"))
    assert got.trust == {"authentication-results": "mx.example; dkim=pass header.d=news.example"}


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        ("Ada Example <ada@news.example>", "Ada Example"),
        ("ada@news.example", "ada@news.example"),
        ("=?utf-8?b?5rex5bqm?= <x@news.example>", "深度"),
        ("Ada\u202e evil <ada@news.example>", "Ada\u202e evil"),
        ("nobody at all", "nobody at all"),
        ("(" * 5_000, "(" * 200),
        ("", ""),
    ],
)
def test_a_sender_is_named_as_well_as_can_be(said, sender):
    got = messages.read(b"Subject: s\nFrom: " + said.encode() + b"\n\nText")
    assert got.sender == sender


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("Wed, 29 Jan 2025 10:30:00 +0100", datetime(2025, 1, 29, 9, 30, tzinfo=UTC)),
        ("29 Jan 2025 10:30", datetime(2025, 1, 29, 10, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Wed, 29 Jan 99999 10:30:00 +9999", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("soon", None),
    ],
)
def test_a_date_is_believed_if_it_can_be(said, date):
    assert messages.read(f"From: a@b.example\nDate: {said}\n\nText".encode()).date == date


def part(kind, content, *more):
    return "\n".join(["--b", f"Content-Type: {kind}", *more, "", content, ""]).encode()


HOSTILE = {
    "broken base64": (MIXED + part("text/plain", "VGhlIHRleHQ*=*", "Content-Transfer-Encoding: base64"), "The tex"),
    "unknown charset": (MIXED + part("text/plain; charset=klingon", "The text."), "The text."),
    "charset that is none": (MIXED + part("text/plain; charset=hex", "The text."), "The text."),
    "unknown encoding": (MIXED + part("text/plain", "The text.", "Content-Transfer-Encoding: rot13"), "The text."),
    "cut in a part": ((MIXED + part("text/plain", "The text."))[:-4], "The te"),
    "cut before its parts": (MIXED + b"The text.", "The text."),
    "no boundary": (b"From: a@b.example\nContent-Type: multipart/mixed\n\nThe text.", "The text."),
    "no type": (b"From: a@b.example\nContent-Type: ;;;=\n\nThe text.", "The text."),
    "bytes beyond ASCII": (
        "From: Jürgen <j@b.example>\nSubject: Grüße\n\nThe text für.".encode("latin-1"),
        "The text für.",
    ),
    "NUL bytes": (b"From: a@b.example\nSubject: a\0b\n\nThe\0 text.", ""),
    "right-to-left names": (
        MIXED + part("text/plain", "The text.") + part('application/pdf; name="\u202efdp.exe"', "x"),
        "The text.",
    ),
    "line ends of all makes": (b"From: a@b.example\r\rThe text.\r\n", ""),
    "a mailbox": (b"From ada@news.example Wed Jan 29 10:30:00 2025\nFrom: a@b.example\n\nThe text.", "The text."),
    "one long header": (b"From: " + b'"' * 200_000 + b"\n\nThe text.", "The text."),
    "a long type": (b"From: a@b.example\nContent-Type: text/plain" + b"; a=b" * 50_000 + b"\n\nThe text.", "The text."),
    "comments in comments": (b"From: " + b"(" * 200_000 + b"\nDate: " + b"(" * 9_000 + b"\n\nThe text.", "The text."),
    "a folded header": (b"From: a@b.example\nX: a\n" + b" b\n" * 500_000 + b"\nThe text.", "The text."),
    "many headers": (b"From: a@b.example\n" + b"a: b\n" * 19_000 + b"\nThe text.", "The text."),
    "many parts": (MIXED + b"--b\n\nThe text.\n" * 1_900, "The text."),
    "parts in parts": (
        b"From: a@b.example\n"
        + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(90)),
        "",
    ),
    "messages in messages": (b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * 90, ""),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_message_is_read_as_far_as_it_goes(what):
    body, text = HOSTILE[what]
    begun = time.process_time()
    got = messages.read(body)
    assert text in got.text
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no message"),
        (b"\n\n", "no message"),
        (b"no headers\nat all", "no message"),
        (b"%PDF-1.4\n", "no message"),
        (b"\0" * 5_000, "no message"),
        (MIXED + b"--b\n\nx\n" * 100_000, "more parts than are read"),
        (b"From: a\n" + b"Content-Type: message/rfc822\n\n" * 200, "more parts than are read"),
        (b"From: a\n" + b"a: b\n" * 1_000_000, "more than 20,000 headers"),
        (MIXED + b"".join(b"--b\n" + b"a: b\n" * 50 + b"\n" for _ in range(500)), "more than 20,000 headers"),
        (b"From: a\n\n" + b"x" * 25_000_000, "at most 25 MB"),
    ],
    ids=files.named,
)
def test_what_is_refused_is_refused_in_words_and_in_time(body, reason):
    begun = time.process_time()
    with pytest.raises(NotText, match=reason) as refused:
        messages.read(body)
    assert refused.value.reason.endswith(".")
    assert time.process_time() - begun < 8


def test_what_is_left_out_is_told():
    deep = HOSTILE["parts in parts"][0]
    assert messages.read(deep).left_out == ("Parts nested more than 10 deep were not read.",)
    inner = part("message/rfc822", "From: b@b.example\n\nInner.")
    assert messages.read(MIXED + inner).left_out == ("A message attached to it was not read on its own.",)
    hung = part("application/pdf", "x", "Content-Disposition: attachment; filename=a.pdf")
    got = messages.read(MIXED + hung * 60)
    assert len(got.attachments) == 50
    assert got.left_out == ("It has more than 50 attachments; the first were read.",)


def test_of_300_mutations_only_words_escape():
    rng, read, reasons = files.random_of(6), 0, []
    body = files.mail("Plain.", BODY, [("a.pdf", base64.b64encode(b"x" * 90), "application/pdf")], list_id="<a.b>")
    for _ in range(300):
        try:
            messages.read(files.mutated(body, rng))
            read += 1
        except NotText as refused:
            reasons.append(refused.reason)
    assert read > 200
    assert all(reason.endswith(".") for reason in reasons)


def test_its_text_is_extracted_from_the_markup_else_from_the_plain_part():
    got = extract(
        files.mail("Plain words only.", f"<html><body><article>{BODY}</article></body></html>"),
        content_type="message/rfc822",
    )
    assert got.text.startswith(SENTENCES[0])
    assert "Plain" not in got.text
    assert (got.title, got.byline, got.found_by, got.scope) == ("A subject", ("Ada Example",), "mail", "FULL")
    assert (got.published, got.published_granularity) == (datetime(2025, 1, 29, 9, 30, tzinfo=UTC), "TIME")
    assert extract(files.mail("Plain words."), content_type="message/rfc822; charset=utf-8").text == "Plain words."


def test_a_list_of_links_is_not_cut_to_its_longest_article():
    items = "".join(
        f'<tr><td><a href="https://news.example/{n}">Headline number {n} of today</a></td></tr>' for n in range(30)
    )
    got = extract(
        files.mail("", f"<html><body><table>{items}</table><div>{BODY}</div></body></html>"),
        content_type="message/rfc822",
    )
    assert all(f"Headline number {n} of today" in got.text for n in range(30))
    assert SENTENCES[4] in got.text


def test_a_message_without_words_is_refused():
    with pytest.raises(NotText, match="holds no text"):
        extract(b"From: a@b.example\n\n", content_type="message/rfc822")
