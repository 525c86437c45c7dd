"""Vendors come on the register, under every name they use."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.vendors.models import Alias, Product, Relation, Vendor
from tests import expect, make
from tests.vendors import test_judgements

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 29)


@pytest.fixture
def vendor(alice):
    return make.vendor(by=alice)


@pytest.fixture
def other(alice):
    return make.vendor("High-Flyer", by=alice)


def test_registering_gives_a_page_and_a_first_name(alice):
    before = Entry.objects.count()
    vendor = Vendor.objects.register(
        by=alice, canonical_name=" Alibaba Cloud ", legal_names=["Alibaba Cloud Ltd"], hq_country="CN"
    )
    assert (vendor.slug, vendor.canonical_name, vendor.hq_country) == ("alibaba-cloud", "Alibaba Cloud", "CN")
    assert [(alias.text, alias.kind) for alias in vendor.aliases.all()] == [("Alibaba Cloud", Alias.Kind.TRADE)]
    entry = Entry.objects.about(vendor).get()
    assert (entry.verb, entry.actor, Entry.objects.count()) == ("vendor.register", alice, before + 1)


def test_registering_refuses_people_who_do_not_review(bob, dave, erin):
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed):
            Vendor.objects.register(by=person, canonical_name="Qwen")


@pytest.mark.parametrize("name", ["DeepSeek", "deepseek", "深度求索", ""])
def test_a_name_that_is_taken_or_makes_no_address_is_refused(alice, vendor, name):
    with expect.refusal(NotNow, vendor):
        Vendor.objects.register(by=alice, canonical_name=name)
    assert Vendor.objects.count() == 1


def test_a_name_in_another_script_comes_with_an_address(alice):
    assert Vendor.objects.register(by=alice, canonical_name="深度求索", slug="shendu").aliases.get().text == "深度求索"


def test_renaming_keeps_the_old_name(vendor, alice):
    with expect.one_entry("vendor.rename", by=alice, about=vendor):
        vendor.rename(by=alice, canonical_name="DeepSeek AI")
    assert (vendor.canonical_name, vendor.slug) == ("DeepSeek AI", "deepseek")
    assert set(vendor.aliases.values_list("text", flat=True)) == {"DeepSeek", "DeepSeek AI"}


def test_renaming_back_adds_no_name(vendor, alice):
    vendor.rename(by=alice, canonical_name="DeepSeek AI")
    vendor.add_alias(by=alice, text="DeepSeek", kind=Alias.Kind.LEGAL)
    vendor.rename(by=alice, canonical_name="DeepSeek")
    assert vendor.aliases.count() == 3


@pytest.mark.parametrize("blank", ["", "  "])
def test_renaming_to_nothing_is_refused(vendor, alice, blank):
    with expect.refusal(NotNow, vendor, match="name"):
        vendor.rename(by=alice, canonical_name=blank)


def test_describing_changes_only_what_is_given(vendor, alice):
    vendor.describe(by=alice, summary="A lab.", hq_country="CN", legal_names=["DeepSeek Ltd"])
    with expect.one_entry("vendor.describe", by=alice, about=vendor):
        vendor.describe(by=alice, summary="A lab in Hangzhou.")
    assert (vendor.summary, vendor.hq_country, vendor.legal_names) == ("A lab in Hangzhou.", "CN", ["DeepSeek Ltd"])


def test_an_alias_is_added_once_per_kind(vendor, alice):
    with expect.one_entry("vendor.add_alias", by=alice, about=vendor):
        alias = vendor.add_alias(
            by=alice, text=" 深度求索 ", kind=Alias.Kind.TRANSLITERATION, language="zh", script="Hans"
        )
    assert (alias.text, alias.strength, alias.script) == ("深度求索", Alias.Strength.STRONG, "Hans")
    with expect.refusal(NotNow, vendor, match="already a name"):
        vendor.add_alias(by=alice, text="深度求索", kind=Alias.Kind.TRANSLITERATION)
    assert vendor.add_alias(by=alice, text="深度求索", kind=Alias.Kind.LEGAL)


def test_an_alias_says_something(vendor, alice):
    with expect.refusal(NotNow, vendor, match="name"):
        vendor.add_alias(by=alice, text=" ", kind=Alias.Kind.TRADE)


def test_an_alias_names_a_product_of_this_vendor_only(vendor, other, alice):
    product = other.add_product(by=alice, name="Fund", kind=Product.Kind.API)
    with expect.refusal(NotNow, vendor, match="not a product of"):
        vendor.add_alias(by=alice, text="R1", kind=Alias.Kind.PRODUCT, product=product)


def test_a_retired_alias_is_no_longer_matched_and_stays_on_record(vendor, alice):
    alias = vendor.add_alias(by=alice, text="DS", kind=Alias.Kind.TRADE)
    with expect.one_entry("vendor.retire_alias", by=alice, about=vendor):
        vendor.retire_alias(by=alice, alias=alias, reason="Ambiguous.", on=DAY)
    assert alias in vendor.aliases.all()
    assert alias in Alias.objects.in_force(DAY - datetime.timedelta(days=1))
    assert alias not in Alias.objects.in_force(DAY)


def test_an_alias_of_another_vendor_is_not_retired_here(vendor, other, alice):
    with expect.refusal(NotNow, vendor, match="not a name of"):
        vendor.retire_alias(by=alice, alias=other.aliases.get(), reason="Ambiguous.", on=DAY)
    assert other.aliases.get().valid_to is None


def test_names_are_in_force_within_their_dates_and_if_they_are_matched(vendor):
    later, hidden = (vendor.aliases.create(text=text, kind=Alias.Kind.TRADE) for text in ("later", "hidden"))
    Alias.objects.filter(pk=later.pk).update(valid_from=DAY + datetime.timedelta(days=1))
    Alias.objects.filter(pk=hidden.pk).update(extract=False)
    assert [alias.text for alias in Alias.objects.in_force(DAY)] == ["DeepSeek"]


def test_a_product_is_added_once(vendor, alice):
    with expect.one_entry("vendor.add_product", by=alice, about=vendor):
        product = vendor.add_product(by=alice, name="DeepSeek-R1", kind=Product.Kind.MODEL, released_on=DAY)
    assert (product.slug, product.vendor, product.released_on) == ("deepseek-r1", vendor, DAY)
    with expect.refusal(NotNow, vendor, match="already"):
        vendor.add_product(by=alice, name="DeepSeek R1", kind=Product.Kind.API)


def test_a_product_has_a_name_that_makes_an_address(vendor, alice):
    with expect.refusal(NotNow, vendor, match="name"):
        vendor.add_product(by=alice, name="", kind=Product.Kind.MODEL)


def test_a_relation_has_dates_and_a_source(vendor, other, alice):
    with expect.one_entry("vendor.relate", by=alice, about=vendor):
        relation = vendor.relate(by=alice, other=other, kind=Relation.Kind.PARENT, valid_from=DAY, source="Filing")
    assert str(relation) == "High-Flyer is parent of DeepSeek"
    assert (relation.valid_from, relation.source) == (DAY, "Filing")


def test_a_vendor_is_not_its_own_parent(vendor, alice):
    with expect.refusal(NotNow, vendor, match="its own"):
        vendor.relate(by=alice, other=vendor, kind=Relation.Kind.PARENT)


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("rename", {"canonical_name": "x"}),
        ("describe", {"summary": "x"}),
        ("add_alias", {"text": "x", "kind": Alias.Kind.TRADE}),
        ("add_product", {"name": "x", "kind": Product.Kind.MODEL}),
    ],
)
def test_who_does_not_review_changes_nothing(vendor, bob, dave, erin, alice, verb, arguments):
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed, vendor):
            getattr(vendor, verb)(by=person, **arguments)
    with expect.refusal(Stale, vendor):
        getattr(vendor, verb)(by=alice, seen=0, **arguments)


def test_a_search_finds_any_name(vendor, other, alice):
    vendor.add_alias(by=alice, text="深度求索", kind=Alias.Kind.TRANSLITERATION)
    for words in ("deepseek", "求索"):
        assert list(Vendor.objects.all().matching(words)) == [vendor]
    vendor.add_alias(by=alice, text="Deepseek", kind=Alias.Kind.TRADE)
    assert Vendor.objects.all().matching("deep").count() == 1


def test_only_people_who_read_see_vendors(vendor, dave, erin):
    assert list(Vendor.objects.visible_to(dave)) == [vendor]
    assert list(Vendor.objects.visible_to(erin)) == []


VENDOR = [
    ("vendor_merged_says_where", {"status": "MERGED"}),
    ("vendor_merged_says_where", {"merged_into": "other"}),
    ("vendor_not_into_itself", {"status": "MERGED", "merged_into": "itself"}),
]


@pytest.mark.parametrize(("constraint", "columns"), VENDOR)
def test_a_vendor_keeps_its_rules(vendor, other, constraint, columns):
    target = {"other": other, "itself": vendor}.get(columns.get("merged_into"))
    with expect.violation(constraint):
        Vendor.objects.filter(pk=vendor.pk).update(**(columns | {"merged_into": target}))


RELATION = [
    ("relation_not_itself", {"other": "itself"}),
    ("relation_share_percent", {"share_percent": 101}),
    ("relation_dates_in_order", {"valid_from": DAY, "valid_to": DAY - datetime.timedelta(days=1)}),
]


@pytest.mark.parametrize(("constraint", "columns"), RELATION)
def test_a_relation_keeps_its_rules(vendor, other, alice, constraint, columns):
    vendor.relate(by=alice, other=other, kind=Relation.Kind.PARENT)
    with expect.violation(constraint):
        Relation.objects.update(**(columns | ({"other": vendor} if "other" in columns else {})))


def test_names_and_products_are_kept_once(vendor, alice):
    vendor.add_product(by=alice, name="R1", kind=Product.Kind.MODEL)
    with expect.violation("product_slug_once"):
        vendor.products.create(name="R1", slug="r1", kind=Product.Kind.MODEL)
    with expect.violation("alias_once"):
        vendor.aliases.create(text="DeepSeek", kind=Alias.Kind.TRADE)
    with expect.violation("alias_has_text"):
        vendor.aliases.create(text="", kind=Alias.Kind.TRADE)
    with pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        Vendor.objects.create(slug="deepseek", canonical_name="Other")


def test_every_constraint_has_its_test():
    tested = {name for name, _ in VENDOR + RELATION} | {"product_slug_once", "alias_once", "alias_has_text"}
    tested |= set(test_judgements.CONSTRAINTS)
    assert tested == expect.constraints("vendors")


def test_saying_again_what_is_on_record_changes_nothing(vendor, alice):
    vendor.describe(by=alice, summary="A lab.", hq_country="CN", legal_names=["DeepSeek Ltd"])
    before = (Entry.objects.count(), expect.told(vendor))
    vendor.describe(by=alice, summary="A lab.")
    vendor.rename(by=alice, canonical_name=vendor.canonical_name)
    assert (Entry.objects.count(), expect.told(vendor)) == before
