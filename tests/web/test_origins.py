"""Whose text a document is, on its page: the tree, the passages, and a person's word."""

import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.enrichment import settling
from riskreview.evidence.models import OriginJudgement
from tests import make
from tests.enrichment import wires
from tests.enrichment.wires import Printed
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
WHY = "They had the letter themselves."


@pytest.fixture
def held():
    printed = [
        Printed("wire", wires.HARBOUR, 0, "Wire", title="The wire’s own"),
        Printed(
            "copy",
            f"{wires.HARBOUR}\n\nThe mayor of Braga had no comment to make on it.",
            0.2,
            "Herald",
            title="Copied",
        ),
        Printed("own", wires.REWRITES["harbour"], 0.4, "Ledger", title="Delete means delete"),
    ]
    return {each.key: wires.placed(each) for each in printed}


def page(browse, user, document):
    return text_of(browse(user).get(f"/evidence/{document.pk}/origin/"))


def test_the_tree_says_who_copied_whom_and_what_was_added(browse, alice, held):
    told = page(browse, alice, held["copy"])
    assert "3 documents, 2 origins" in told
    assert "2 documents, one origin" in told
    assert "Copy: 100 % of the shorter text also stands in the other. Adds 1 sentence." in told
    assert "Portugal's data protection office has told the chatbot maker" in told


def test_the_page_of_a_document_leads_there(browse, alice, held):
    body = browse(alice).get(held["copy"].get_absolute_url()).content.decode()
    assert f"/evidence/{held['copy'].pk}/origin/" in body
    assert "it adds 1 sentence" in body
    assert "It counts as one independent origin" in text_of(browse(alice).get(held["own"].get_absolute_url()))


def test_a_document_is_split_from_its_origin_and_that_is_taken_back(browse, post, alice, held):
    copy = held["copy"]
    answer = post(alice, "/origins/split/", document=copy.pk, reason=WHY)
    assert (answer.status_code, answer["Location"]) == (303, f"/evidence/{copy.pk}/origin/")
    assert wires.origins() == [["copy"], ["own"], ["wire"]]
    assert WHY in page(browse, alice, copy)
    made = OriginJudgement.objects.get()
    assert post(alice, f"/origins/{made.pk}/undo/", made).status_code == 303
    assert wires.origins() == [["copy", "wire"], ["own"]]
    assert post(alice, f"/origins/{made.pk}/undo/").status_code == 303  # it says that the version was not told
    made.refresh_from_db()
    assert made.entry_seq == 2


def test_two_documents_are_joined(browse, post, alice, held):
    post(alice, "/origins/join/", document=held["own"].pk, other=held["copy"].pk, reason=WHY)
    assert wires.origins() == [["copy", "own", "wire"]]
    assert "Joined by a reviewer" in page(browse, alice, held["own"])


@pytest.mark.parametrize(
    ("path", "fields", "status", "told"),
    [
        ("split", {"reason": ""}, 422, "This field is required"),
        ("join", {"reason": WHY, "other": "999999999"}, 422, "No document has this number."),
        ("join", {"reason": WHY, "other": "/evidence/999999999/"}, 422, "No document has this address."),
        ("join", {"reason": WHY, "other": "https://nowhere.example/a"}, 422, "No document has this address."),
        ("join", {"reason": WHY, "other": "http://[x/"}, 422, "No document has this address."),
        ("join", {"reason": WHY, "other": "x"}, 422, "Choose a document, or give its number or its address."),
        ("join", {"reason": WHY}, 422, "Choose a document, or give its number or its address."),
    ],
)
def test_a_form_with_a_problem_comes_back(post, alice, held, path, fields, status, told):
    answer = post(alice, f"/origins/{path}/", document=held["copy"].pk, **fields)
    assert (answer.status_code, OriginJudgement.objects.count()) == (status, 0)
    assert told in text_of(answer)
    assert WHY in answer.content.decode() or not fields["reason"]


@pytest.mark.parametrize("document", ["", "x", "999999999999", "9" * 30])
def test_about_no_document_nothing_is_said(post, alice, document):
    assert post(alice, "/origins/split/", document=document, reason=WHY).status_code == 404


def test_a_reader_sees_the_tree_and_says_nothing(browse, post, dave, held):
    body = browse(dave).get(f"/evidence/{held['copy'].pk}/origin/").content.decode()
    assert ("Copies of this text" in body, "/origins/split/" in body) == (True, False)
    assert post(dave, "/origins/split/", document=held["copy"].pk, reason=WHY).status_code == 403


def test_who_has_no_access_finds_no_tree(browse, erin, held):
    assert browse(erin).get(f"/evidence/{held['copy'].pk}/origin/").status_code in (403, 404)


def test_a_large_origin_costs_no_more_queries(browse, alice, held):
    client, counts = browse(alice), []
    for size in (2, 12):
        for number in range(size):
            document = wires.placed(
                Printed(f"paper-{size}-{number}", wires.PORT, number / 10 + 60 * size, f"p{number}")
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/evidence/{document.pk}/origin/")
        counts.append(len(captured))
    assert counts[1] <= counts[0] < 35


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("near", "{0.pk}"),
        ("other", " #{0.pk} "),
        ("other", "{0.url}"),
        ("other", "{0.url}#top"),
        ("other", "/evidence/{0.pk}/"),
        ("other", "http://testserver/evidence/{0.pk}/origin/?from=mail"),
    ],
)
def test_the_other_document_is_named_by_number_or_address_or_chosen(post, alice, held, field, told):
    sent = {"document": held["own"].pk, "reason": WHY, field: told.format(held["copy"])}
    assert post(alice, "/origins/join/", **sent).status_code == 303
    assert wires.origins() == [["copy", "own", "wire"]]


def test_the_nearest_documents_are_offered(browse, alice, held):
    body = browse(alice).get(f"/evidence/{held['own'].pk}/origin/").content.decode()
    offered = re.findall(r'<option value="(\d+)">', body)
    assert set(offered) == {str(held["copy"].pk), str(held["wire"].pk)}
    assert f"{held['copy'].pk}: Copied (Herald)" in body
    assert "/origins/split/" not in body, "it is no copy of anything"


def test_what_was_said_twice_by_one_person_is_said_once(post, alice, held):
    answers = [post(alice, "/origins/split/", document=held["copy"].pk, reason=WHY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert OriginJudgement.objects.count() == 1
    assert post(alice, "/origins/split/", document=held["copy"].pk, reason="Another reason.").status_code == 409


def test_it_is_said_beforehand_what_becomes_of_the_copies_and_which_decisions_count_anew(browse, alice, bob, held):
    case = make.case(by=alice, status="IN_REVIEW")
    for key in ("wire", "copy"):
        case.add_exhibit(by=alice, snapshot=held[key].newest, start=0, end=20)
    told = page(browse, alice, held["wire"])
    assert "This is the first of its text. 1 copy will stand as an origin of its own, without this one." in told
    assert "No decided case counts its sources otherwise then." in told
    make.finding(case, by=alice)
    make.submission(case, by=alice)
    make.approval(case, by=bob)
    told = page(browse, alice, held["copy"])
    assert "It will count as an origin of its own. The other document stays one origin, without this one." in told
    assert f"Decided, with other sources behind it from then on: {case.ref} ." in told


def test_what_joined_a_copy_with_another_stands_on_its_page_and_can_be_undone_there(browse, post, alice, held):
    copy = held["copy"]
    other = wires.placed(Printed("other", wires.SCHOOLS, 2, "ledger"))
    post(alice, "/origins/join/", document=copy.pk, other=other.pk, reason="The same letter.")
    made = OriginJudgement.objects.get()
    assert made.document_id != copy.pk
    assert f"/origins/{made.pk}/undo/" in browse(alice).get(f"/evidence/{copy.pk}/origin/").content.decode()


def test_what_takes_longer_is_left_to_a_worker_and_that_is_said(post, alice, held, monkeypatch):
    monkeypatch.setattr(settling, "SMALL", 0)
    one, other = held["copy"], wires.placed(Printed("other", wires.SCHOOLS, 2, "ledger"))
    answer = post(alice, "/origins/join/", document=one.pk, other=other.pk, reason="The same letter.")
    said = [str(each) for each in get_messages(answer.wsgi_request)]
    assert said == ["Recorded.", "The sources are counted anew within a minute."]
    assert OriginJudgement.objects.unsettled().exists()
