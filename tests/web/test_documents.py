"""The evidence library."""

from __future__ import annotations

import pytest

from riskreview.audit.models import Entry
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
    assert f'name="document" value="{document.pk}"' in form
    assert '<details class="act" id="add-exhibit" open>' in form
