"""Cases that are alike, and how earlier ones ended."""

import datetime

import pytest

from riskreview.cases import likeness
from riskreview.cases.likeness import Part, Precedent, Profile, compared, departure, endings, listed
from riskreview.cases.models import Case, RiskArea
from riskreview.vendors.models import Product
from tests import make

pytestmark = pytest.mark.django_db
DEEPSEEK, ALIBABA, MOON = {1: "DeepSeek"}, {2: "Alibaba"}, {3: "Moonshot"}
FAMILY = {2: "Alibaba, parent of DeepSeek"}


def profile(**told):
    return Profile(**{name: frozenset(value) if isinstance(value, set) else value for name, value in told.items()})


@pytest.mark.parametrize(
    ("mine", "other", "parts"),
    [
        ({"vendors": DEEPSEEK}, {"vendors": MOON}, []),
        ({"vendors": DEEPSEEK}, {"vendors": DEEPSEEK}, [("vendor", 40)]),
        ({"vendors": DEEPSEEK}, {"vendors": ALIBABA}, [("family", 20)]),
        ({"vendors": DEEPSEEK}, {"vendors": DEEPSEEK | ALIBABA}, [("vendor", 40)]),
        ({"products": {1: "R1", 2: "V3"}}, {"products": {1: "R1", 2: "V3"}}, [("product", 25)]),
        ({"areas": {"PRIVACY"}}, {"areas": {"PRIVACY"}}, [("area", 10)]),
        ({"areas": {*RiskArea.values}}, {"areas": {*RiskArea.values}}, [("area", 20)]),
        ({"categories": {"a", "b", "c", "d"}}, {"categories": {"a", "b", "c", "d"}}, [("category", 15)]),
        ({"playbook": "x"}, {"playbook": "x"}, [("playbook", 5)]),
        ({"playbook": ""}, {"playbook": ""}, []),
        ({"words": {"chip", "rule"}}, {"words": {"chip", "rule", "more"}}, [("words", 20)]),
        ({"words": {"chip", "rule"}}, {"words": {"chip"}}, []),
    ],
)
def test_every_likeness_is_a_sum_of_named_parts(mine, other, parts):
    found = compared(profile(**mine), profile(**other), FAMILY)
    assert [(each.name, each.points) for each in found] == parts
    assert all(each.reason for each in found)


def test_a_long_list_is_cut_short():
    assert (listed(["a"]), listed(list("abcdef"))) == ("a", "a, b, c, d and 2 more")


def test_cases_that_share_what_matters_are_found_with_the_reasons(alice, erin):
    other = make.vendor("Alibaba", by=alice)
    case = make.case(by=alice, title="Export of model weights")
    same = make.case(by=alice, title="Something else")
    worded = make.case(by=alice, title="Export of weights, again", vendors=[other])
    make.case(by=alice, title="Nothing in common", vendors=[other], question="Why?")
    found = likeness.similar(case, alice)
    assert [each.case for each in found] == [same, worded] or [each.case for each in found] == [same]
    assert found[0].parts[0] == Part("vendor", 40, "Also about DeepSeek")
    assert likeness.similar(case, erin) == []


def test_the_family_of_a_vendor_counts(alice):
    parent = make.vendor("High-Flyer", by=alice)
    make.vendor(by=alice).relate(by=alice, other=parent, kind="PARENT")
    case = make.case(by=alice, title="One")
    related = make.case(by=alice, title="Two", vendors=[parent], question="Why?")
    [found] = likeness.similar(case, alice)
    assert (found.case, found.score) == (related, 20)
    assert found.parts[0].reason == "About High-Flyer, parent of DeepSeek"


def test_it_takes_a_fixed_number_of_queries(alice, bob, django_assert_max_num_queries):
    case = make.case(by=alice, status="IN_REVIEW")
    make.finding(case, by=alice)
    for _ in range(3):
        make.case(by=alice, status="DECIDED", approver=bob)
    with django_assert_max_num_queries(7):
        assert len(likeness.similar(case, alice)) == 3
    with django_assert_max_num_queries(4):
        assert len(likeness.precedents(case, alice)) == 3


def test_decided_cases_on_the_same_risk_are_precedents(alice, bob, carol):
    case = make.case(by=alice, status="IN_REVIEW")
    assert likeness.precedents(case, alice) == []
    make.finding(case, by=alice)
    decided = make.case(by=alice, status="DECIDED", approver=bob)
    again = make.case(by=alice, status="DECIDED", approver=bob)
    again.reopen(by=carol, reason="News.")
    make.case(by=alice, status="AWAITING_APPROVAL")
    found = {each.case: each for each in likeness.precedents(case, alice)}
    assert {case: each.stands for case, each in found.items()} == {decided: True, again: False}
    assert endings(found.values()) == [("Monitor", 1)]
    assert found[decided].areas == [RiskArea.DATA_JURISDICTION.label]


def test_a_precedent_is_about_the_same_kind_of_subject(alice, bob):
    app, api = (
        make.vendor(by=alice).add_product(by=alice, name=kind, kind=kind, version="") for kind in ("APP", "API")
    )
    case = make.case(by=alice, status="IN_REVIEW", products=[app])
    make.finding(case, by=alice)
    make.case(by=alice, status="DECIDED", approver=bob, products=[api])
    like = make.case(by=alice, status="DECIDED", approver=bob, products=[app])
    assert [each.case for each in likeness.precedents(case, alice)] == [like]
    assert Product.objects.count() == 2


def precedent(ending, stands=True):
    return Precedent(Case(), ending, datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC), [], stands)


@pytest.mark.parametrize(
    ("ending", "before", "warns"),
    [
        ("Monitor", ["Refer"] * 3, True),
        ("Refer", ["Refer"] * 3, False),
        ("Monitor", ["Refer"] * 2, False),
        ("Monitor", ["Refer", "Refer", "Monitor", "Advisory"], False),
        ("Monitor", ["Refer", "Refer", "Refer", "Monitor"], True),
        ("Monitor", [], False),
    ],
)
def test_another_ending_than_most_had_is_pointed_out(ending, before, warns):
    told = departure(ending, [precedent(each) for each in before])
    assert bool(told) == warns
    assert not warns or "ended otherwise: refer" in told


def test_what_does_not_stand_is_no_precedent_for_an_ending():
    assert departure("Monitor", [precedent("Refer", stands=False)] * 5) == ""
