"""What people say of names and of pairs is remembered, is not asked again, and can be taken back."""

import pytest
from django.db import DatabaseError
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.vendors.models import Alias, DuplicateJudgement, NameJudgement, Vendor, Verdict
from tests import expect, make

pytestmark = pytest.mark.django_db
CONSTRAINTS = (
    *("name_judgement_once", "name_judgement_same_as_whom"),
    *("duplicate_judgement_once", "duplicate_judgement_in_order"),
)
ZHIPU = {"kind": "NAME", "spelling": "zhipu-ai", "surfaces": ["Zhipu AI", "Zhipu-AI"]}


@pytest.fixture
def vendor(alice):
    return make.vendor("Zhipu", by=alice)


@pytest.fixture
def other(alice):
    return make.vendor("Zhipuai", by=alice)


def verbs():
    return [entry.verb for entry in Entry.objects.newest_first()[:4]][::-1]


def test_a_name_that_is_a_vendors_becomes_its_name_in_every_spelling(vendor, alice):
    made = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict=Verdict.SAME, vendor=vendor, strength="WEAK")
    added = vendor.aliases.filter(pk__in=made.names_added)
    assert {(alias.text, alias.kind, alias.strength) for alias in added} == {
        ("Zhipu AI", "TRADE", "WEAK"),
        ("Zhipu-AI", "TRADE", "WEAK"),
    }
    assert verbs()[1:] == ["vendor.add_alias", "vendor.add_alias", "namejudgement.judge"]
    assert made.judged_by == alice


@pytest.mark.parametrize(
    ("kind", "spelling", "surface", "text", "alias"),
    [
        ("TICKER", "HKEX:9988", "9988.HK", "HKEX: 9988", Alias.Kind.TICKER),
        ("MODEL", "glm-5", "GLM-5", "GLM-5", Alias.Kind.PRODUCT),
        ("NAME", "z.ai", "Z.ai", "Z.ai", Alias.Kind.TRADE),
    ],
)
def test_what_it_looks_like_says_what_kind_of_name_it_becomes(vendor, alice, kind, spelling, surface, text, alias):
    given = {"kind": kind, "spelling": spelling, "surfaces": [surface]}
    made = NameJudgement.objects.judge(by=alice, **given, verdict="SAME", vendor=vendor)
    assert [(name.text, name.kind) for name in vendor.aliases.filter(pk__in=made.names_added)] == [(text, alias)]


def test_a_name_the_vendor_has_by_now_is_not_added_twice(vendor, alice):
    vendor.add_alias(by=alice, text="Zhipu AI", kind=Alias.Kind.LEGAL)
    made = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict="SAME", vendor=vendor)
    assert len(made.names_added) == 1


@pytest.mark.parametrize("verdict", [Verdict.DIFFERENT, Verdict.UNSURE])
def test_a_name_that_is_nobodys_is_remembered_and_changes_no_vendor(vendor, alice, verdict):
    before = expect.told(vendor)
    made = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict=verdict, reason=" A newspaper. ")
    assert (made.verdict, made.vendor, made.reason, expect.told(vendor)) == (verdict, None, "A newspaper.", before)


def test_a_name_is_judged_once_until_that_is_taken_back(vendor, alice, carol):
    made = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict="DIFFERENT")
    with expect.refusal(NotNow, made, match="already"):
        NameJudgement.objects.judge(by=carol, **ZHIPU, verdict="UNSURE")
    with expect.one_entry("namejudgement.undo", by=carol, about=made):
        made.undo(by=carol, now=timezone.now())
    assert (made.undone_by, NameJudgement.objects.in_force().count()) == (carol, 0)
    with expect.refusal(NotNow, made, match="already"):
        made.undo(by=alice, now=timezone.now())
    NameJudgement.objects.judge(by=carol, **ZHIPU, verdict="UNSURE")


def test_taking_it_back_retires_the_names_it_brought_and_no_others(vendor, alice):
    kept = vendor.add_alias(by=alice, text="智谱", kind=Alias.Kind.TRANSLITERATION)
    made = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict="SAME", vendor=vendor)
    now = timezone.now()
    made.undo(by=alice, now=now)
    retired = set(vendor.aliases.filter(valid_to=now.date()).values_list("pk", flat=True))
    assert retired == set(made.names_added)
    assert kept.pk not in retired
    again = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict="SAME", vendor=vendor)
    assert set(again.names_added) == retired


def test_a_name_puts_its_vendor_on_the_register(alice):
    made = NameJudgement.objects.register(by=alice, **ZHIPU, canonical_name="Zhipu AI", hq_country="CN")
    vendor = Vendor.objects.get(slug="zhipu-ai")
    assert (made.vendor, made.verdict, vendor.hq_country) == (vendor, "SAME", "CN")
    assert set(vendor.aliases.values_list("text", flat=True)) == {"Zhipu AI", "Zhipu-AI"}


def test_a_vendor_that_cannot_be_registered_leaves_no_judgement(vendor, alice):
    with expect.refusal(NotNow, vendor):
        NameJudgement.objects.register(by=alice, **ZHIPU, canonical_name="Zhipu")
    assert not NameJudgement.objects.exists()


@pytest.mark.parametrize("given", [{"verdict": "SAME"}, {"verdict": "DIFFERENT", "vendor": "vendor"}])
def test_same_has_a_vendor_and_the_others_have_none(vendor, alice, given):
    named = {"vendor": vendor} if "vendor" in given else {}
    with expect.refusal(NotNow, vendor):
        NameJudgement.objects.judge(by=alice, **ZHIPU, **(given | named))


def test_who_does_not_review_judges_nothing(vendor, other, alice, bob, dave):
    name = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict="UNSURE")
    pair = DuplicateJudgement.objects.judge(by=alice, vendor=vendor, other=other, verdict="UNSURE")
    for person in (bob, dave):
        for row in (name, pair):
            with expect.refusal(NotAllowed, row):
                row.undo(by=person, now=timezone.now())
        with expect.refusal(NotAllowed):
            NameJudgement.objects.judge(by=person, kind="NAME", spelling="x", surfaces=["X"], verdict="UNSURE")
        with expect.refusal(NotAllowed):
            NameJudgement.objects.register(by=person, kind="NAME", spelling="x", surfaces=["X"], canonical_name="X")
        with expect.refusal(NotAllowed):
            DuplicateJudgement.objects.judge(by=person, vendor=vendor, other=other, verdict="UNSURE")


def test_a_pair_is_judged_once_whichever_comes_first(vendor, other, alice):
    made = DuplicateJudgement.objects.judge(by=alice, vendor=other, other=vendor, verdict="DIFFERENT")
    assert (made.vendor, made.other) == (vendor, other)
    with expect.refusal(NotNow, made, match="already"):
        DuplicateJudgement.objects.judge(by=alice, vendor=vendor, other=other, verdict="SAME")
    with expect.one_entry("duplicatejudgement.undo", by=alice, about=made):
        made.undo(by=alice, now=timezone.now())
    DuplicateJudgement.objects.judge(by=alice, vendor=vendor, other=other, verdict="SAME")


def test_a_vendor_is_no_pair(vendor, alice):
    with expect.refusal(NotNow, vendor):
        DuplicateJudgement.objects.judge(by=alice, vendor=vendor, other=vendor, verdict="SAME")


def test_judgements_keep_their_rules(vendor, other, alice):
    name = {"kind": "NAME", "spelling": "x", "surfaces": ["X"], "judged_by": alice}
    pair = {"vendor": vendor, "other": other, "verdict": "SAME", "judged_by": alice}
    with expect.violation("name_judgement_once"):
        NameJudgement.objects.bulk_create(NameJudgement(**name, verdict="UNSURE") for _ in range(2))
    with expect.violation("name_judgement_same_as_whom"):
        NameJudgement.objects.create(**name, verdict="SAME")
    with expect.violation("duplicate_judgement_once"):
        DuplicateJudgement.objects.bulk_create(DuplicateJudgement(**pair) for _ in range(2))
    with expect.violation("duplicate_judgement_in_order"):
        DuplicateJudgement.objects.create(**(pair | {"vendor": other, "other": vendor}))


@pytest.mark.django_db(transaction=True)
def test_a_judgement_without_an_entry_is_refused_at_commit(alice):
    made = NameJudgement.objects.judge(by=alice, **ZHIPU, verdict="UNSURE")
    with pytest.raises(DatabaseError, match="without an entry"):
        NameJudgement.objects.filter(pk=made.pk).update(verdict="DIFFERENT")


def test_a_new_vendor_that_is_taken_back_is_matched_no_more(alice):
    make.unknown_name("Zhipu AI", "zhipu-ai")
    given = {"kind": "NAME", "spelling": "zhipu-ai", "surfaces": ["Zhipu AI"], "canonical_name": "Zhipu AI"}
    made = NameJudgement.objects.register(by=alice, **given)
    assert made.vendor.aliases.filter(valid_to=None).exists()
    made.undo(by=alice, now=timezone.now())
    assert not made.vendor.aliases.filter(valid_to=None).exists()
