"""One noun for everything with bytes: held once per key, captured as often as the bytes change."""

import dataclasses
import datetime
import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.evidence import archive
from riskreview.evidence.models import Announcement, Capture, Document, Mention, OriginLink, Salience, Snapshot
from riskreview.evidence.models.document import announced_columns
from tests import expect, make
from tests.conftest import NOW
from tests.evidence.test_judging import CONSTRAINTS as JUDGED
from tests.evidence.test_origin_judgements import CONSTRAINTS as ORIGINS
from tests.evidence.test_understood import CONSTRAINTS as UNDERSTOOD

pytestmark = pytest.mark.django_db
TOLD = Announcement(key="k", url="https://news.example/k", headline="First", publisher="Wire", stamp="1")


def captured(raw=b"one", **given):
    return Capture(**({"raw": raw, "content_type": "text/plain", "fetched_at": make.WHEN} | given))


def test_holding_an_announcement_asks_for_the_bytes():
    before = Entry.objects.count()
    document = Document.objects.hold(TOLD)
    assert (document.headline, document.fetch_wanted, document.newest) == ("First", True, None)
    assert document in Document.objects.all().left().unfetched()
    assert Entry.objects.count() == before


def test_holding_bytes_asks_for_the_reading():
    document = Document.objects.hold(
        TOLD, capture=captured(headers={"etag": '"1"'}, final_url="https://x/", status=200)
    )
    snapshot = document.newest
    assert (document.fetch_wanted, document.digested_at, snapshot.raw, snapshot.text) == (False, None, b"one", None)
    assert (snapshot.raw_sha256, snapshot.raw_bytes) == (hashlib.sha256(b"one").hexdigest(), 3)
    assert (snapshot.headers, snapshot.final_url, snapshot.status) == ({"etag": '"1"'}, "https://x/", 200)
    assert document in Document.objects.all().left().undigested()


def test_holding_twice_is_holding_once():
    first = Document.objects.hold(TOLD, capture=captured())
    Document.objects.filter(pk=first.pk).update(digested_at=NOW)
    second = Document.objects.hold(TOLD, capture=captured())
    assert (second.pk, second.snapshots.count(), second.digested_at) == (first.pk, 1, NOW)


def test_an_unchanged_announcement_asks_for_nothing():
    document = Document.objects.hold(TOLD)
    document.capture(captured())
    assert not Document.objects.hold(TOLD).fetch_wanted


def test_a_changed_announcement_asks_again_and_tells_the_news():
    document = Document.objects.hold(TOLD)
    document.capture(captured())
    Document.objects.filter(pk=document.pk).update(dead_at=NOW, attempts=5, digested_at=NOW)
    again = Document.objects.hold(dataclasses.replace(TOLD, stamp="2", headline="Second", publisher=""))
    assert (again.fetch_wanted, again.stamp, again.dead_at, again.attempts) == (True, "2", None, 0)
    assert (again.headline, again.publisher) == ("Second", "Wire")


def test_other_bytes_supersede_and_are_read_anew():
    document = Document.objects.hold(TOLD, capture=captured())
    Document.objects.filter(pk=document.pk).update(digested_at=NOW, attempts=3, dead_at=NOW)
    first, document = document.newest, Document.objects.get()
    second = document.capture(captured(b"two"))
    assert (second.supersedes, document.newest) == (first, second)
    assert (document.digested_at, document.attempts, document.dead_at) == (None, 0, None)
    assert first.raw == b"one"


def test_bytes_that_return_to_an_earlier_form_are_a_third_snapshot():
    document = Document.objects.hold(TOLD, capture=captured())
    for raw in (b"two", b"one"):
        document.capture(captured(raw))
    assert [snapshot.raw for snapshot in document.snapshots.order_by("pk")] == [b"one", b"two", b"one"]
    assert document.newest.supersedes.raw == b"two"


def test_unchanged_bytes_end_the_wish():
    document = Document.objects.hold(TOLD)
    document.answered(None, asked=document.stamp)
    assert not document.fetch_wanted


def test_an_announcement_during_a_fetch_wants_a_fetch_of_its_own():
    document = Document.objects.hold(TOLD)
    asked = document.stamp
    Document.objects.hold(dataclasses.replace(TOLD, stamp="corrected meanwhile"))
    document.refresh_from_db()
    document.answered(Capture(b"<p>the old words</p>", "text/html", make.WHEN), asked=asked)
    assert (document.fetch_wanted, document.stamp) == (True, "corrected meanwhile")
    document.answered(Capture(b"<p>the new words</p>", "text/html", make.WHEN), asked=document.stamp)
    assert (document.fetch_wanted, document.snapshots.count()) == (False, 2)


def test_long_words_are_cut_to_the_columns():
    told = Announcement(key="k", headline="h" * 900, publisher="p" * 900, byline=("n" * 900,) * 50, language="l" * 90)
    columns = announced_columns(told)
    assert (len(columns["headline"]), len(columns["publisher"]), len(columns["byline"]), len(columns["language"])) == (
        500,
        200,
        20,
        8,
    )
    assert Document.objects.hold(told).pk


def test_the_first_reading_stays():
    snapshot = Document.objects.hold(TOLD, capture=captured()).newest
    snapshot.read_as(title="T" * 900, text="First reading.", extractor_version="1")
    snapshot.read_as(title="Other", text="Second reading.", extractor_version="2")
    kept = Snapshot.objects.get()
    assert (kept.text, kept.extractor_version, len(kept.title)) == ("First reading.", "1", 500)
    assert kept.text_sha256 == hashlib.sha256(b"First reading.").hexdigest()


def test_an_upload_is_an_act_and_its_identity_its_bytes(alice):
    before = Entry.objects.count()
    document = Document.objects.upload(
        by=alice, headline="Letter", content=b"Dear desk", content_type="text/plain", now=NOW
    )
    assert (document.kind, document.newest.raw) == (Document.Kind.UPLOAD, b"Dear desk")
    assert document.key == f"sha256:{hashlib.sha256(b'Dear desk').hexdigest()}"
    entry = Entry.objects.about(document).get()
    assert (entry.verb, entry.actor, Entry.objects.count()) == ("document.upload", alice, before + 1)
    assert "content" not in entry.private["arguments"]
    document.refresh_from_db()
    assert (document.entry_seq, document in Document.objects.all().left().undigested()) == (1, True)


def test_the_same_upload_twice_is_refused(alice):
    given = {"headline": "Letter", "content": b"Dear desk", "content_type": "text/plain", "now": NOW}
    document = Document.objects.upload(by=alice, **given)
    with expect.refusal(NotNow, document, match="already"):
        Document.objects.upload(by=alice, **(given | {"headline": "Another name"}))


def test_uploading_refuses_people_who_do_not_review(bob, dave, erin):
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed):
            Document.objects.upload(by=person, headline="x", content=b"x", content_type="text/plain", now=NOW)
    assert not Document.objects.exists()


def test_only_people_who_read_see_documents(dave, erin):
    document = make.document()
    assert list(Document.objects.visible_to(dave)) == [document]
    assert list(Document.objects.visible_to(erin)) == []


def test_the_outlet_is_who_published_it_else_the_source(alice):
    source = make.source(by=alice, name="Tiber Post")
    silent = Document.objects.hold(Announcement(key="silent"), source=source)
    assert (Document.objects.hold(TOLD).outlet, silent.outlet) == ("Wire", "Tiber Post")


def test_damaged_bytes_are_never_shown_as_evidence():
    snapshot = Document.objects.hold(TOLD, capture=captured(b"true")).newest
    Path(storages["archive"].path(archive.path(snapshot.raw_sha256))).write_bytes(b"false")
    with pytest.raises(archive.Damaged):
        _ = snapshot.raw


READ = "A snapshot whose text was read."


@pytest.fixture
def snapshot():
    snapshot = Document.objects.hold(TOLD, capture=captured()).newest
    snapshot.read_as(title="T", text=READ, extractor_version="1")
    return snapshot


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM evidence_snapshot WHERE id = %s",
        "UPDATE evidence_snapshot SET text = 'forged' WHERE id = %s",
        "UPDATE evidence_snapshot SET text = NULL, text_sha256 = '' WHERE id = %s",
        "UPDATE evidence_snapshot SET raw_sha256 = repeat('0', 64) WHERE id = %s",
        "UPDATE evidence_snapshot SET fetched_at = now() WHERE id = %s",
        "UPDATE evidence_snapshot SET document_id = document_id + 1 WHERE id = %s",
    ],
)
def test_plain_sql_cannot_change_a_snapshot(snapshot, statement):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement, [snapshot.pk])
    assert Snapshot.objects.get().text == READ


@pytest.mark.parametrize("column", ["raw_sha256 = repeat('0', 64)", "raw_bytes = 0", "headers = '{}', status = 200"])
def test_an_unread_snapshot_takes_only_its_text(column):
    snapshot = Document.objects.hold(TOLD, capture=captured()).newest
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"UPDATE evidence_snapshot SET {column} WHERE id = %s", [snapshot.pk])


def copied(snapshot, **changed):
    """The same snapshot once more, with some columns changed."""
    fields = (field for field in Snapshot._meta.concrete_fields if field.name != "id")
    return Snapshot(**({field.attname: getattr(snapshot, field.attname) for field in fields} | changed))


def test_a_history_has_one_beginning_and_no_fork(snapshot):
    with expect.violation("snapshot_one_first_per_document"):
        copied(snapshot).save()
    with expect.violation("snapshot_text_has_hash"):
        copied(snapshot, supersedes_id=snapshot.pk, text_sha256="").save()
    copied(snapshot, supersedes_id=snapshot.pk).save()
    with pytest.raises(IntegrityError, match="supersedes"), transaction.atomic():
        copied(snapshot, supersedes_id=snapshot.pk).save()


def test_a_snapshot_is_not_its_own_successor(snapshot):
    number = snapshot.pk + 1_000
    with expect.violation("snapshot_not_its_own_successor"):
        copied(snapshot, id=number, supersedes_id=number).save(force_insert=True)


def test_what_machines_read_keeps_its_rules(snapshot, alice):
    vendor, other = make.vendor(by=alice), make.document()
    mention = {
        "snapshot": snapshot,
        "surface": "A",
        "vendor": vendor,
        "kind": "STRONG",
        "state": "ACCEPTED",
        "score": 1,
    }
    Mention.objects.create(start=0, end=1, **mention)
    with expect.violation("mention_once"):
        Mention.objects.create(start=0, end=1, **mention)
    with expect.violation("mention_span"):
        Mention.objects.create(start=1, end=1, **mention)
    Salience.objects.create(document=other, vendor=vendor, value=1)
    with expect.violation("salience_once"):
        Salience.objects.create(document=other, vendor=vendor, value=2)
    other.fingerprints.create(h=1)
    with expect.violation("fingerprint_once"):
        other.fingerprints.create(h=1)
    link = {"relation": "COPY", "containment": 1000, "why": "Same."}
    a, b = sorted((snapshot.document, other), key=lambda document: document.pk)
    OriginLink.objects.create(a=a, b=b, **link)
    with expect.violation("origin_link_once"):
        OriginLink.objects.create(a=a, b=b, **link)
    with expect.violation("origin_link_in_order"):
        OriginLink.objects.create(a=b, b=a, **link)


def test_every_constraint_has_its_test():
    assert expect.constraints("evidence") == {
        "source_interval",
        "source_reliability_known",
        "snapshot_one_first_per_document",
        "snapshot_not_its_own_successor",
        "snapshot_text_has_hash",
        "companion_once",  # tests/evidence/test_companions.py
        "vocabulary_of_something",  # tests/enrichment/test_watched.py
        "term_once",
        "term_occurs",
        "mention_once",
        "mention_span",
        "salience_once",
        "fingerprint_once",
        "origin_link_once",
        "origin_link_in_order",
        "source_asked_once",  # tests/evidence/test_sources.py
        "source_retention_known",
        "change_to_snapshot_once",  # tests/evidence/test_changes.py
        "change_because_once",
        *UNDERSTOOD,
        *JUDGED,
        *ORIGINS,
    }


@pytest.mark.django_db(transaction=True)
def test_eight_machines_that_hold_one_document_make_one():
    held = expect.at_once([lambda: Document.objects.hold(TOLD, capture=captured()).pk] * 8)
    assert len(set(held)) == 1
    assert (Document.objects.count(), Snapshot.objects.count()) == (1, 1)


def later(**time):
    return make.WHEN + datetime.timedelta(**time)


def test_a_live_capture_is_the_newest_although_a_clock_was_ahead():
    document = Document.objects.hold(TOLD, capture=captured(fetched_at=later(days=400)))
    document.answered(captured(b"two", fetched_at=later(hours=1), live=True), asked=document.stamp)
    newest = document.newest
    assert (newest.raw, newest.fetched_at) == (b"two", later(days=400, microseconds=1))


def test_a_newer_text_that_is_sent_in_is_the_newest(alice):
    document = Document.objects.hold(TOLD, capture=captured(fetched_at=later(days=4_000)))
    document.recapture(by=alice, content=b"two", content_type="text/plain", now=NOW)
    assert document.newest.raw == b"two"


def test_a_capture_from_an_archive_stays_where_it_belongs():
    document = Document.objects.hold(TOLD, capture=captured())
    document.capture(captured(b"older", fetched_at=later(days=-9)))
    assert (document.newest.raw, document.passed_over.raw) == (b"one", b"older")


def test_captures_nobody_has_read_come_oldest_first_and_the_newest_is_not_among_them():
    document = Document.objects.hold(TOLD, capture=captured())
    assert document.passed_over is None
    for raw, days in ((b"c", 2), (b"b", 1), (b"a", -1)):
        document.capture(captured(raw, fetched_at=later(days=days)))
    order = []
    while each := document.passed_over:
        order.append(each.raw)
        each.read_as(title="", text=each.raw.decode(), extractor_version="1")
    assert order == [b"a", b"one", b"b"]


@pytest.fixture
def excerpt(alice):
    """A document of which an excerpt is all that may be kept."""
    headers = {"retained": "excerpt"}
    source = make.source(by=alice, retention="EXCERPT")
    return Document.objects.hold(TOLD, source=source, capture=captured(b"The first words ...", headers=headers))


def test_nobody_sends_in_the_whole_text_where_terms_forbid_it(alice, excerpt):
    with expect.refusal(NotNow, excerpt, match="an excerpt"):
        excerpt.recapture(by=alice, content=b"The whole text.", content_type="text/plain", now=NOW)
    with expect.refusal(NotNow, match="an excerpt"):
        Document.objects.push(
            by=alice, url="https://news.example/new", headline="N", content=b"The whole text.",
            content_type="text/plain", now=NOW, source=excerpt.source,
        )  # fmt: skip
    assert Snapshot.objects.count() == 1


def test_the_whole_text_from_elsewhere_is_not_kept_where_terms_forbid_it(excerpt):
    assert Document.objects.hold(TOLD, capture=captured(b"The whole text.")) == excerpt
    assert [each.raw for each in excerpt.snapshots.all()] == [b"The first words ..."]
