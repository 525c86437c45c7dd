"""Gaps in what we collect: decided by sets, found in a few queries."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from riskreview.cases.models import Case
from riskreview.evidence.models import Document, Salience, Source
from riskreview.web.coverage import deaf, primary, spoken_in, unofficial, weakly_sourced
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


def tags(languages):
    return [language.tag for language in languages]


@pytest.mark.parametrize(
    ("own", "collected", "heard", "silent", "missing"),
    [
        ({"zh"}, {"en"}, {"en"}, [], ["zh"]),
        ({"zh"}, {"en", "zh"}, {"en"}, ["zh"], []),
        (set(), set(), set(), [], []),
        ({"zh", "en"}, set(), {"en"}, [], ["zh", "en"]),
        (set(), {"fr", "de"}, {"ja"}, ["fr", "de"], []),
    ],
)
def test_what_we_are_deaf_to_follows_from_three_sets(own, collected, heard, silent, missing):
    found = deaf(own=own, collected=collected, heard=heard)
    assert (tags(found.silent), tags(found.missing)) == (silent, missing)


@pytest.mark.parametrize(
    ("country", "language"),
    [("CN", "zh"), ("KR", "ko"), ("TW", "zh"), ("US", "en"), ("AE", "ar"), ("CH", "de"), ("ZZ", ""), ("", "")],
)
def test_a_country_speaks_its_first_official_language(country, language):
    assert spoken_in(country) == language


@pytest.mark.parametrize(("tag", "language"), [("zh-Hans-CN", "zh"), ("zh_Hant", "zh"), ("EN", "en"), ("", "")])
def test_the_language_of_a_tag_leaves_script_and_region(tag, language):
    assert primary(tag) == language


def graded(alice, reliability="B", source_class="WIRE"):
    return make.document(source=make.source(by=alice, reliability=reliability, source_class=source_class))


def exhibited(case, document, alice):
    case.add_exhibit(by=alice, snapshot=document.newest, start=0, end=9)


def test_a_case_without_an_official_word_is_found(alice):
    case = make.case(by=alice)
    exhibited(case, graded(alice), alice)
    assert list(unofficial(Case.objects.all())) == [case]


def test_an_official_exhibit_closes_the_gap(alice):
    case = make.case(by=alice)
    exhibited(case, graded(alice, source_class="OFFICIAL_NOTICE"), alice)
    assert list(unofficial(Case.objects.all())) == []


def test_an_official_suggestion_closes_the_gap_until_it_is_dismissed(alice):
    case = make.case(by=alice)
    suggestion = make.suggestion(case, graded(alice, source_class="REGULATOR"))
    assert list(unofficial(Case.objects.all())) == []
    suggestion.dismiss(by=alice, reason="About something else.")
    assert list(unofficial(Case.objects.all())) == [case]


def test_a_closed_case_has_no_gap(alice):
    make.case(by=alice, status="WITHDRAWN")
    assert list(unofficial(Case.objects.all())) == []


@pytest.mark.parametrize(
    ("letters", "is_weak"),
    [("", False), ("D", True), ("F", True), ("EF", True), ("DC", False), ("A", False), ("-", True), ("-B", False)],
)
def test_a_case_on_weak_sources_alone_is_found(alice, letters, is_weak):
    case = make.case(by=alice)
    for letter in letters:
        exhibited(case, make.document() if letter == "-" else graded(alice, letter), alice)
    assert (case in weakly_sourced(Case.objects.all())) is is_weak


def named_in(vendor, language, alice, *, days=1, source_language=""):
    document = make.document(source=make.source(by=alice, language=source_language))
    seen = timezone.now() - datetime.timedelta(days=days)
    Document.objects.filter(pk=document.pk).update(language=language, first_seen_at=seen)
    Salience.objects.create(document=document, vendor=vendor, value=1000)


def test_no_source_in_a_vendors_language_is_said_so(browse, alice):
    vendor = make.vendor(by=alice, hq_country="CN")
    vendor.add_alias(by=alice, text="딥시크", kind="TRANSLITERATION", language="ko")
    make.case(by=alice)
    make.source(by=alice, language="en")
    response = browse(alice).get("/sources/coverage/?gap=languages")
    told = text_of(response)
    assert "No source in Chinese for DeepSeek. Register one No source in Korean for DeepSeek." in told
    assert 'href="/sources/new/?language=zh"' in response.content.decode()
    assert "Korean for DeepSeek. Register one English" in told


def deaf_to(browse, alice):
    (vendor,) = browse(alice).get("/sources/coverage/?gap=languages").context["page"].object_list
    return tags(vendor.deaf.silent), tags(vendor.deaf.missing)


def test_a_language_in_which_it_was_named_lately_is_heard(browse, alice):
    vendor = make.vendor(by=alice, hq_country="CN")
    make.case(by=alice)
    for language in ("zh", "en", "fr"):
        make.source(by=alice, language=language)
    named_in(vendor, "zh-Hans", alice)
    named_in(vendor, "", alice, source_language="en")
    named_in(vendor, "fr", alice, days=91)
    assert deaf_to(browse, alice) == (["fr"], [])


def test_a_paused_source_hears_nothing(browse, alice):
    make.vendor(by=alice, hq_country="CN")
    make.case(by=alice)
    source = make.source(by=alice, language="zh")
    assert deaf_to(browse, alice) == (["zh"], [])
    source.pause(by=alice, reason="Moved.")
    assert deaf_to(browse, alice) == ([], ["zh"])
    source.unpause(by=alice)
    Source.objects.update(ended_at=timezone.now())
    assert deaf_to(browse, alice) == ([], ["zh"])


def test_vendors_come_from_open_cases_themselves_and_through_products(browse, alice):
    product = make.vendor("Alibaba", by=alice).add_product(by=alice, name="Qwen", kind="MODEL_FAMILY")
    make.vendor("Moonshot", by=alice)
    make.case(by=alice, vendors=[], products=[product])
    make.case(by=alice, vendors=[make.vendor("Zhipu", by=alice)], status="WITHDRAWN")
    response = browse(alice).get("/sources/coverage/?gap=languages")
    assert [vendor.canonical_name for vendor in response.context["page"].object_list] == ["Alibaba"]


@pytest.mark.parametrize("gap", ["", "languages", "weak", "nonsense"])
def test_each_kind_of_gap_costs_the_same_however_many_there_are(browse, alice, django_assert_max_num_queries, gap):
    client = browse(alice)
    for count in (1, 6):
        for number in range(count):
            vendor = make.vendor(f"Vendor {count} {number}", by=alice, hq_country="CN")
            exhibited(make.case(by=alice, vendors=[vendor]), graded(alice, "F"), alice)
            named_in(vendor, "zh", alice, source_language="zh")
        with django_assert_max_num_queries(12):
            assert client.get(f"/sources/coverage/?gap={gap}").status_code == 200


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ("", "Every open case has a word"),
        ("languages", "No vendor to listen for"),
        ("weak", "No open case rests on weak"),
    ],
)
def test_no_gap_is_said_so(browse, dave, gap, words):
    assert words in text_of(browse(dave).get(f"/sources/coverage/?gap={gap}"))


def test_evidence_is_offered_where_the_case_takes_some(browse, alice, dave):
    working = make.case(by=alice, status="IN_REVIEW")
    waiting = make.case(by=alice, status="AWAITING_APPROVAL", title="Another question")
    page = browse(alice).get("/sources/coverage/", {"gap": ""})
    links = page.content.decode()
    assert f"{working.get_absolute_url()}?open=add-exhibit" in links
    assert f"{waiting.get_absolute_url()}?open=add-exhibit" not in links
    assert "the case waits for its second signature" in text_of(page)
    assert "open=add-exhibit" not in browse(dave).get("/sources/coverage/", {"gap": ""}).content.decode()
