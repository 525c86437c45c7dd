"""Watching what cases rest on: the look again, the comparison, the flag."""

import datetime

import pytest

from riskreview.cases.models import Flag
from riskreview.enrichment import pipeline, watching
from riskreview.evidence.models import Announcement, Capture, Change, Document
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = "The company sold 14 million licences in March, officials said. " * 3
EARLIER = LATER.replace("14 million", "40 million")


def page(text):
    return f"<html><head><title>Sales</title></head><body><article><p>{text}</p></article></body></html>".encode()


def captured(document, text, at=NOW):
    document.capture(Capture(raw=page(text), content_type="text/html", fetched_at=at))
    Document.objects.filter(pk=document.pk).update(not_before=make.WHEN)
    assert pipeline.digest_now(document)
    return document.newest


@pytest.fixture
def cited(alice):
    """An exhibit on a document about sales."""
    document = Document.objects.hold(Announcement(key="https://news.example/sales", url="https://news.example/sales"))
    snapshot = captured(document, EARLIER, make.WHEN)
    case = make.case(by=alice)
    exhibit = case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=30)
    document.refresh_from_db()
    return exhibit


def test_citing_a_document_watches_it(cited):
    assert cited.document.check_at
    assert cited.document.checks == 0


def test_a_changed_figure_is_a_change_and_a_flag(cited):
    captured(cited.document, LATER)
    change = Change.objects.get()
    assert (change.material, change.before, change.after) == (True, cited.snapshot, cited.document.newest)
    assert any("40" in reason or "14" in reason for reason in change.reasons)
    assert Flag.objects.get().exhibit == cited


def test_a_changed_comma_is_no_flag(cited):
    captured(cited.document, EARLIER.replace("March, officials", "March – officials"))
    assert [(change.kind, change.material) for change in Change.objects.all()] == [("COSMETIC", False)]
    assert not Flag.objects.exists()


def test_the_same_text_in_other_bytes_is_no_change(cited):
    captured(cited.document, EARLIER + "<!-- another advertisement -->")
    assert cited.document.snapshots.count() == 2
    assert not Change.objects.exists()


def test_reading_it_twice_tells_it_once(cited):
    captured(cited.document, LATER)
    Document.objects.update(digested_at=None)
    assert pipeline.digest_now(cited.document)
    assert (Change.objects.count(), Flag.objects.count()) == (1, 1)


def test_an_older_capture_that_comes_late_is_compared_with_nothing_newer(cited):
    newest = captured(cited.document, LATER)
    cited.document.capture(
        Capture(raw=page("From the archive of 2024."), content_type="text/html", fetched_at=NOW.replace(year=2024))
    )
    cited.document.refresh_from_db()
    assert cited.document.newest == newest
    assert Flag.objects.count() == 1


def test_what_no_case_rests_on_is_not_looked_at(cited, carol):
    Document.objects.update(check_at=NOW)
    watching.look_again()
    cited.document.refresh_from_db()
    assert cited.document.fetch_wanted
    cited.case.withdraw(by=carol, reason="The requester took it back.")
    Document.objects.update(check_at=NOW, fetch_wanted=False)
    watching.look_again()
    cited.document.refresh_from_db()
    assert (cited.document.fetch_wanted, cited.document.check_at) == (False, None)


def test_a_notice_that_corrects_a_document_flags_who_cites_it(cited):
    notice = make.document("A correction to the rule was published.", headline="Correction to the rule")
    for _ in range(2):
        watching.corrects(notice, cited.document.key)
    change = Change.objects.get()
    assert (change.kind, change.because, change.document) == ("CORRECTION", notice, cited.document)
    assert Flag.objects.get().exhibit == cited


def test_a_notice_about_something_we_do_not_hold_tells_nothing(cited):
    watching.corrects(cited.document, "fr:2020-00001")
    watching.corrects(cited.document, cited.document.key)
    assert not Change.objects.exists()


def test_a_change_before_the_capture_that_is_cited_is_told_and_flags_nobody(cited):
    older = [page(EARLIER.replace("40", figure)) for figure in ("20", "30")]
    for year, raw in zip((2023, 2024), older, strict=True):
        cited.document.capture(Capture(raw=raw, content_type="text/html", fetched_at=make.WHEN.replace(year=year)))
    assert pipeline.digest_now(cited.document)
    told = Change.objects.order_by("after__fetched_at")
    assert [(change.material, change.after.fetched_at.year) for change in told] == [(True, 2024), (True, 2025)]
    assert not Flag.objects.exists()


def test_a_change_that_was_taken_back_before_anybody_read_it_flags_who_cites_the_first(cited):
    for hours, text in ((1, LATER), (2, EARLIER + "It was updated.")):
        at = make.WHEN + datetime.timedelta(hours=hours)
        cited.document.capture(Capture(raw=page(text), content_type="text/html", fetched_at=at))
    assert pipeline.digest_now(cited.document)
    assert Flag.objects.count() == Change.objects.filter(material=True).count() == 2
