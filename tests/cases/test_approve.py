"""The second signature."""

import datetime
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from riskreview.accounts.confirming import NotConfirmed
from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.differing import DossierChanged
from riskreview.cases.models import Authorship, Case, Decision, Disposition, Signature
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
ROUNDS = 25


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def test_it_makes_the_recommendation_the_decision(case, bob):
    entries = Entry.objects.about(case).count()
    decision = make.approval(case, by=bob, statement="I read the dossier.")
    case.refresh_from_db()
    assert (case.status, case.decision, decision.approved_by) == (Status.DECIDED, decision, bob)
    newest = Entry.objects.about(case).newest_first().first()
    assert Entry.objects.about(case).count() == entries + 1
    assert (newest.verb, newest.actor, newest.public["meaning"]) == ("case.approve", bob, "approved")


def test_it_refuses_the_submitter(case, system, alice):
    alice.grant(by=system, role=Role.APPROVER)
    with pytest.raises(NotAllowed, match="second person"):
        make.approval(case, by=alice)
    case.refresh_from_db()
    assert case.status == Status.AWAITING_APPROVAL


def test_it_refuses_whoever_edited_the_recommendation_since(case, system, carol):
    carol.grant(by=system, role=Role.APPROVER)
    case.revise(by=carol, disposition=Disposition.REFER, rationale="Send it on.", referred_to="Export control desk")
    with pytest.raises(NotAllowed):
        make.approval(case, by=carol)


def test_it_refuses_the_author_of_a_finding(alice, system, bob):
    bob.grant(by=system, role=Role.LEAD)
    case = make.case(by=alice, status=Status.IN_REVIEW)
    make.finding(case, by=bob)
    make.submission(case, by=alice)
    with pytest.raises(NotAllowed):
        make.approval(case, by=bob)


def test_it_refuses_someone_who_does_not_approve(case, carol, dave):
    for person in (carol, dave):
        with pytest.raises(NotAllowed):
            make.approval(case, by=person)


def test_it_refuses_a_role_revoked_a_moment_ago(case, system, bob):
    User.objects.get(pk=bob.pk).revoke(by=system, role=Role.APPROVER)
    with pytest.raises(NotAllowed):
        make.approval(case, by=bob)


def test_it_refuses_what_the_approver_did_not_see(case, alice, bob):
    seen = case.entry_seq
    case.revise(by=alice, disposition=Disposition.ADVISORY, rationale="Warn the desks.")
    with pytest.raises(Stale):
        make.approval(case, by=bob, seen=seen)


def test_it_refuses_a_decided_case(case, bob):
    make.approval(case, by=bob)
    with pytest.raises(NotNow, match="decided"):
        make.approval(case, by=bob)


def test_it_refuses_a_dossier_that_changed_behind_its_back(case, bob):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_finding SET judgment = 'Something else.' WHERE case_id = %s", [case.pk])
    with expect.refusal(DossierChanged, case, match="not what was submitted any more"):
        make.approval(case, by=bob)


@pytest.mark.parametrize("approver", ["submitter", "author"])
def test_plain_sql_cannot_approve_as_someone_who_had_a_hand_in_it(case, alice, carol, approver):
    if approver == "author":
        case.revise(by=carol, disposition=Disposition.ADVISORY, rationale="Warn the desks.")
    decision, person = case.open_decision(), alice
    approve = "UPDATE cases_decision SET approved_by_id = %s, approved_at = now() WHERE id = %s"
    with pytest.raises(IntegrityError, match="four.eyes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(approve, [person.pk, decision.pk])
    decision.refresh_from_db()
    assert decision.approved_by is None


def test_authorship_cannot_be_taken_back(case):
    with pytest.raises(IntegrityError, match="never changed or taken back"), transaction.atomic():
        Authorship.objects.all().delete()


def test_it_keeps_who_signed_as_what_and_how_they_proved_it(case, bob):
    decision = make.approval(case, by=bob, statement=" I read the dossier. ")
    signature = decision.signatures.get()
    told = (signature.user, signature.person, signature.role, signature.meaning, signature.statement)
    assert told == (bob, bob.pk, "APPROVER", "APPROVED", "I read the dossier.")
    assert (signature.dossier_sha256, signature.strength) == (decision.dossier_sha256, "password")
    header = Entry.objects.about(case).newest_first().first().public
    assert (header["strength"], header["behalf"]) == ("password", None)


def test_the_entry_names_the_digest_and_holds_no_proof(case, bob):
    decision = make.approval(case, by=bob)
    told = Entry.objects.about(case).newest_first().first().private["arguments"]
    assert told == {"dossier_sha256": decision.dossier_sha256, "statement": "", "on_behalf_of": None}


@pytest.mark.parametrize("minutes", [6, -6])
def test_it_refuses_a_proof_that_is_not_fresh(case, bob, minutes):
    stale = make.confirmed(bob, ago=datetime.timedelta(minutes=minutes))
    with expect.refusal(NotConfirmed, case, match="at most five minutes"):
        make.approval(case, by=bob, confirmed=stale)


def test_it_refuses_the_proof_of_somebody_else(case, bob, alice):
    with expect.refusal(NotConfirmed, case):
        make.approval(case, by=bob, confirmed=make.confirmed(alice))


def test_it_refuses_a_digest_of_another_version_and_says_what_differs(case, alice, bob):
    read = case.open_decision().dossier_sha256
    case.revise(by=alice, disposition=Disposition.ADVISORY, rationale="Warn the desks.")
    with pytest.raises(DossierChanged, match="not what waits") as refused:
        make.approval(case, by=bob, dossier_sha256=read)
    told = {each.path: (each.old, each.new) for each in refused.value.changes}
    assert told["recommendation.disposition"] == ("MONITOR", "ADVISORY")


def test_it_refuses_a_made_up_digest(case, bob):
    with expect.refusal(DossierChanged, case):
        make.approval(case, by=bob, dossier_sha256="f" * 64)


def test_what_was_submitted_before_dossiers_were_sealed_is_submitted_again_first(case, alice, bob):
    make.before_sealing(case.open_decision())
    with expect.refusal(NotNow, case, match="before dossiers were sealed"):
        make.approval(case, by=bob)
    case.revise(by=alice, disposition=Disposition.MONITOR, rationale="As before.")
    assert make.approval(case, by=bob).approved_by == bob


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_approvals_one_happens_every_time(invite, alice):
    cases = [make.case(by=alice, status=Status.AWAITING_APPROVAL) for _ in range(ROUNDS)]
    approvers = [invite(f"Approver{number}", Role.APPROVER) for number in range(8)]
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def approve(person):
        for case in cases:
            mine = Case.objects.get(pk=case.pk)
            pen = make.pen(mine, person)
            gate.wait()
            try:
                mine.approve(by=person, **pen)
                outcomes.append("approved")
            except (NotNow, DatabaseError) as error:
                outcomes.append(type(error).__name__)
        connections.close_all()

    threads = [threading.Thread(target=approve, args=(person,)) for person in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotNow"] * 7 * ROUNDS + ["approved"] * ROUNDS
    assert Decision.objects.filter(approved_by__isnull=False).count() == ROUNDS
    assert Signature.objects.count() == ROUNDS
    assert Entry.objects.filter(verb="case.approve").count() == ROUNDS
