"""The evidence library."""

from __future__ import annotations

import pytest

from riskreview.audit.models import Entry
from riskreview.evidence import archive
from riskreview.evidence.models import Capture, Document, Mention, Origin, OriginLink
from riskreview.lib.text import normalise
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
HOSTILE = (
    "Before <script>alert(1)</script> <img src=x onerror=alert(1)> </p><form action=/cases/x/approve/ method=post>"
    "<math><mtext><table><mglyph><style><a href=javascript:alert(1)>x</a> & after."
)


def mention(document, word, vendor, **more):
    """The vendor, named where the word stands first."""
    start = document.newest.text.index(word)
    given = {"kind": "STRONG", "state": "ACCEPTED", "score": 1000, "reasons": ["Its canonical name."], "surface": word}
    return Mention.objects.create(
        snapshot=document.newest, start=start, end=start + len(word), vendor=vendor, **(given | more)
    )


def test_mentions_are_marked_with_their_reasons(browse, alice):
    document, vendor = make.document(), make.vendor(by=alice)
    mention(document, "DeepSeek", vendor)
    page = browse(alice).get(document.get_absolute_url())
    assert b'href="/vendors/deepseek/"' in page.content
    assert b"<mark>DeepSeek</mark></a> released a new model" in page.content
    assert "Its canonical name." in text_of(page)


@pytest.mark.parametrize("tab", ["", "?tab=metadata", "?tab=captures"])
def test_foreign_markup_never_becomes_ours(browse, alice, tab):
    document = make.document(HOSTILE, headline="<script>alert(2)</script>")
    body = browse(alice).get(document.get_absolute_url() + tab).content.decode()
    for markup in ("<script>alert", "<img src=x", "<form action=/cases", "<math", "<mglyph"):
        assert markup not in body
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in body


def test_foreign_markup_stays_words_on_every_page_that_quotes_it(browse, alice):
    case = make.case(by=alice, status="IN_REVIEW", title="<script>alert(3)</script>", requester="<b>x</b>")
    document = make.document(HOSTILE, headline="<script>alert(2)</script>")
    make.suggestion(case, document)
    case.add_exhibit(by=alice, snapshot=document.newest, start=0, end=60)
    for path in ("/queue/", case.get_absolute_url(), "/signals/", "/evidence/", "/audit/", "/search/?q=<script>alert"):
        assert "<script>alert" not in browse(alice).get(path).content.decode(), path


def test_characters_that_reorder_a_line_are_not_shown(browse, alice):
    document = make.document("Fine text.", headline="invoice\u202efdp.exe")
    assert "\u202e" not in browse(alice).get(document.get_absolute_url()).content.decode()


def test_a_correction_is_shown_sentence_by_sentence(browse, alice):
    document = make.document("One stays. Two was wrong. Three stays.")
    document.capture(Capture(raw=b"<p>new</p>", content_type="text/html", fetched_at=make.WHEN))
    document.newest.read_as(title="T", text="One stays. Two is corrected. Three stays.", extractor_version="test")
    body = browse(alice).get(document.get_absolute_url() + "?tab=captures").content.decode()
    assert "Removed: </span>Two was wrong.</del>" in body
    assert "Added: </span>Two is corrected.</ins>" in body


def test_the_words_that_changed_are_marked(browse, alice):
    document = make.document("The app has 40 million users in Europe.")
    document.capture(Capture(raw=b"<p>new</p>", content_type="text/html", fetched_at=make.WHEN))
    document.newest.read_as(title="T", text="The app has 14 million users in Europe.", extractor_version="test")
    body = browse(alice).get(document.get_absolute_url() + "?tab=captures").content.decode()
    assert "Removed: </span>The app has <mark>40</mark> million users in Europe.</del>" in body
    assert "Added: </span>The app has <mark>14</mark> million users in Europe.</ins>" in body


def test_copies_are_listed_with_the_reason(browse, alice):
    one, other = make.document(), make.document(headline="The same story elsewhere")
    origin = Origin.objects.create(root=one)
    Document.objects.filter(pk__in=[one.pk, other.pk]).update(origin=origin)
    OriginLink.objects.create(a=one, b=other, relation="COPY", containment=990, why="99 % of the text is the same.")
    told = text_of(browse(alice).get(one.get_absolute_url()))
    assert "The same story elsewhere" in told
    assert "99 % of the text is the same." in told


def test_trouble_is_told_in_words(browse, alice):
    document = make.document()
    Document.objects.filter(pk=document.pk).update(
        dead_at=make.WHEN, attempts=5, last_error="The page is larger than 10 MB."
    )
    assert "The page is larger than 10 MB." in text_of(browse(alice).get(document.get_absolute_url()))


def test_a_long_text_comes_in_parts(browse, alice):
    document = make.document(normalise("A sentence that repeats itself. " * 5_000))
    first = browse(alice).get(document.get_absolute_url())
    assert "Part 1 of 3" in text_of(first)
    assert len(first.content) < 200_000
    assert "Part 3 of 3" in text_of(browse(alice).get(document.get_absolute_url() + "?part=99"))


def test_a_text_of_nothing_says_so(browse, alice):
    assert "holds no readable text" in text_of(browse(alice).get(make.document("").get_absolute_url()))


def test_the_exact_bytes_are_a_download_on_record(browse, dave):
    document = make.document()
    snapshot = document.newest
    response = browse(dave).get(f"/evidence/{document.pk}/raw/{snapshot.pk}/")
    assert response.content == snapshot.raw
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    entry = Entry.objects.about(document).get()
    assert (entry.kind, entry.verb, entry.actor) == ("access", "document.download", dave)


def test_bytes_of_another_document_are_not_there(browse, alice):
    one, other = make.document(), make.document()
    assert browse(alice).get(f"/evidence/{one.pk}/raw/{other.newest.pk}/").status_code == 404


def test_it_filters(browse, alice, carol):
    source = make.source(by=carol)
    make.document(headline="Wanted", source=source)
    make.document(headline="Unwanted")
    told = text_of(browse(alice).get(f"/evidence/?source={source.pk}"))
    assert "Wanted" in told
    assert "Unwanted" not in told


def test_a_document_leads_into_a_case(browse, alice):
    case, document = make.case(by=alice), make.document()
    mention(document, "DeepSeek", make.vendor(by=alice))
    page = browse(alice).get(document.get_absolute_url()).content.decode()
    address = f"{case.get_absolute_url()}?open=add-exhibit&amp;document={document.pk}#add-exhibit"
    assert address in page
    form = browse(alice).get(f"{case.get_absolute_url()}?open=add-exhibit&document={document.pk}").content.decode()
    assert f'name="document-pick" value="{document.pk}" checked' in form
    assert '<details class="act" id="add-exhibit" open>' in form


# -- where it came from, and what became of it -------------------------------------------------------------------------


def test_what_changed_stands_above_the_text(browse, alice):
    document = make.document()
    make.correction(document, note="A correction: it is old.", reasons=["The adjective differs."])
    make.correction(document, make.TEXT.upper(), kind="COSMETIC", material=False, summary="Only the case of letters.")
    told = text_of(browse(alice).get(document.get_absolute_url()))
    for words in ("Correction. New became old.", "A correction: it is old.", "The adjective differs.",
                  "1 change of no weight", "Only the case of letters."):  # fmt: skip
        assert words in told, words
    assert told.index("New became old.") < told.index("NOBODY HAS SAID")


def test_a_document_that_did_not_change_says_nothing_of_it(browse, alice):
    assert "What changed since" not in text_of(browse(alice).get(make.document().get_absolute_url()))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"missing_since": make.WHEN}, "Its address gives nothing since 28 Jan 2025, 15:00 UTC"),
        ({"missing_since": make.WHEN, "withdrawn_at": make.WHEN}, "Gone from its address since 28 Jan 2025, 15:00 UTC"),
        ({"withdrawn_at": make.WHEN}, "Gone from its address since 28 Jan 2025, 15:00 UTC"),
        ({"checks": 2, "checked_at": make.WHEN}, "Looked at 28 Jan 2025, 15:00 UTC Next look None"),
        ({"checks": 0, "check_at": make.WHEN}, "Looked at never Next look 28 Jan 2025, 15:00 UTC"),
    ],
)
def test_it_says_how_its_address_fares(browse, alice, columns, words):
    document = make.document()
    Document.objects.filter(pk=document.pk).update(**columns)
    assert words in text_of(browse(alice).get(document.get_absolute_url()))


def test_what_was_given_up_is_tried_again_from_its_page(browse, post, alice, dave):
    document = make.document()
    Document.objects.filter(pk=document.pk).update(dead_at=make.WHEN, last_error="It was too much.")
    button = f'action="/evidence/{document.pk}/retry/"'
    assert button not in browse(dave).get(document.get_absolute_url()).content.decode()
    assert button in browse(alice).get(document.get_absolute_url()).content.decode()
    assert post(alice, f"/evidence/{document.pk}/retry/", document).status_code == 303
    document.refresh_from_db()
    assert document.dead_at is None


def test_it_says_which_source_brought_it(browse, alice):
    document = make.document(source=make.source(by=alice, name="Tiber Post", reliability="B"))
    assert "Tiber Post RSS or Atom feed, reliability B: usually reliable" in text_of(
        browse(alice).get(document.get_absolute_url())
    )


@pytest.mark.parametrize(("verb", "words"), [
    ("bring", "Its address was brought in by hand by Alice"),
    ("upload", "It was brought in by hand by Alice"),
    ("push", "It was sent in from another system for Alice"),
])  # fmt: skip
def test_it_says_who_brought_it(browse, alice, verb, words):
    bytes_ = {"headline": "H", "content": b"Words.", "content_type": "text/plain", "now": make.WHEN}
    given = {
        "bring": {"url": "https://news.example/x"},
        "upload": bytes_,
        "push": bytes_ | {"url": "https://news.example/x"},
    }[verb]
    document = getattr(Document.objects, verb)(by=alice, **given)
    page = browse(alice).get(document.get_absolute_url())
    assert words in text_of(page)
    assert f"/audit/{Entry.objects.about(document).get().uuid}/" in page.content.decode()


def test_an_excerpt_says_that_it_is_one(browse, alice):
    document = make.document()
    headers = {"retained": "excerpt", "sha256-of-whole": "ab" * 32}
    document.capture(
        Capture(raw=b"First words", content_type="text/plain", fetched_at=make.WHEN_CORRECTED, headers=headers)
    )
    told = text_of(browse(alice).get(document.get_absolute_url()))
    assert f"the first words only. The whole text had the SHA-256 {'ab' * 32}" in told


def test_what_a_capture_came_with_is_shown_as_words(browse, alice):
    document = make.document()
    headers = {"from": "<script>alert(1)</script>", "warc-record-id": "<urn:uuid:1>"}
    document.capture(
        Capture(raw=b"A letter", content_type="text/plain", fetched_at=make.WHEN_CORRECTED, headers=headers)
    )
    page = browse(alice).get(document.get_absolute_url() + "?tab=metadata")
    assert "warc-record-id <urn:uuid:1>" in text_of(page)
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(("text", "words"), [
    (make.TEXT + " And more.", "The newest still says these words."),
    ("Something else.", "The newest does not say these words any more."),
])  # fmt: skip
def test_an_exhibit_on_an_older_capture_says_so(browse, alice, text, words):
    exhibit = make.exhibit(make.case(by=alice), by=alice)
    client = browse(alice)
    assert "Older capture" not in text_of(client.get(exhibit.document.get_absolute_url()))
    make.correction(exhibit.document, text)
    told = text_of(client.get(exhibit.document.get_absolute_url()))
    assert f"Older capture {words}" in told


def test_its_page_costs_the_same_however_much_happened(browse, alice, django_assert_max_num_queries):
    document, case = make.document(), make.case(by=alice)
    case.add_exhibit(by=alice, snapshot=document.newest, start=0, end=8)
    client = browse(alice)
    for number in range(4):
        make.correction(document, f"{number} is another text.")
        with django_assert_max_num_queries(23):
            client.get(document.get_absolute_url())


def test_it_offers_to_be_cited_only_where_that_is_possible(browse, alice):
    working = make.case(by=alice, status="IN_REVIEW")
    waiting = make.case(by=alice, status="AWAITING_APPROVAL", title="Another question")
    client, document = browse(alice), make.document()
    mention(document, "DeepSeek", working.vendors.get())
    page = client.get(document.get_absolute_url())
    links = page.content.decode()
    assert f"{working.get_absolute_url()}?open=add-exhibit" in links
    assert f"{waiting.get_absolute_url()}?open=add-exhibit" not in links
    assert "the case waits for its second signature, and evidence that is added" in text_of(page)
    for case, may in ((working, True), (waiting, False)):
        page = client.get(document.get_absolute_url(), {"case": case.ref})
        assert (f"cite it in {case.ref}" in text_of(page)) is may


def test_an_archive_that_cannot_be_asked_is_a_page_of_its_own_and_nobody_took_the_bytes(browse, alice, monkeypatch):
    def unreachable(sha256):
        raise archive.Unreachable("The object store at https://secret.example cannot be reached.")

    client, document = browse(alice), make.document()
    monkeypatch.setattr(archive, "get", unreachable)
    answer = client.get(f"{document.get_absolute_url()}raw/{document.newest.pk}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "The archive cannot be reached now" in text_of(answer)
    assert "secret.example" not in text_of(answer)
    assert not Entry.objects.filter(kind="access").exists()
