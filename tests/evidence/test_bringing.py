"""Documents that people and their programs bring in: an address, a file, a text with its newer versions."""

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.evidence.models import Document
from riskreview.lib.urls import canonical_url
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "http://News.example/one?utm_source=letter#top"
PUSHED = {"url": ADDRESS, "headline": "One", "content": b"<p>One.</p>", "content_type": "text/html", "now": NOW}


def test_an_address_waits_to_be_fetched(alice):
    document = Document.objects.bring(by=alice, url=ADDRESS, headline="One")
    assert (document.key, document.url, document.headline) == (canonical_url(ADDRESS), ADDRESS, "One")
    assert list(Document.objects.all().left().unfetched()) == [document]
    assert Entry.objects.about(document).get().verb == "document.bring"


def test_an_address_is_brought_in_once_however_it_is_spelt(alice):
    held = Document.objects.bring(by=alice, url=ADDRESS)
    with expect.refusal(NotNow, held, match="already"):
        Document.objects.bring(by=alice, url="https://news.example/one/")


def test_a_push_comes_with_its_bytes_and_says_where_it_is_from(alice):
    source = make.source(by=alice)
    document = Document.objects.push(
        by=alice, source=source, publisher="Wire", byline=["A", "B"], language="en", published_at=NOW, **PUSHED
    )
    document.refresh_from_db()
    assert (document.newest.raw, document.newest.final_url) == (b"<p>One.</p>", ADDRESS)
    told = (document.source, document.publisher, document.byline, document.language, document.published_at)
    assert told == (source, "Wire", ["A", "B"], "en", NOW)
    assert list(Document.objects.all().left().undigested()) == [document]
    assert "content" not in Entry.objects.about(document).get().private["arguments"]


def test_what_is_pushed_again_is_sent_to_the_document_itself(alice):
    document = Document.objects.push(by=alice, **PUSHED)
    with expect.refusal(NotNow, document, match="to the document itself"):
        Document.objects.push(by=alice, **PUSHED)


def test_a_newer_text_is_one_more_capture(alice):
    document = Document.objects.push(by=alice, **PUSHED)
    later = NOW + datetime.timedelta(hours=1)
    with expect.one_entry("document.recapture", by=alice, about=document):
        document.recapture(by=alice, content=b"<p>Two.</p>", content_type="text/html", now=later)
    assert [each.raw for each in document.snapshots.order_by("pk")] == [b"<p>One.</p>", b"<p>Two.</p>"]
    assert (document.newest.fetched_at, document.digested_at) == (later, None)


def test_the_same_text_again_is_no_capture(alice):
    document = Document.objects.push(by=alice, **PUSHED)
    document.recapture(by=alice, content=b"<p>One.</p>", content_type="text/html", now=NOW)
    assert document.snapshots.count() == 1


def test_an_upload_says_where_it_is_from(alice):
    given = {"headline": "Letter", "content": b"Dear desk", "content_type": "text/plain", "now": NOW}
    assert Document.objects.upload(by=alice, publisher="The ministry", **given).outlet == "The ministry"


def test_who_does_not_review_brings_nothing(alice, bob, dave, erin):
    document = Document.objects.push(by=alice, **PUSHED)
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed):
            Document.objects.bring(by=person, url="https://news.example/two")
        with expect.refusal(NotAllowed):
            Document.objects.push(by=person, **(PUSHED | {"url": "https://news.example/three"}))
        with expect.refusal(NotAllowed, document):
            document.recapture(by=person, content=b"x", content_type="text/plain", now=NOW)
    assert Document.objects.count() == 1
