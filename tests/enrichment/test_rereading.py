"""A changed name has exactly the documents read again that contain it."""

from __future__ import annotations

import datetime
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.enrichment import rereading, tasks
from riskreview.enrichment.names import gazetteer
from riskreview.enrichment.rereading import Names, progress
from riskreview.evidence.models import Capture, Document, Mention, Reading
from riskreview.lib.work import Stopped
from riskreview.vendors.models import Alias, NameChange
from tests import make
from tests.enrichment.pages import held, html

pytestmark = pytest.mark.django_db
SAID = "It was said on Monday that a review of the matter had begun and would take some weeks."
TEXTS = {
    "plain": "Moonshot released a new model this week.",
    "versioned": "The Kimi K2-Instruct model was published on Monday.",
    "capitals": "MOONSHOT RELEASES A NEW MODEL FOR THE ENTERPRISE",
    "inside": "The moonshots of the Moonshotters are many.",
    "chinese": "昨天月之暗面发布了一个新模型。",
    "symbol": "The shares (NYSE: MSH) fell on Monday.",
    "bare symbol": "The MSH of the hospital fell on Monday.",
    "percent": "They gave 100% of it away.",
    "backslash": r"The C\D model was published on Monday.",
    "other": "DeepSeek released a new model this week.",
}


@pytest.fixture
def archive():
    """Documents that were read, each with one text."""
    return {name: make.document(f"{text}\n{SAID}", headline=f"News of {name}") for name, text in TEXTS.items()}


@pytest.fixture
def step(monkeypatch):
    """The steps of all changes, without pauses, until none is due; documents are read in between."""
    monkeypatch.setattr(rereading, "PAUSE", timedelta())
    monkeypatch.setattr(rereading, "SECONDS", 600.0)

    def once() -> int:
        offers = NameChange.objects.offer()
        for row, offer in offers:
            tasks.reread(id=row, offer=str(offer))
        return len(offers)

    return once


def marked():
    """The names of the documents that wait to be read."""
    return {row.headline.removeprefix("News of ") for row in Document.objects.filter(digested_at=None)}


def steps(step, n=2):
    for _ in range(n):
        step()


@pytest.fixture
def vendor(alice, step):
    """A vendor whose own name nobody wrote about."""
    made = make.vendor("Dark Side Laboratories", by=alice)
    while step():
        pass
    return made


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Moonshot", Alias.Kind.TRADE, {"plain", "capitals"}),
        ("Kimi", Alias.Kind.PRODUCT, {"versioned"}),
        ("月之暗面", Alias.Kind.TRANSLITERATION, {"chinese"}),
        ("NYSE: MSH", Alias.Kind.TICKER, {"symbol"}),
        ("100%", Alias.Kind.TRADE, {"percent"}),
        ("100_", Alias.Kind.TRADE, set()),
        (r"C\D", Alias.Kind.TRADE, {"backslash"}),
        ("News of plain", Alias.Kind.TRADE, {"plain"}),
    ],
)
def test_a_new_name_marks_exactly_the_documents_that_contain_it(vendor, archive, alice, step, text, kind, found):
    vendor.add_alias(by=alice, text=text, kind=kind)
    steps(step)
    assert marked() == found
    change = NameChange.objects.latest("pk")
    assert (change.found, change.to_read, change.surface) == (len(found), len(found), text)


def test_changing_one_alias_reads_its_documents_and_no_others(vendor, archive, alice, step):
    alias = vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    steps(step)
    Document.objects.update(digested_at=timezone.now())
    while step():
        pass
    assert (marked(), NameChange.objects.filter(done_at=None).count()) == (set(), 0)
    vendor.amend_alias(by=alice, alias=alias, strength="WEAK", prior=100, extract=True, valid_from=None, valid_to=None)
    steps(step)
    assert marked() == {"plain", "capitals"}
    Document.objects.update(digested_at=timezone.now())
    while step():
        pass
    vendor.retire_alias(by=alice, alias=alias, reason="Ambiguous.", on=timezone.now().date())
    steps(step)
    assert marked() == {"plain", "capitals"}


def test_what_is_marked_is_read_with_the_new_name(alice, work, monkeypatch):
    monkeypatch.setattr(rereading, "PAUSE", timedelta())
    document = held(html("Moonshot ships a model", f"Moonshot released a new model. {SAID}"), "a")
    other = held(html("DeepSeek ships a model", f"DeepSeek released a new model. {SAID}"), "b")
    work()
    before = {row.pk: row.digested_at for row in Document.objects.all()}
    assert not Mention.objects.exists()
    vendor = make.vendor("Moonshot", by=alice)
    work()
    assert {mention.vendor for mention in Mention.objects.all()} == {vendor}
    document.refresh_from_db()
    other.refresh_from_db()
    assert document.digested_at > before[document.pk]
    assert other.digested_at == before[other.pk]
    assert NameChange.objects.get().done_at


def test_an_older_capture_does_not_count(vendor, archive, alice, step):
    document = archive["plain"]
    fresh = document.capture(Capture(raw=b"x", content_type="text/plain", fetched_at=timezone.now()))
    fresh.read_as(title="", text="Nothing of the kind.", extractor_version="test")
    Document.objects.filter(pk=document.pk).update(digested_at=timezone.now())
    vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    steps(step)
    assert marked() == {"capitals"}


def test_what_was_read_with_the_names_of_today_is_not_read_again(vendor, archive, alice, step):
    vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    version = gazetteer(timezone.now().date()).version
    snapshot = archive["plain"].newest
    Reading.objects.create(snapshot=snapshot, pipeline_version="1", gazetteer_version=version, sha256="0" * 64)
    steps(step)
    assert marked() == {"capitals"}


def test_a_later_day_is_waited_for(vendor, archive, alice, step):
    alias = vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    steps(step)
    Document.objects.update(digested_at=timezone.now())
    while step():
        pass
    tomorrow = timezone.now().date() + timedelta(days=1)
    vendor.retire_alias(by=alice, alias=alias, reason="Ambiguous.", on=tomorrow)
    assert (step(), marked()) == (0, set())
    assert NameChange.objects.latest("pk").not_before == datetime.datetime.combine(
        tomorrow, datetime.time(), datetime.UTC
    )


def test_names_changed_together_are_looked_for_once(vendor, archive, alice, step, django_assert_num_queries):
    for text in ("Moonshot", "月之暗面", "Nobody"):
        vendor.add_alias(by=alice, text=text, kind=Alias.Kind.TRADE)
    assert step() == 1
    told = {row.surface: (row.found, row.joined_id is None) for row in NameChange.objects.filter(done_at=None)}
    assert told == {"Moonshot": (2, True), "月之暗面": (1, False), "Nobody": (0, False)}
    step()
    assert marked() == {"plain", "capitals", "chinese"}
    Document.objects.update(digested_at=timezone.now())
    while step():
        pass
    assert not NameChange.objects.filter(done_at=None).exists()


def test_documents_are_handed_over_in_portions_as_they_are_read(vendor, alice, step, monkeypatch):
    monkeypatch.setattr(rereading, "PORTION", 2)
    monkeypatch.setattr(rereading, "NEARLY", 0)
    for _ in range(5):
        make.document(f"Moonshot released a model.\n{SAID}")
    vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    told = []
    for _ in range(12):
        if not step():
            break
        waiting = Document.objects.filter(digested_at=None)
        [now] = progress(vendor) or [None]
        told.append((now.read, now.documents, waiting.count()) if now else None)
        if len(told) % 2 == 1:
            Document.objects.update(digested_at=timezone.now())
    assert told[:5] == [(0, 5, 0), (0, 5, 2), (0, 5, 2), (2, 5, 2), (2, 5, 2)]
    assert NameChange.objects.filter(done_at=None).count() == 0


def test_the_archive_is_looked_through_step_by_step(vendor, archive, alice, step, monkeypatch):
    monkeypatch.setattr(rereading, "SECONDS", 0.000_001)  # each step looks at one portion
    monkeypatch.setattr(rereading, "LOOKED_AT", 2)
    vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    taken = 0
    while not NameChange.objects.latest("pk").searched_at:
        taken += step()
    assert taken > len(TEXTS) // 2
    assert NameChange.objects.latest("pk").found == 2


def test_a_document_that_is_being_read_begins_again(vendor, archive, alice, step):
    document = archive["plain"]
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    [(row, offer)] = Document.objects.filter(pk=document.pk).offer()
    with Document.objects.start(row, str(offer)) as work:
        vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
        step()
        work.finish(lambda *_: None, None, digested_at=timezone.now())
    document.refresh_from_db()
    assert (document.digested_at, document.attempts, document.lease) == (None, 0, None)


def stopped(*_):
    """What a worker does that is told to stop."""
    raise Stopped


def test_a_step_that_is_stopped_is_done_again(vendor, archive, alice, step, monkeypatch):
    vendor.add_alias(by=alice, text="Moonshot", kind=Alias.Kind.TRADE)
    with monkeypatch.context() as patch:
        patch.setattr(rereading, "keep", stopped)
        with pytest.raises(SystemExit):
            step()
    assert NameChange.objects.latest("pk").found == 0
    steps(step)
    assert (marked(), NameChange.objects.latest("pk").found) == ({"plain", "capitals"}, 2)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Meta", "The Metallica of META was metal.", False),
        ("Meta", "THE NEW MODELS OF META WERE SHOWN TODAY", True),
        ("AI2", "the ai2 of it", True),
        ("Nova", "Amazon Nova 2 Lite came out.", True),
    ],
)
def test_a_name_is_found_as_matching_finds_it(name, text, found):
    change = NameChange(pk=1, surface=name, kind=Alias.Kind.PRODUCT if name == "Nova" else Alias.Kind.TRADE)
    assert Names([change]).inside(text) == ({1} if found else set())


def test_progress_is_told_between_two_steps_and_so_is_trouble(alice, step, monkeypatch):
    for number in range(3):
        make.document(f"Moonshot released a new model, number {number}.")
    vendor = make.vendor("Moonshot", by=alice)
    step()
    assert [told.documents for told in rereading.progress(vendor)] == [3]
    NameChange.objects.update(looked_through=0, searched_at=None, documents=[], not_before=Now())
    monkeypatch.setattr(rereading, "look_through", lambda change: 1 / 0)
    step()
    told = rereading.progress(vendor)
    assert [each.trouble for each in told] == [NameChange.objects.get().last_error] != [""]
