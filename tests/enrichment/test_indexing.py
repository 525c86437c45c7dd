"""What is read can be searched at once; what was read before follows in the background."""

import time

import pytest
from django.db import connection

from riskreview.enrichment import indexing, pipeline, storing
from riskreview.evidence.models import Document, SearchText, indexed, unindexed
from tests import make
from tests.enrichment.pages import REVIEW, held, html, read

pytestmark = pytest.mark.django_db


def words(document):
    """The words of a document as they are kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text FROM evidence_searchtext WHERE document_id = %s", [document.pk])
        return cursor.fetchone()[0]


def test_what_is_read_can_be_searched(alice):
    vendor = make.vendor(by=alice)
    kept = words(read(html(*REVIEW), "read"))
    assert "'deepseek'" in kept.lower()
    assert f"'=v{vendor.pk}'" in kept
    assert "'=kARTICLE'" in kept


def test_nothing_is_written_when_nothing_changed():
    document = read(html(*REVIEW), "same")
    newest = document.newest
    assert SearchText.objects.index(document, document.headline, newest.text) is False
    assert SearchText.objects.index(document, "Another title", newest.text) is True
    assert "'anoth':" in words(document)


def test_the_words_are_those_of_the_newest_text():
    document = read(html(*REVIEW, "Penguins were mentioned."), "changing")
    assert "'penguin':" in words(document)
    document = read(html(*REVIEW, "Ostriches were mentioned."), "changing")
    assert "'ostrich':" in words(document)
    assert "'penguin':" not in words(document)


def test_words_and_reading_are_written_together(monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(storing, "forget", broken)
    assert pipeline.digest_now(held(html(*REVIEW), "half")) is False
    assert not SearchText.objects.exists()


@pytest.fixture
def old():
    """Documents that were read before words were kept."""
    documents = [read(html(*REVIEW, f"It is number {n}."), f"old-{n}") for n in range(5)]
    SearchText.objects.all().delete()
    return documents


def test_what_was_read_before_follows_in_portions(old, monkeypatch):
    monkeypatch.setattr(indexing, "PORTION", 2)
    assert (indexing.progress().searchable, indexing.progress().of) == (0, 5)
    assert indexing.index_all() == 5
    assert indexing.progress().is_complete
    assert indexing.index_all() == 0


def test_it_stops_when_its_time_is_over(old, monkeypatch):
    monkeypatch.setattr(indexing, "PORTION", 2)
    times = iter([0.0, 1.0, 2.0, 99.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    assert indexing.index_all(seconds=10) == 4


def test_another_version_of_the_words_is_kept_anew(old, monkeypatch):
    indexing.index_all()
    monkeypatch.setattr(indexed, "VERSION", indexed.VERSION + 1)
    assert unindexed().count() == 5
    assert indexing.index_all() == 5
    assert set(SearchText.objects.values_list("version", flat=True)) == {indexed.VERSION}


def test_what_nobody_has_read_is_left_to_the_reader(old):
    Document.objects.filter(pk=old[0].pk).update(digested_at=None)
    assert indexing.index_all() == 4


def test_the_sweep_has_it_done(old, work):
    work()
    assert indexing.progress().is_complete


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{n:x}" for n in range(60_000)),
        "".join(map(chr, range(0x4E00, 0x9FFF))) * 5,
        " ".join(f"x{n}-{n}.example/{n}?q={n}" for n in range(9_000)),
        " ".join(chr(0x430 + n % 32) + chr(0x430 + n // 32 % 32) + chr(0x430 + n // 1024) for n in range(30_000)),
        "a " * 100_000,
        "<script>" * 20_000,
    ],
)
def test_any_text_fits(text):
    document = make.document("A text.")
    assert SearchText.objects.index(document, text[:500], text) is True


def test_a_document_without_words_is_kept_too():
    document = make.document("…", headline="")
    assert SearchText.objects.index(document, "", "…") is True
    assert indexing.progress().is_complete
