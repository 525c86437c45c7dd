"""Choosing a document in a form: by words, a number, an address, or among what the case cites."""

import re

import pytest

from riskreview.cases.models import Case
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, page_key
from riskreview.evidence.models.document import Announcement
from riskreview.evidence.searching import TookTooLong
from riskreview.web import picking
from riskreview.web.forms.base import Form
from riskreview.web.forms.picking import DocumentField
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def ruling():
    return make.document(headline="Ruling on ferry tickets")


class Papers(Form):
    """A form that takes a document, and one that may."""

    verb, heading, button = "look", "Look", "Look"
    needed = DocumentField(required=True)
    other = DocumentField()


def sent(user, case=None, **data):
    form = Papers(data, user=user, case=case)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "told",
    ["{pk}", " #{pk} ", "/evidence/{pk}/", "https://testserver/evidence/{pk}/?tab=captures", "{url}", "{url}#top"],
)
def test_a_number_or_an_address_names_one(alice, ruling, told):
    form = sent(alice, needed=told.format(pk=ruling.pk, url=ruling.url))
    assert form.cleaned_data == {"needed": ruling, "other": None}


@pytest.mark.parametrize(
    ("told", "hosts"),
    [
        ("https://news.example.org/evidence/{pk}", ["review.example"]),
        ("https://review.example@news.example.org/evidence/{pk}", ["review.example"]),
        ("https://news.example.org/evidence/{pk}", ["*"]),
        ("https://review.example/a/evidence/{pk}", ["review.example"]),
        ("https://[/evidence/{pk}", ["review.example"]),
        ("news.example.org/evidence/{pk}", ["review.example"]),
    ],
)
def test_a_page_of_another_site_is_no_page_of_ours(alice, ruling, settings, told, hosts):
    settings.ALLOWED_HOSTS = hosts
    assert "needed" in sent(alice, needed=told.format(pk=ruling.pk)).errors


@pytest.mark.parametrize(
    "told", ["https://REVIEW.example:8443/evidence/{pk}/", "http://[::1]/evidence/{pk}#at-claim-1"]
)
def test_a_page_of_any_host_of_ours_is_ours(alice, ruling, settings, told):
    settings.ALLOWED_HOSTS = ["review.example", "[::1]"]
    assert sent(alice, needed=told.format(pk=ruling.pk)).cleaned_data["needed"] == ruling


def test_what_was_published_at_an_address_goes_before_a_page_of_ours(alice, ruling):
    address = f"https://testserver/evidence/{ruling.pk}"
    published = Document.objects.hold(Announcement(key=page_key(address), url=address, headline="Published there"))
    assert sent(alice, needed=address).cleaned_data["needed"] == published


def test_a_search_that_ran_out_of_time_says_so(browse, alice, ruling, monkeypatch):
    def slow(told, user):
        raise TookTooLong

    monkeypatch.setattr(picking, "read_with", slow)
    assert sent(alice, needed="ferry tickets").errors["needed"] == [
        "Choose below: one document was found for these words."
    ]
    stopped = "The search for “plugh” was stopped: it took too long."
    assert stopped in sent(alice, needed="plugh").errors["needed"][0]
    page = browse(alice).get("/evidence/pick/", {"field": "document", "document": "plugh"})
    assert stopped in text_of(page)


def test_words_come_back_as_choices_and_a_choice_is_taken(alice, ruling):
    form = sent(alice, needed="ferry tickets")
    assert form.errors["needed"] == ["Choose below: one document was found for these words."]
    page = str(form["needed"])
    assert f'name="needed-pick" value="{ruling.pk}"' in page
    assert 'value="ferry tickets"' in page
    assert sent(alice, **{"needed": "ferry tickets", "needed-pick": str(ruling.pk)}).cleaned_data["needed"] == ruling


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({}, "Choose a document: write words of its title, its number or its address."),
        (
            {"needed": "xyzzy plugh"},
            "No document fits “xyzzy plugh”. Try other words, or give its number or its address.",
        ),
        ({"needed": "999999999"}, "There is no such document: “999999999”. Look for it by words of its title"),
        ({"needed-pick": "999999999"}, "There is no such document."),
        ({"needed-pick": "1; DROP"}, "There is no such document."),
        ({"needed": "https://nowhere.example/a"}, "There is no such document: “https://nowhere.example/a”."),
        ({"needed": "x\x00y"}, "No document fits “xy”."),
        ({"needed": "zz\u202e " * 90}, f"No document fits “{('zz ' * 90)[:80]}…”."),
    ],
)
def test_an_error_says_what_to_do(alice, ruling, data, problem):
    assert problem in sent(alice, **data).errors["needed"][0]


def test_two_documents_are_not_guessed_between(alice, ruling):
    another = make.document(headline="Another")
    form = sent(alice, **{"needed": str(another.pk), "needed-pick": str(ruling.pk)})
    assert "You named two documents" in form.errors["needed"][0]
    shown = str(form["needed"])
    assert [f'value="{each.pk}"' in shown for each in (ruling, another)] == [True, True]


def test_who_has_no_access_finds_nothing(erin, ruling):
    assert "There is no such document" in sent(erin, needed=str(ruling.pk)).errors["needed"][0]
    assert "No document fits" in sent(erin, needed="ferry tickets").errors["needed"][0]


def test_what_was_chosen_is_shown_by_its_title(alice, ruling):
    page = str(Papers(user=alice, initial={"other": ruling.pk})["other"])
    assert re.search(rf'value="{ruling.pk}" checked> <span>Ruling on ferry tickets', page)
    assert "None of these" in page


def test_documents_of_the_case_are_offered_first(alice, case, ruling):
    cited = make.exhibit(case, by=alice).document
    case = Case.objects.get(pk=case.pk)
    page = str(Papers(user=alice, case=case)["other"])
    assert "Documents this case cites (1)" in page
    assert f'value="{cited.pk}"' in page
    word = cited.headline.split()[0]
    for _ in range(2):
        make.document(headline=f"{word} again")
    form = sent(alice, case, needed=word)
    assert form.fields["needed"].widget.found[0] == cited


def test_words_in_the_title_go_before_words_in_the_text_or_the_address(alice, case, ruling):
    named = make.document(headline="Ferry timetables for tickets")
    for number in range(picking.SHOWN + 1):
        page = f"https://ferry.example/tickets/{number}"
        Document.objects.hold(Announcement(key=page, url=page, headline=f"Note {number}"))
    found = picking.with_words("ferry tickets", alice)
    assert {each.pk for each in found[:2]} == {ruling.pk, named.pk}


def test_more_than_is_shown_is_said(browse, alice):
    for number in range(picking.SHOWN + 1):
        make.document(headline=f"Ferry {number}")
    page = browse(alice).get("/evidence/pick/", {"field": "document", "document": "ferry"})
    told = f"The first {picking.SHOWN} documents. There are more: write more words to narrow them."
    assert told in text_of(page)
    assert page.content.decode().count('name="document-pick"') == picking.SHOWN
    form = sent(alice, needed="ferry")
    assert f"the first {picking.SHOWN} documents for these words. There are more" in form.errors["needed"][0]
    assert str(form["needed"]).count('name="needed-pick"') == picking.SHOWN


def test_each_choice_leads_to_the_text_that_a_passage_is_taken_from(browse, alice, ruling):
    page = browse(alice).get("/evidence/pick/", {"field": "document", "document": "ferry tickets"})
    assert f'href="{ruling.get_absolute_url()}" target="_blank"' in page.content.decode()
    assert "Read it : Ruling on ferry tickets (new tab)" in text_of(page)


def test_a_case_is_asked_once_for_many_boxes(alice, case, django_assert_num_queries):
    make.exhibit(case, by=alice)
    form = Papers(user=alice, case=case)
    assert "Documents this case cites (1)" in str(form["needed"])
    with django_assert_num_queries(0):
        assert "Documents this case cites (1)" in str(form["other"])


def test_a_form_that_comes_after_offers_what_was_added_meanwhile(alice, case):
    assert "Documents this case cites" not in str(Papers(user=alice, case=case)["needed"])
    make.exhibit(case, by=alice)
    case.refresh_from_db()
    assert "Documents this case cites (1)" in str(Papers(user=alice, case=case)["needed"])


def test_choices_come_while_somebody_writes(browse, alice, case, ruling):
    make.exhibit(case, by=alice)
    asked = {"field": "document", "case": case.ref, "none": ""}
    page = browse(alice).get("/evidence/pick/", asked | {"document": "ferry tick"})
    assert "1 document found" in text_of(page)
    assert f'name="document-pick" value="{ruling.pk}"> <span>Ruling' in page.content.decode()
    page = browse(alice).get("/evidence/pick/", asked | {"document": str(ruling.pk)}).content.decode()
    assert f'name="document-pick" value="{ruling.pk}" checked' in page
    page = browse(alice).get("/evidence/pick/", asked | {"document": "plugh xyzzy"})
    assert "No document fits “plugh xyzzy”" in text_of(page)
    assert "Documents this case cites (1)" in text_of(browse(alice).get("/evidence/pick/", asked))


@pytest.mark.parametrize("name", ["", 'x" onfocus="x', "X" * 90])
def test_a_name_that_is_none_of_a_field_is_not_shown(browse, alice, name):
    page = browse(alice).get("/evidence/pick/", {"field": name, name: "1"})
    assert page.status_code == 200
    assert "onfocus" not in page.content.decode()


def test_a_document_without_text_carries_no_passage(post, alice, case):
    address = "https://d.example/1"
    unread = Document.objects.hold(Announcement(key=address, url=address, headline="Unread"))
    answer = post(alice, f"{case.get_absolute_url()}add-exhibit/", case, document=str(unread.pk), passage="x")
    assert answer.status_code == 422
    assert "has no text that has been read" in text_of(answer)


def test_an_exhibit_is_found_by_words_without_javascript(post, alice, case, ruling):
    told = {"passage": "x", "stance": "CONTEXT", "credibility": "6", "source_class": "PUBLIC"}
    address = f"{case.get_absolute_url()}add-exhibit/"
    page = text_of(post(alice, address, case, document="ferry tickets", **told))
    assert "Choose below: one document was found" in page
    text = ruling.newest.text.split(".")[0]
    told |= {"document": "ferry tickets", "document-pick": str(ruling.pk), "passage": text}
    assert post(alice, address, case, **told).status_code == 303
    assert case.exhibits.filter(document=ruling).exists()
