"""A statement that was read in a document goes to the claims board of a case, with a form that is filled in."""

import re
from functools import partial
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.cases.models import Allegation
from riskreview.cases.workflow import Status
from riskreview.web import answers, boarding
from tests import make

from .conftest import statement, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def exhibit(case, alice):
    return make.exhibit(case, by=alice)


@pytest.fixture
def claim(exhibit):
    return statement(exhibit.document, exhibit.passage)


def where(claim):
    return f"/evidence/{claim.snapshot.document_id}/claims/{claim.fingerprint}/"


def values(page):
    """What the form is filled in with."""
    form = page.content.decode().partition('action="/cases/')[2].partition("</form>")[0]
    told = dict(re.findall(r'<input [^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', form))
    told |= {name: inside.strip() for name, inside in re.findall(r'<textarea name="([a-z]+)"[^>]*>([^<]*)<', form)}
    chosen = re.findall(r'<select name="([a-z]+)".*?</select>', form, re.DOTALL)
    selects = re.findall(r"<select .*?</select>", form, re.DOTALL)
    told |= {n: re.search(r'value="([^"]*)" selected', s)[1] for n, s in zip(chosen, selects, strict=True)}
    return {name: unescape(value) for name, value in told.items()}


def test_the_document_offers_it_to_who_may_put_it_there(browse, alice, dave, claim):
    address = claim.snapshot.document.get_absolute_url()
    assert where(claim) in browse(alice).get(address).content.decode()
    assert where(claim) not in browse(dave).get(address).content.decode()
    assert browse(dave).get(where(claim)).status_code == 404


def test_it_is_put_on_the_board_as_it_was_read(browse, alice, case, exhibit, claim):
    client = browse(alice)
    assert case.ref in client.get(where(claim)).content.decode()
    told = values(client.get(where(claim), {"case": case.ref}))
    assert (told["text"], told["speaker"]) == (exhibit.passage, "Inês Cordeiro")
    assert (told["says"], told["exhibit"], told["fingerprint"]) == ("ALLEGED", exhibit.ref, claim.fingerprint)
    assert f"Read in document {exhibit.document_id}" in told["note"]
    assert client.post(f"{case.get_absolute_url()}allegations/enter/", told).status_code == 303
    made = Allegation.objects.get()
    assert (made.text, made.fingerprint, made.stands.get().exhibit) == (exhibit.passage, claim.fingerprint, exhibit)
    assert "The board has this claim already" in text_of(client.get(where(claim), {"case": case.ref}))
    assert "On the board: C1" in text_of(client.get(f"{case.get_absolute_url()}claims/"))


def test_a_denial_is_one(browse, alice, case, claim):
    type(claim).objects.filter(pk=claim.pk).update(denies=True)
    claim.refresh_from_db()
    assert values(browse(alice).get(where(claim), {"case": case.ref}))["says"] == "DENIED"


def test_what_a_document_says_in_its_own_voice_is_its_publishers(browse, alice, case, claim):
    type(claim).objects.filter(pk=claim.pk).update(kind="STATED", source_kind="NONE", source_name="")
    assert values(browse(alice).get(where(claim), {"case": case.ref}))["speaker"] == "Harbour Wire"


def test_a_case_that_does_not_cite_the_passage_says_so(browse, alice, claim):
    other = make.case(by=alice, status=Status.IN_REVIEW, title="Another")
    told = browse(alice).get(where(claim), {"case": other.ref})
    assert "No exhibit of this case quotes the statement yet." in text_of(told)
    assert f"?open=add-exhibit&amp;document={claim.snapshot.document_id}" in told.content.decode()


@pytest.mark.parametrize("ref", ["RR-2025-9999", "x", "\u202e"])
def test_a_reference_of_no_open_case_says_so(browse, alice, claim, ref):
    assert "There is no open case with this reference." in text_of(browse(alice).get(where(claim), {"case": ref}))


@pytest.mark.parametrize("fingerprint", ["0" * 64, "x"])
def test_what_was_not_read_there_is_not_found(browse, alice, claim, fingerprint):
    address = f"/evidence/{claim.snapshot.document_id}/claims/{fingerprint}/"
    assert browse(alice).get(address).status_code == 404


def test_a_statement_somebody_rejected_is_not_offered(browse, alice, case, claim):
    type(claim).objects.filter(pk=claim.pk).update(state="REJECTED")
    assert browse(alice).get(where(claim)).status_code == 404
    assert "No statement was read in the exhibits" in text_of(browse(alice).get(f"{case.get_absolute_url()}claims/"))


def test_the_statements_of_the_exhibits_are_one_page(browse, alice, dave, case, exhibit, claim):
    page = browse(alice).get(f"{case.get_absolute_url()}claims/")
    assert f"{where(claim)}?case={case.ref}" in page.content.decode()
    assert f"{case.get_absolute_url()}claims/" in browse(alice).get(case.get_absolute_url()).content.decode()
    page = browse(dave).get(f"{case.get_absolute_url()}claims/")
    assert exhibit.passage in text_of(page)
    assert "Put on the board" not in text_of(page)


def further(case, exhibit, by, *words):
    """Another exhibit of another document, with statements in it and one behind its passage."""
    text = f"{' '.join(words)} Behind it stands more."
    held = make.document(text=text).newest
    shown = case.add_exhibit(
        by=by, snapshot=held, start=0, end=text.index(" Behind"), stance=exhibit.stance, credibility=6
    )
    return shown, [statement(held.document, each) for each in (*words, "Behind it stands more.")]


def test_only_what_stands_in_the_passage_is_shown_with_its_own_place_in_the_text(browse, alice, case, exhibit, claim):
    shown, (first, second, _) = further(case, exhibit, alice, "It keeps all.", "It sells some.")
    page = browse(alice).get(f"{case.get_absolute_url()}claims/").content.decode()
    address = shown.document.get_absolute_url()
    assert f"{address}#at-claim-1" in page
    assert f"{address}#at-claim-2" in page
    assert "Behind it" not in page
    assert page.index(claim.words) < page.index(first.words) < page.index(second.words)


def test_a_withdrawn_exhibit_says_nothing(browse, alice, case, exhibit, claim):
    case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="Wrong.")
    assert "No statement was read" in text_of(browse(alice).get(f"{case.get_absolute_url()}claims/"))


def test_it_asks_as_often_for_many_exhibits_and_loads_no_text(browse, alice, case, exhibit, claim):
    client, told = browse(alice), []
    client.get(f"{case.get_absolute_url()}claims/")
    for number in range(4):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{case.get_absolute_url()}claims/").status_code == 200
        told.append(len(asked))
        further(case, exhibit, alice, f"It keeps {number} things.")
    assert len(set(told)) == 1
    assert not any('"evidence_snapshot"."text"' in each["sql"] for each in asked.captured_queries)


def test_what_does_not_fit_on_one_page_is_on_the_next(browse, alice, case, exhibit, claim, monkeypatch):
    further(case, exhibit, alice, "It keeps all.", "It sells some.")
    monkeypatch.setattr(boarding, "page_of", partial(answers.page_of, size=2))
    pages = [text_of(browse(alice).get(f"{case.get_absolute_url()}claims/", {"page": each})) for each in (1, 2)]
    assert ["It sells some." in page for page in pages] == [False, True]
    assert "Showing 1–2 of 3" in pages[0]
