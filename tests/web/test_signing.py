"""The pages of those who sign."""

import datetime

import pytest

from riskreview.accounts.models import Delegation
from riskreview.accounts.roles import Role
from riskreview.cases.models import Decision
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD

from .conftest import text_of

pytestmark = pytest.mark.django_db
TODAY = datetime.datetime.now(datetime.UTC).date().isoformat()


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def signing(case, **more):
    digest = case.open_decision().dossier_sha256
    return {"dossier_sha256": digest, "read": "on", "free": "on", "password": PASSWORD} | more


def test_a_first_of_two_signatures_waits_for_more(case, bob, browse):
    Decision.objects.update(approvals_needed=2)
    assert "Signature 1 of 2" in text_of(browse(bob).get(f"/cases/{case.ref}/approve/"))
    client = browse(bob)
    page = text_of(client.post(f"/cases/{case.ref}/approve/", signing(case, seen=case.entry_seq), follow=True))
    assert "Signed. 1 of 2 approve; it waits for more." in page
    assert "proved by password" in page
    assert "you have signed it already" in text_of(browse(bob).get(f"/cases/{case.ref}/approve/"))


def test_what_was_read_and_is_not_there_any_more_is_not_signed(case, alice, bob, post):
    read = signing(case, statement="My words.")
    case.revise(by=alice, disposition="ADVISORY", rationale="Warn the desks.")
    response = post(bob, f"/cases/{case.ref}/approve/", case, **read)
    assert response.status_code == 409
    told = text_of(response)
    assert "Recommendation: rationale" in told
    assert "The record is thin; watch it." in told
    assert "Warn the desks." in told
    assert "My words." in told
    assert PASSWORD not in told


def test_the_pages_say_what_was_changed_and_by_whom(case, alice, bob, browse):
    case.revise(by=alice, disposition="ADVISORY", rationale="Warn the desks.")
    for address in (case.get_absolute_url(), f"/cases/{case.ref}/approve/"):
        told = text_of(browse(bob).get(address))
        assert "What was submitted was changed by Alice: the recommendation." in told
        assert "Recommendation: disposition" in told


def test_a_dissent_is_signed_and_shown(case, bob, browse, post):
    response = post(bob, f"/cases/{case.ref}/dissent/", case, text="I would not.", password=PASSWORD)
    assert response.status_code == 303
    told = text_of(browse(bob).get(case.get_absolute_url()))
    assert "Signed against it" in told
    assert "I would not." in told


def test_a_dissent_with_a_wrong_password_keeps_its_words(case, bob, post):
    response = post(bob, f"/cases/{case.ref}/dissent/", case, text="I would not.", password="Guess.")
    assert response.status_code == 422
    assert b"I would not." in response.content
    assert b"Guess." not in response.content


def test_a_stand_in_chooses_in_whose_place(case, bob, invite, browse, post):
    beth = invite("Beth", Role.APPROVER)
    assert "In whose place" not in text_of(browse(beth).get(f"/cases/{case.ref}/approve/"))
    make.delegation(by=bob, to=beth)
    assert "In whose place" in text_of(browse(beth).get(f"/cases/{case.ref}/approve/"))
    assert post(beth, f"/cases/{case.ref}/approve/", case, **signing(case, on_behalf_of=bob.pk)).status_code == 303
    assert "Beth, in the place of Bob" in text_of(browse(beth).get(case.get_absolute_url()))


def test_an_approver_lets_somebody_sign_and_takes_the_pen_back(bob, invite, browse, post):
    beth = invite("Beth", Role.APPROVER)
    fields = {"to": beth.pk, "starts_on": TODAY, "ends_on": TODAY, "reason": "On leave."}
    assert post(bob, "/settings/delegations/", **fields).status_code == 303
    assert "In force" in text_of(browse(beth).get("/settings/delegations/"))
    row = Delegation.objects.get()
    assert post(beth, f"/settings/delegations/{row.pk}/end/").status_code == 403
    assert post(bob, f"/settings/delegations/{row.pk}/end/").status_code == 303
    assert "Ended" in text_of(browse(beth).get("/settings/delegations/"))
