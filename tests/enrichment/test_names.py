"""The gazetteer is built from the register, and anew whenever a name changes."""

import datetime

import pytest

from riskreview.enrichment.names import gazetteer, kind_of
from riskreview.vendors.matching import NameKind
from riskreview.vendors.models import Alias
from tests import make

DAY = datetime.date(2025, 1, 29)


EVERY = "DeepSeek and Qwen and DS and 深度求索 appeared."


def texts(on=DAY):
    """Which of the names are known."""
    return {EVERY[hit.start : hit.end] for hit in gazetteer(on).find(EVERY)}


@pytest.mark.django_db
def test_it_is_kept_until_a_vendor_changes(alice):
    vendor = make.vendor(by=alice)
    first = gazetteer(DAY)
    assert gazetteer(DAY) is first
    vendor.add_alias(by=alice, text="深度求索", kind=Alias.Kind.TRADE)
    assert gazetteer(DAY) is not first
    assert texts() == {"DeepSeek", "深度求索"}


@pytest.mark.django_db
def test_a_new_vendor_is_known_at_once(alice):
    make.vendor(by=alice)
    assert texts() == {"DeepSeek"}
    make.vendor("Qwen", by=alice)
    assert texts() == {"DeepSeek", "Qwen"}


@pytest.mark.django_db
def test_a_retired_name_is_known_until_its_last_day(alice):
    vendor = make.vendor(by=alice)
    alias = vendor.add_alias(by=alice, text="DS", kind=Alias.Kind.TRADE)
    vendor.retire_alias(by=alice, alias=alias, reason="Ambiguous.", on=DAY)
    assert (texts(), texts(DAY - datetime.timedelta(days=1))) == ({"DeepSeek"}, {"DeepSeek", "DS"})


@pytest.mark.django_db
def test_an_empty_register_is_an_empty_gazetteer():
    assert texts() == set()


@pytest.mark.parametrize(
    ("kind", "strength", "believed"),
    [
        ("TRADE", "STRONG", NameKind.STRONG),
        ("LEGAL", "STRONG", NameKind.STRONG),
        ("TRANSLITERATION", "STRONG", NameKind.STRONG),
        ("TRADE", "WEAK", NameKind.WEAK),
        ("PRODUCT", "STRONG", NameKind.PRODUCT),
        ("PRODUCT", "WEAK", NameKind.PRODUCT_WEAK),
        ("TICKER", "STRONG", NameKind.TICKER),
        ("TICKER", "WEAK", NameKind.TICKER),
    ],
)
def test_kind_and_strength_say_how_far_a_name_is_believed(kind, strength, believed):
    assert kind_of(Alias(kind=kind, strength=strength)) == believed
