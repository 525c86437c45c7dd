"""The second signature."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Authorship, Case, Decision, Disposition
from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def test_it_makes_the_recommendation_the_decision(case, bob):
    entries = Entry.objects.about(case).count()
    decision = case.approve(by=bob, statement="I read the dossier.")
    case.refresh_from_db()
    assert (case.status, case.decision, decision.approved_by) == (Status.DECIDED, decision, bob)
    newest = Entry.objects.about(case).newest_first().first()
    assert Entry.objects.about(case).count() == entries + 1
    assert (newest.verb, newest.actor, newest.public["meaning"]) == ("case.approve", bob, "approved")


def test_it_refuses_the_submitter(case, system, alice):
    alice.grant(by=system, role=Role.APPROVER)
    with pytest.raises(NotAllowed, match="second person"):
        case.approve(by=alice)
    case.refresh_from_db()
    assert case.status == Status.AWAITING_APPROVAL


def test_it_refuses_whoever_edited_the_recommendation_since(case, system, carol):
    carol.grant(by=system, role=Role.APPROVER)
    case.revise(by=carol, disposition=Disposition.REFER, rationale="Send it on.", referred_to="Export control desk")
    with pytest.raises(NotAllowed):
        case.approve(by=carol)


def test_it_refuses_the_author_of_a_finding(alice, system, bob):
    bob.grant(by=system, role=Role.LEAD)
    case = make.case(by=alice, status=Status.IN_REVIEW)
    make.finding(case, by=bob)
    make.submission(case, by=alice)
    with pytest.raises(NotAllowed):
        case.approve(by=bob)


def test_it_refuses_someone_who_does_not_approve(case, carol, dave):
    for person in (carol, dave):
        with pytest.raises(NotAllowed):
            case.approve(by=person)


def test_it_refuses_a_role_revoked_a_moment_ago(case, system, bob):
    User.objects.get(pk=bob.pk).revoke(by=system, role=Role.APPROVER)
    with pytest.raises(NotAllowed):
        case.approve(by=bob)


def test_it_refuses_what_the_approver_did_not_see(case, alice, bob):
    seen = case.entry_seq
    case.revise(by=alice, disposition=Disposition.ADVISORY, rationale="Warn the desks.")
    with pytest.raises(Stale):
        case.approve(by=bob, seen=seen)


def test_it_refuses_a_decided_case(case, bob):
    case.approve(by=bob)
    with pytest.raises(NotNow, match="decided"):
        case.approve(by=bob)


def test_it_refuses_a_dossier_that_changed_behind_its_back(case, bob):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_finding SET judgment = 'Something else.' WHERE case_id = %s", [case.pk])
    with pytest.raises(NotNow, match="changed after submission"):
        case.approve(by=bob)


@pytest.mark.parametrize("approver", ["submitter", "author"])
def test_plain_sql_cannot_approve_as_someone_who_had_a_hand_in_it(case, alice, carol, approver):
    decision = case.open_decision()
    if approver == "author":
        case.revise(by=carol, disposition=Disposition.ADVISORY, rationale="Warn the desks.")
    person = alice if approver == "submitter" else carol
    approve = "UPDATE cases_decision SET approved_by_id = %s, approved_at = now() WHERE id = %s"
    with pytest.raises(IntegrityError, match="four.eyes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(approve, [person.pk, decision.pk])
    decision.refresh_from_db()
    assert decision.approved_by is None


def test_authorship_cannot_be_taken_back(case):
    with pytest.raises(IntegrityError, match="never changed or taken back"), transaction.atomic():
        Authorship.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_approvals_one_happens(invite, alice):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    approvers = [invite(f"Approver{number}", Role.APPROVER) for number in range(8)]
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def approve(person):
        gate.wait()
        try:
            Case.objects.get(pk=case.pk).approve(by=person)
            outcomes.append("approved")
        except (NotNow, DatabaseError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=(person,)) for person in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotNow"] * 7 + ["approved"]
    assert Decision.objects.filter(approved_by__isnull=False).count() == 1
    assert Entry.objects.filter(verb="case.approve").count() == 1
