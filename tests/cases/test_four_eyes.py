"""Who signs had no hand in it, whatever road they take."""

import datetime

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from riskreview.accounts.confirming import NotConfirmed, confirm
from riskreview.accounts.days import site_day
from riskreview.accounts.models import Delegation
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.differing import DossierChanged
from riskreview.cases.models import Decision, Signature
from riskreview.cases.workflow import Status
from tests import expect, make
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TODAY = datetime.datetime.now(datetime.UTC).date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def case(alice, system):
    """Waits for approval; alice, who wrote and submitted everything, has every role there is."""
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    for role in Role:
        alice.grant(by=system, role=role)
    return case


@pytest.fixture
def beth(invite):
    """Approves too."""
    return invite("Beth", Role.APPROVER)


def stand_in(of, to, **given):
    days = {"starts_on": TODAY, "ends_on": TODAY}
    return Delegation.objects.delegate(by=of, to=to, reason="On leave.", **(days | given))


def test_no_role_opens_it_to_an_author_in_the_shell(case, alice):
    with expect.refusal(NotAllowed, case, match="second person"):
        make.approval(case, by=alice)


@pytest.mark.parametrize("face", ["page", "program"])
def test_an_author_is_refused_on_record(face, case, alice, browse, api):
    road, digest = f"/cases/{case.ref}/approve/", case.open_decision().dossier_sha256
    if face == "page":
        sent = {"seen": case.entry_seq, "dossier_sha256": digest, "read": "on", "free": "on", "password": PASSWORD}
        answer = browse(alice).post(road, sent)
    else:
        sent, headers = {"dossier_sha256": digest, "password": PASSWORD}, {"If-Match": f'"{case.entry_seq}"'}
        answer = api(alice).post(f"/api/v1{road}", sent, format="json", headers=headers)
        assert answer.json()["rule"] == "four-eyes"
    assert answer.status_code == 403
    refusal = Entry.objects.get(verb="case.approve")
    assert (refusal.kind, refusal.actor) == ("refusal", alice)
    assert PASSWORD.encode() not in answer.content


@pytest.mark.parametrize("face", ["page", "program"])
def test_a_session_without_the_password_signs_nothing(face, case, bob, browse, api):
    road, digest = f"/cases/{case.ref}/approve/", case.open_decision().dossier_sha256
    if face == "page":
        sent = {"seen": case.entry_seq, "dossier_sha256": digest, "read": "on", "free": "on", "password": "Guess."}
        answer = browse(bob).post(road, sent)
        assert answer.status_code == 422
        assert b"not your password" in answer.content
    else:
        sent, headers = {"dossier_sha256": digest, "password": "Guess."}, {"If-Match": f'"{case.entry_seq}"'}
        answer = api(bob).post(f"/api/v1{road}", sent, format="json", headers=headers)
        assert (answer.status_code, answer.json()["rule"]) == (403, "confirmation")
    assert b"Guess." not in answer.content
    refusal = Entry.objects.get(verb="case.approve")
    assert (refusal.kind, refusal.actor) == ("refusal", bob)
    assert not Signature.objects.exists()


def test_whoever_acts_for_another_would_need_their_password(bob):
    now = datetime.datetime.now(datetime.UTC)
    assert confirm(bob, PASSWORD, now=now).user == bob.pk
    with pytest.raises(NotConfirmed):
        confirm(bob, "what an administrator knows", now=now)


def test_a_dismissed_person_proves_nothing(bob, system):
    bob.dismiss(by=system, reason="Left.")
    with pytest.raises(NotConfirmed):
        confirm(bob, PASSWORD, now=datetime.datetime.now(datetime.UTC))


def test_there_is_no_administration_site():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


@pytest.mark.parametrize("other_way", [False, True])
def test_a_second_account_of_one_person_is_not_a_second_person(case, alice, beth, system, other_way):
    one, other = (beth, alice) if other_way else (alice, beth)
    one.join(by=system, other=other)
    beth.refresh_from_db()
    with expect.refusal(NotAllowed, case, match="whatever they sign in with"):
        make.approval(case, by=beth)


def test_accounts_are_joined_to_one_root(alice, bob, beth, system):
    beth.join(by=system, other=bob)
    with expect.refusal(NotNow, bob, match="Join the other account to this one"):
        bob.join(by=system, other=alice)


def test_whoever_added_an_exhibit_has_a_hand_in_it(alice, bob, system):
    bob.grant(by=system, role=Role.REVIEWER)
    case = make.case(by=alice, status=Status.IN_REVIEW)
    make.exhibit(case, by=bob)
    make.finding(case, by=alice)
    make.submission(case, by=alice)
    with expect.refusal(NotAllowed, case):
        make.approval(case, by=bob)


def test_an_author_of_a_version_that_was_sent_back_stays_one(alice, bob, beth, carol, system):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    carol.grant(by=system, role=Role.APPROVER)
    case.revise(by=carol, disposition="ADVISORY", rationale="Warn the desks.")
    case.send_back(by=bob, reason="Once more.")
    make.submission(case, by=alice)
    with expect.refusal(NotAllowed, case):
        make.approval(case, by=carol)


def test_a_stand_in_signs_and_the_record_names_both(case, bob, beth):
    stand_in(bob, beth)
    decision = make.approval(case, by=beth, on_behalf_of=bob)
    signature = decision.signatures.get()
    assert (signature.user, signature.on_behalf_of, case.status) == (beth, bob, Status.DECIDED)
    assert Entry.objects.about(case).newest_first().first().public["behalf"] == str(bob.pk)


@pytest.mark.parametrize(
    "days",
    [{"starts_on": TODAY - 9 * DAY, "ends_on": TODAY - DAY}, {"starts_on": TODAY + DAY, "ends_on": TODAY + 9 * DAY}],
    ids=["over", "later"],
)
def test_a_delegation_counts_on_its_days(case, bob, beth, days):
    stand_in(bob, beth, **days)
    with expect.refusal(NotAllowed, case, match="has not asked you"):
        make.approval(case, by=beth, on_behalf_of=bob)


def test_the_days_of_a_delegation_are_those_of_the_site(case, bob, beth, settings):
    settings.SITE_TIME_ZONE = "Etc/GMT-14"  # where the day begins first; twelve hours behind UTC it is another one
    today = site_day(datetime.datetime.now(datetime.UTC))
    stand_in(bob, beth, starts_on=today, ends_on=today)
    settings.SITE_TIME_ZONE = "Etc/GMT+12"
    with expect.refusal(NotAllowed, case, match="has not asked you"):
        make.approval(case, by=beth, on_behalf_of=bob)
    settings.SITE_TIME_ZONE = "Etc/GMT-14"
    make.approval(case, by=beth, on_behalf_of=bob)


def test_an_ended_delegation_counts_no_more(case, bob, beth):
    stand_in(bob, beth).end(by=bob, now=datetime.datetime.now(datetime.UTC))
    with expect.refusal(NotAllowed, case, match="has not asked you"):
        make.approval(case, by=beth, on_behalf_of=bob)


def test_nobody_signs_in_the_place_of_an_author(case, alice, beth):
    stand_in(alice, beth)
    with expect.refusal(NotAllowed, case, match="had a hand in this"):
        make.approval(case, by=beth, on_behalf_of=alice)


def test_an_author_signs_in_nobodys_place(case, alice, bob):
    stand_in(bob, alice)
    with expect.refusal(NotAllowed, case):
        make.approval(case, by=alice, on_behalf_of=bob)


def test_a_stand_in_for_somebody_who_lost_the_role_signs_nothing(case, bob, beth, system):
    stand_in(bob, beth)
    bob.revoke(by=system, role=Role.APPROVER)
    with expect.refusal(NotAllowed, case):
        make.approval(case, by=beth, on_behalf_of=bob)


@pytest.fixture
def of_three(case, bob, beth, invite):
    """Two of three approve."""
    Decision.objects.update(approvals_needed=2)
    return [bob, beth, invite("Ben", Role.APPROVER)]


def test_the_last_signature_it_takes_decides(case, of_three):
    first, second, _ = of_three
    decision = make.approval(case, by=first)
    assert (case.status, decision.approved_by, decision.approvals) == (Status.AWAITING_APPROVAL, None, 1)
    decision = make.approval(case, by=second)
    assert (case.status, decision.approved_by, decision.approvals) == (Status.DECIDED, second, 2)


def test_nobody_signs_twice(case, of_three, system):
    make.approval(case, by=of_three[0])
    with expect.refusal(NotAllowed, case, match="nobody twice"):
        make.approval(case, by=of_three[0])


def test_nobody_signs_twice_through_a_stand_in(case, of_three):
    first, second, third = of_three
    stand_in(first, second)
    make.approval(case, by=first)
    with expect.refusal(NotAllowed, case, match="signed already"):
        make.approval(case, by=second, on_behalf_of=first)
    make.approval(case, by=third)
    assert case.status == Status.DECIDED


def test_whoever_was_signed_for_does_not_sign_again(case, of_three):
    first, second, _ = of_three
    stand_in(first, second)
    make.approval(case, by=second, on_behalf_of=first)
    with expect.refusal(NotAllowed, case, match="nobody twice"):
        make.approval(case, by=first)


def a_signature(case, user, **given):
    decision = case.decisions.get()
    columns = {"case": case, "decision": decision, "user": user, "person": user.human, "meaning": "APPROVED"}
    proof = {"dossier_sha256": decision.dossier_sha256, "strength": "password", "confirmed_at": make.WHEN}
    return Signature.objects.create(**(columns | proof | given))


@pytest.mark.parametrize("how", ["author", "other account", "stand-in", "another's name", "twice", "twice by another"])
def test_plain_writes_put_no_such_signature_into_the_table(how, case, alice, bob, beth, system):
    if how == "other account":
        bob.join(by=system, other=alice)
    if how.startswith("twice"):
        Decision.objects.update(approvals_needed=2)
        make.approval(case, by=bob)
    signer = {"author": alice, "twice by another": beth}.get(how, bob)
    given = {
        "stand-in": {"on_behalf_of": alice},
        "another's name": {"person": beth.pk},
        "twice by another": {"on_behalf_of": bob},
    }.get(how, {})
    with pytest.raises(IntegrityError, match="four eyes"), transaction.atomic():
        a_signature(case, signer, **given)


def test_plain_sql_decides_nothing_without_all_signatures(case, bob):
    Decision.objects.update(approvals_needed=2)
    make.approval(case, by=bob)
    decide = "UPDATE cases_case SET status = 'DECIDED', decision_id = %s WHERE id = %s"
    approve = "UPDATE cases_decision SET approved_by_id = %s, approved_at = now() WHERE id = %s"
    decision = case.decisions.get()
    with connection.cursor() as cursor:
        cursor.execute(approve, [bob.pk, decision.pk])
        with pytest.raises(IntegrityError, match="decided_is_signed"), transaction.atomic():
            cursor.execute(decide, [decision.pk, case.pk])


@pytest.fixture
def seated(alice, bob):
    """Waits for approval by its playbook, which has bob sign as the deciding official."""
    case = make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)
    make.at_stage(case, "decision", by=alice)
    make.finding(case, by=alice)
    case.seats.create(role="deciding_official", user=bob, seated_by=alice)
    case.submit(by=alice, disposition="no_action", rationale="Nothing follows from it.")
    return case


def test_where_the_procedure_seats_people_only_they_sign(seated, bob, beth):
    with expect.refusal(NotAllowed, seated, match="sits where it is signed"):
        make.approval(seated, by=beth)
    decision = make.approval(seated, by=bob)
    assert (decision.signatures.get().role, decision.title) == ("deciding_official", "No action")


def test_a_seated_person_may_have_somebody_sign_in_their_place(seated, bob, beth):
    stand_in(bob, beth)
    with expect.refusal(NotAllowed, seated, match="names who signs"):
        make.approval(seated, by=beth)
    decision = make.approval(seated, by=beth, on_behalf_of=bob)
    assert decision.signatures.get().role == "deciding_official"


def test_with_a_playbook_only_its_dispositions_are_open(seated, alice):
    with expect.refusal(NotNow, seated, match="Approve with conditions"):
        seated.revise(by=alice, disposition="RESTRICT_USE", rationale="So.")


CHANGES = {
    "exhibit": make.exhibit,
    "finding": lambda case, by: make.finding(case, by=by, exhibits=[case.exhibits.first()]),
    "effect": make.effect,
    "condition": make.condition,
}


@pytest.mark.parametrize("part", CHANGES)
def test_any_change_after_submission_voids_it_with_the_signatures_so_far(part, alice, bob, beth, api):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    Decision.objects.update(approvals_needed=2)
    make.approval(case, by=bob)
    seen, read = case.entry_seq, case.open_decision().dossier_sha256
    CHANGES[part](case, by=alice)
    decision = case.decisions.get()
    assert (case.status, decision.is_open, decision.voided_by) == (Status.IN_REVIEW, False, alice)
    assert decision.void_cause.lower().startswith(part)
    assert [each.path.partition(".")[0] for each in case.changes_since(decision)] == [part]
    body, headers = {"dossier_sha256": read, "password": PASSWORD}, {"If-Match": f'"{seen}"'}
    late = api(beth).post(f"/api/v1/cases/{case.ref}/approve/", body, format="json", headers=headers)
    assert late.status_code == 412
    make.submission(case, by=alice)
    with pytest.raises(DossierChanged):
        make.approval(case, by=beth, dossier_sha256=read)


def test_effects_and_conditions_are_bound_by_what_waits_and_let_go_with_it(alice, bob):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    make.finding(case, by=alice)
    effect, condition = make.effect(case, by=alice), make.condition(case, by=alice)
    first = make.submission(case, by=alice)
    assert {row.decision for row in (case.effects.get(), case.conditions.get())} == {first}
    case.send_back(by=bob, reason="Narrow it.")
    assert {row.decision for row in (case.effects.get(), case.conditions.get())} == {None}
    second = make.submission(case, by=alice)
    assert (case.effects.get(), case.effects.get().decision, second.number) == (effect, second, 2)
    assert second.sealed.content[f"condition.{condition.number}.text"] == condition.text
