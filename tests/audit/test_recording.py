"""What makes a method a verb: all of it or none of it, one entry, one lock order."""

import threading

import pytest
from django.db import connections, transaction

from riskreview.audit import entries, recording
from riskreview.audit.models import Entry, Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.vendors.models import Alias, Relation, Vendor
from tests import expect, make

pytestmark = pytest.mark.django_db
ANYONE = {"who": lambda subject, user: True}


@pytest.fixture
def vendor(alice):
    return make.vendor(by=alice)


def breaking(**given):
    @recorded(**(ANYONE | given))
    def breaking(self, *, by, secret=""):
        """Change things and fail."""
        self.summary = "changed"
        self.aliases.create(text="halfway", kind=Alias.Kind.TRADE)
        self.save()
        raise RuntimeError("in the middle")

    return breaking


def test_nothing_remains_of_a_verb_that_breaks_half_way(vendor, alice):
    before = (expect.told(vendor), Entry.objects.count())
    with pytest.raises(RuntimeError, match="in the middle"):
        breaking()(vendor, by=alice)
    assert (expect.told(vendor), Entry.objects.count()) == before


def test_nothing_remains_when_the_entry_cannot_be_written(vendor, alice, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("disk full")

    before = (expect.told(vendor), Entry.objects.count())
    monkeypatch.setattr(entries.writing, "write", full)
    with pytest.raises(OSError, match="disk full"):
        vendor.rename(by=alice, canonical_name="DeepSeek AI")
    assert (expect.told(vendor), Entry.objects.count()) == before


def test_nothing_remains_of_an_argument_no_entry_can_hold(vendor, alice):
    @recorded(**ANYONE)
    def weigh(self, *, by, share):
        """Note a weight."""
        self.summary = "weighed"

    before = (expect.told(vendor), Entry.objects.count())
    with pytest.raises(TypeError, match="float"):
        weigh(vendor, by=alice, share=0.5)
    assert (expect.told(vendor), Entry.objects.count()) == before


def test_an_act_too_large_for_an_entry_leaves_nothing(vendor, alice):
    before = (expect.told(vendor), Entry.objects.count())
    with pytest.raises(ValueError, match="too large"):
        vendor.describe(by=alice, summary="", legal_names=["n" * 200] * 1_000)
    assert (expect.told(vendor), Entry.objects.count()) == before


def test_wrong_arguments_fail_before_anything_is_locked(vendor, alice, monkeypatch):
    monkeypatch.setattr(Recorded, "lock", lambda self, **_: pytest.fail("locked"))
    for arguments in ({}, {"canonical_name": "x", "colour": "red"}):
        with pytest.raises(TypeError):
            vendor.rename(by=alice, **arguments)


def test_who_acts_is_a_keyword_and_never_left_out(vendor, alice):
    with pytest.raises(TypeError):
        vendor.rename(canonical_name="x")
    with pytest.raises(TypeError):
        vendor.rename(alice, canonical_name="x")
    with pytest.raises(TypeError):
        Vendor.objects.register(canonical_name="x")


def test_sequence_numbers_are_dense(vendor, alice):
    for number in range(6):
        vendor.rename(by=alice, canonical_name=f"Name {number}")
        with pytest.raises(NotNow):
            vendor.relate(by=alice, other=vendor, kind=Relation.Kind.PARENT)
    told = Entry.objects.about(vendor).order_by("id").values_list("seq", flat=True)
    assert list(told) == list(range(1, 8))
    vendor.refresh_from_db()
    assert vendor.entry_seq == 7


def test_a_version_that_was_seen_is_checked(vendor, alice):
    seen = vendor.entry_seq
    vendor.rename(by=alice, canonical_name="DeepSeek AI", seen=seen)
    with expect.refusal(Stale, vendor, match="changed since"):
        vendor.rename(by=alice, canonical_name="Other", seen=seen)


def test_unsaved_edits_are_not_smuggled_through_a_verb(vendor, alice):
    vendor.summary = "smuggled"
    vendor.rename(by=alice, canonical_name="DeepSeek AI")
    assert expect.told(vendor)["summary"] == ""


def test_a_refusal_knows_the_verb_and_the_row(vendor, dave):
    with pytest.raises(NotAllowed) as refused:
        vendor.rename(by=dave, canonical_name="x")
    assert (refused.value.verb, refused.value.subject) == ("vendor.rename", vendor)


def test_an_omitted_argument_stays_out_and_the_others_go_in(vendor, alice):
    @recorded(omit=("secret",), **ANYONE)
    def keep(self, *, by, secret, note):
        """Keep something to oneself."""

    keep(vendor, by=alice, secret="s3cr3t", note="n0te")
    newest = Entry.objects.about(vendor).newest_first()[0]
    assert newest.private["arguments"] == {"note": "n0te"}


def test_a_second_verb_on_the_same_row_inside_a_verb_is_refused(vendor, alice):
    @recorded(**ANYONE)
    def outer(self, *, by):
        """Call another verb of the same row, through another instance."""
        Vendor.objects.get(pk=self.pk).rename(by=by, canonical_name="inner")

    before = (expect.told(vendor), Entry.objects.count())
    with pytest.raises(RuntimeError, match="inside another verb of the same row"):
        outer(vendor, by=alice)
    assert (expect.told(vendor), Entry.objects.count()) == before
    vendor.rename(by=alice, canonical_name="Afterwards it works")


def test_a_verb_of_another_row_inside_a_verb_is_a_second_entry(vendor, alice):
    other = make.vendor("Qwen", by=alice)

    @recorded(**ANYONE)
    def outer(self, *, by):
        """Call a verb of another row."""
        other.rename(by=by, canonical_name="inner")

    before = Entry.objects.count()
    outer(vendor, by=alice)
    assert [entry.verb for entry in Entry.objects.order_by("id")[before:]] == ["vendor.rename", "vendor.outer"]


def test_rows_are_locked_in_one_order_whoever_asks(vendor, alice, monkeypatch):
    other, locked = make.vendor("Qwen", by=alice), []
    monkeypatch.setattr(Recorded, "lock", lambda self, **_: locked.append(self.pk))
    vendor.relate(by=alice, other=other, kind=Relation.Kind.AFFILIATE)
    once, locked[:] = list(locked), []
    other.relate(by=alice, other=vendor, kind=Relation.Kind.AFFILIATE)
    assert once == locked
    assert set(locked) == {vendor.pk, other.pk}


def test_a_factory_refuses_before_it_makes_anything(dave):
    with pytest.raises(NotAllowed, match="Only reviewers and leads"):
        Vendor.objects.register(by=dave, canonical_name="Qwen")
    assert not Vendor.objects.exists()


def test_nothing_remains_of_a_factory_that_breaks(alice):
    @recorded_factory(**ANYONE)
    def breaking(self, *, by):
        """Make half a row."""
        Vendor(canonical_name="Half", slug="half").save()
        raise RuntimeError("in the middle")

    before = Entry.objects.count()
    with pytest.raises(RuntimeError, match="in the middle"), transaction.atomic():
        breaking(Vendor.objects.all(), by=alice)
    assert (Vendor.objects.count(), Entry.objects.count()) == (0, before)


def test_names_read_like_words():
    assert (recording.words("send_back"), recording.verb_name(Vendor(), "add_alias")) == (
        "send back",
        "vendor.add_alias",
    )


@pytest.mark.django_db(transaction=True)
def test_simultaneous_verbs_lose_no_edit_and_no_number(alice):
    vendor = make.vendor(by=alice)

    def add(text):
        return lambda: Vendor.objects.get(pk=vendor.pk).add_alias(by=alice, text=text, kind=Alias.Kind.TRADE)

    outcomes = expect.at_once([add(f"Name {number}") for number in range(8)])
    assert [type(outcome) for outcome in outcomes] == [Alias] * 8
    assert sorted(Entry.objects.about(vendor).values_list("seq", flat=True)) == list(range(1, 10))
    assert Vendor.objects.get(pk=vendor.pk).aliases.count() == 9


@pytest.mark.django_db(transaction=True)
def test_two_verbs_over_two_rows_never_wait_for_each_other(alice):
    one, two = make.vendor("One", by=alice), make.vendor("Two", by=alice)
    errors = []

    def relate(vendor, other):
        try:
            for _ in range(10):
                vendor.relate(by=alice, other=other, kind=Relation.Kind.AFFILIATE)
        except Exception as error:  # noqa: BLE001 - a deadlock is what this is about
            errors.append(error)
        finally:
            connections.close_all()

    pairs = [(one, Vendor.objects.get(pk=two.pk)), (two, Vendor.objects.get(pk=one.pk))]
    threads = [threading.Thread(target=relate, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Entry.objects.filter(verb="vendor.relate").count() == 20
