"""Names change by verbs, and each change that matters has the archive looked through for the name."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.vendors.models import Alias, NameChange
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor(alice):
    made = make.vendor(by=alice)
    NameChange.objects.all().delete()
    return made


@pytest.fixture
def today():
    return timezone.now().date()


def changes():
    return [(change.surface, change.what) for change in NameChange.objects.order_by("pk")]


def amended(alias, **terms):
    """All terms of an alias, some of them others."""
    names = ("strength", "prior", "extract", "valid_from", "valid_to")
    return {name: getattr(alias, name) for name in names} | {"alias": alias} | terms


def test_registering_looks_for_the_name(alice):
    make.vendor("Moonshot", by=alice)
    assert changes() == [("Moonshot", "ADDED")]


@pytest.mark.parametrize(
    "terms",
    [{"strength": Alias.Strength.WEAK}, {"prior": -500}, {"extract": False}, {"valid_to": datetime.date(2025, 1, 1)}],
)
def test_an_alias_is_amended(vendor, alice, terms):
    alias = vendor.aliases.get()
    with expect.one_entry("vendor.amend_alias", by=alice, about=vendor):
        vendor.amend_alias(by=alice, **amended(alias, **terms))
    alias.refresh_from_db()
    assert {name: getattr(alias, name) for name in terms} == terms
    assert changes() == [("DeepSeek", "CHANGED")]


def test_amending_nothing_changes_nothing(vendor, alice):
    before = expect.told(vendor)
    vendor.amend_alias(by=alice, **amended(vendor.aliases.get()))
    assert (expect.told(vendor), changes()) == (before, [])


def test_terms_that_cannot_be_are_refused(vendor, alice, today):
    alias = vendor.aliases.get()
    for terms in ({"prior": 5_001}, {"valid_from": today, "valid_to": today - datetime.timedelta(days=1)}):
        with expect.refusal(NotNow, vendor):
            vendor.amend_alias(by=alice, **amended(alias, **terms))
    other = make.vendor("High-Flyer", by=alice).aliases.get()
    with expect.refusal(NotNow, vendor, match="not a name of"):
        vendor.amend_alias(by=alice, **amended(other, prior=1))


def test_who_does_not_review_amends_nothing(vendor, bob, dave):
    for person in (bob, dave):
        with expect.refusal(NotAllowed, vendor):
            vendor.amend_alias(by=person, **amended(vendor.aliases.get(), prior=1))


def test_what_takes_effect_later_is_looked_for_later(vendor, alice, today):
    alias = vendor.aliases.get()
    first, last = today + datetime.timedelta(days=2), today + datetime.timedelta(days=9)
    vendor.amend_alias(by=alice, **amended(alias, valid_from=first, valid_to=last))
    days = [change.not_before.date() for change in NameChange.objects.order_by("not_before")]
    assert days == [today, first, last]


def test_what_is_only_kept_for_the_record_is_not_looked_for(vendor, alice, today):
    vendor.describe(by=alice, summary="A lab.")
    alias = vendor.add_alias(by=alice, text="DS", kind=Alias.Kind.TRADE)
    vendor.retire_alias(by=alice, alias=alias, reason="Ambiguous.", on=today)
    NameChange.objects.all().delete()
    vendor.retire_alias(by=alice, alias=alias, reason="Still.", on=today - datetime.timedelta(days=1))
    assert changes() == []


def test_a_refused_change_is_not_looked_for(vendor, alice):
    with expect.refusal(NotNow, vendor):
        vendor.add_alias(by=alice, text="DeepSeek", kind=Alias.Kind.TRADE)
    assert changes() == []


def test_a_name_is_amended_as_it_is_now_not_as_the_caller_read_it(vendor, alice):
    stale = vendor.aliases.get()
    vendor.amend_alias(by=alice, **amended(vendor.aliases.get(), prior=100))
    terms = amended(stale) | {"prior": 100, "strength": Alias.Strength.WEAK}
    vendor.amend_alias(by=alice, **terms)
    assert (vendor.aliases.get().prior, vendor.aliases.get().strength) == (100, "WEAK")
