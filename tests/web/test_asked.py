"""Others say otherwise: questions on both documents and on the case that cites one, and how sources are counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.enrichment import pipeline
from riskreview.evidence.models import Capture, Claim, Signal
from tests import make
from tests.enrichment import wires
from tests.enrichment.pages import RECIPE, REVIEW, html, read
from tests.enrichment.wires import Printed

from .conftest import text_of

pytestmark = pytest.mark.django_db
SAYS = "DeepSeek suffered a data breach in which chat logs of 2 million users were leaked."
DENIES = "DeepSeek denied that it suffered a data breach in which chat logs were leaked."
MORE = "DeepSeek suffered a data breach in which chat logs of 9 million users were leaked."
ASKED = "Others say otherwise"


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


def cite(case, by, document, words, **more):
    newest = document.newest
    start = newest.text.index(words)
    return case.add_exhibit(by=by, snapshot=newest, start=start, end=start + len(words), **more)


def said(words, key, days=0.0, *others):
    return read(html(words, *others), key, days=days, title=f"Paper {key}")


def page(browse, user, row):
    return text_of(browse(user).get(row.get_absolute_url())).replace(" :", ":")


@pytest.mark.parametrize(
    ("other", "question"),
    [(DENIES, "One text says so, another denies it"), (MORE, "“2 million users” or “9 million users”")],
)
def test_both_documents_ask_and_say_which_is_earlier(other, question, alice, browse):
    make.vendor(by=alice)
    one = said(SAYS, "one", 0, *REVIEW[2:])
    two = said(other, "two", 1, "Italy asked who knew of it.")
    for here, there in ((one, two), (two, one)):
        told = page(browse, alice, here)
        assert f"{ASKED} 1" in told
        assert question in told
        words = {one: f"Earlier, 28 Jan 2025, {{}}: “{SAYS}”", two: f"Later, 29 Jan 2025, {{}}: “{other}”"}
        assert words[here].format("this document") in told
        assert words[there].format(there) in told


def test_it_stands_before_the_text_and_every_claim(alice, browse):
    make.vendor(by=alice)
    said(SAYS, "one")
    two = said(DENIES, "two", 1)
    told = page(browse, alice, two)
    assert told.index(ASKED) < told.index("Archived text") < told.index("Who says what")


def test_a_pair_of_documents_is_asked_once_and_five_are_shown_at_once(alice, browse):
    make.vendor(by=alice)
    for number, rest in enumerate((*wires.WIRES.values(), "\n\n".join(RECIPE))):
        said(f"{SAYS[:-1]} in {number + 2} towns.", f"says-{number}", number / 10, rest)
    two = said(f"{DENIES} {DENIES[:-1]} in towns.", "denies", 1)
    body = browse(alice).get(two.get_absolute_url())
    assert f"{ASKED} 7" in text_of(body)
    assert "and 2 more" in text_of(body)
    shown = body.content.decode().partition('id="asked"')[2].partition("<details>")[0]
    assert shown.count("<li>") == 5


def test_the_exhibits_of_a_case_are_asked_among_themselves(case, alice, browse):
    cite(case, alice, said(SAYS, "one"), SAYS)
    cite(case, alice, said(DENIES, "two", 1), DENIES)
    told = page(browse, alice, case)
    assert f"{ASKED} 1" in told
    assert "nothing is decided by it" in told
    assert "Earlier, 28 Jan 2025, E1" in told
    assert "Later, 29 Jan 2025, E2" in told
    assert "Questions 1" in told


def test_an_exhibit_is_asked_against_documents_that_nobody_cites(case, alice, browse):
    cite(case, alice, said(SAYS, "one"), SAYS)
    assert ASKED not in page(browse, alice, case)
    other = said(DENIES, "two", 1)
    told = page(browse, alice, case)
    assert f"Later, 29 Jan 2025, {other}" in told
    Signal.objects.filter(snapshot=other.newest).update(state="REJECTED")
    assert ASKED not in page(browse, alice, case)


def test_what_an_exhibit_does_not_quote_is_not_asked(case, alice, browse):
    one = said(f"{SAYS} Somebody else wrote of the weather.", "one")
    cite(case, alice, one, "Somebody else wrote of the weather.")
    said(DENIES, "two", 1)
    assert ASKED not in page(browse, alice, case)


def test_a_page_that_was_captured_anew_is_still_asked(case, alice, browse):
    one = said(SAYS, "one")
    cite(case, alice, one, SAYS)
    said(DENIES, "two", 1)
    raw = html("Something stands before it now.", SAYS)
    one.capture(Capture(raw=raw, content_type="text/html", fetched_at=make.WHEN_CORRECTED))
    pipeline.digest_now(one)
    assert one.newest.signals.exists()
    assert "Earlier, 28 Jan 2025, E1" in page(browse, alice, case)


def test_a_case_costs_the_same_however_much_is_asked(case, alice, browse, api):
    cite(case, alice, said(SAYS, "one"), SAYS)
    said(DENIES, "denies", 1)
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            browse(alice).get(case.get_absolute_url())
            api(alice).get(f"/api/v1/cases/{case.ref}/")
        counts.append(len(queries))
        for each in range(3):
            words = f"{SAYS[:-1]} in {number}{each} towns."
            cite(case, alice, said(words, f"more-{number}{each}", 2, f"{REVIEW[each]} {number}"), words)
            said(f"{DENIES[:-1]} in {number}{each} towns.", f"no-{number}{each}", 3, f"{REVIEW[each]} no {number}")
    assert counts[1:] == counts[1:2] * 2


def test_the_api_of_a_case_asks_too(case, alice, api):
    cite(case, alice, said(SAYS, "one"), SAYS)
    other = said(DENIES, "two", 1)
    told = api(alice).get(f"/api/v1/cases/{case.ref}/").json()
    [question] = told["questions"]
    assert (question["kind"], question["category"]) == ("DENIAL", "data_exposure")
    one, two = question["passages"]
    assert (one["when"], one["exhibit"], one["words"], one["status"]) == ("Earlier", 1, SAYS, "ASSERTED")
    assert (two["when"], two["exhibit"], two["document"]["id"]) == ("Later", None, other.pk)
    asked = api(alice).get(f"/api/v1/documents/{other.pk}/analysis/").json()["questions"]
    assert [each["document"]["id"] for each in asked[0]["passages"]] == [one["document"]["id"], other.pk]


# -- how many sources --------------------------------------------------------------------------------------------------


@pytest.fixture
def wire(case, alice):
    """Four papers with one text of a wire, three of them cited, and a report of its own."""
    held = [wires.placed(Printed(f"paper-{n}", wires.HARBOUR, n / 10, f"Paper {n}")) for n in range(4)]
    held.append(wires.placed(Printed("own", wires.REWRITES["harbour"], 0.6, "Ledger")))
    for each in (*held[:3], held[4]):
        text = each.newest.text
        case.add_exhibit(by=alice, snapshot=each.newest, start=0, end=len(text), credibility=2)
    return held


def quoted(document, name):
    start = document.newest.text.index("Inês Cordeiro")
    place = {"sentence": 0, "start": start, "end": start + 4, "words": "Inês"}
    return Claim.objects.create(
        snapshot=document.newest, kind="INDIRECT", source_kind="PERSON", source_name=name, reasons=["said"], **place
    )


def test_one_sentence_says_how_many_sources_and_a_list_stands_behind_it(case, wire, alice, browse):
    quoted(wire[0], "Inês Cordeiro")
    quoted(wire[4], "Cordeiro")
    told = page(browse, alice, case)
    sentence = "5 documents, 2 origins, 1 primary source: no independent sources graded C3 or better support this."
    assert sentence in told
    assert told.count("origins,") == 1
    counted = told.partition("How this is counted")[2].partition("What is not seen")[0]
    for each in wire:
        assert str(each) in counted
    assert "Those to whom the cited passages go back. Inês Cordeiro" in counted
    assert "a paraphrase or a translation" in told


def test_a_document_and_a_case_count_alike_and_primary_sources_are_of_claims(case, wire, alice, browse, api):
    quoted(wire[0], "Inês Cordeiro")
    quoted(wire[4], "Rosa Pinto")
    told = page(browse, alice, wire[0])
    assert "5 documents, 2 origins in this story" in told
    assert "primary source: Inês Cordeiro." in told
    assert "Rosa Pinto" not in told.partition("Same origin")[2].partition("Suggested for")[0]
    origin = text_of(browse(alice).get(f"/evidence/{wire[0].pk}/origin/"))
    assert "Primary sources of this document" in origin
    assert "The documents, by origin" in origin
    for each in wire:
        assert str(each) in origin
    shown = api(alice).get(f"/api/v1/documents/{wire[0].pk}/origin/").json()
    assert (shown["story"]["words"], shown["primary_sources"]) == ("5 documents, 2 origins", ["Inês Cordeiro"])
    assert [len(text["documents"]) for text in shown["story"]["texts"]] == [4, 1]
    told = api(alice).get(f"/api/v1/cases/{case.ref}/").json()["standing"]
    assert (told["documents"], told["origins"], told["primary_sources"]) == (5, 2, ["Inês Cordeiro", "Rosa Pinto"])


def test_a_claim_that_somebody_rejected_names_no_source(case, wire, alice, browse):
    claim = quoted(wire[0], "Inês Cordeiro")
    assert "1 primary source:" in page(browse, alice, case)
    Claim.objects.filter(pk=claim.pk).update(state="REJECTED")
    assert "primary source:" not in page(browse, alice, case)
    assert "names no primary source" in page(browse, alice, wire[0])


def test_copies_are_told_once_for_each_text(case, wire, alice, browse):
    told = page(browse, alice, case)
    assert told.count("3 syndicated copies, counted once") == 1
    assert told.count("The same text as E1 , counted once") == 2


def test_a_document_without_copies_says_what_is_not_seen(alice, browse):
    told = page(browse, alice, make.document())
    assert "It counts as one independent origin. Only shared wording is seen: a paraphrase or a translation" in told
