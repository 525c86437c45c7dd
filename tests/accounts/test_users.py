"""People come in, are trusted with roles, and go."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from riskreview.accounts.models import SYSTEM, User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, Stale
from tests import expect
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def adam(invite):
    return invite("Adam", Role.ADMINISTRATOR)


def test_inviting_lets_a_person_in(adam):
    before = Entry.objects.count()
    user = User.objects.invite(
        by=adam,
        email=" Nina@Example.org ",
        name=" Nina ",
        roles=[Role.REVIEWER, Role.READER, Role.REVIEWER],
        password=PASSWORD,
    )
    entry = Entry.objects.about(user).get()
    assert (user.email, user.name, user.roles) == ("Nina@Example.org", "Nina", ["READER", "REVIEWER"])
    assert (entry.verb, entry.actor, Entry.objects.count()) == ("user.invite", adam, before + 1)
    assert authenticate(username="nina@example.org", password=PASSWORD) == user


def test_without_a_password_nobody_signs_in(adam):
    user = User.objects.invite(by=adam, email="nina@example.org", name="Nina", roles=[Role.READER])
    assert not user.has_usable_password()
    assert authenticate(username="nina@example.org", password="") is None


def test_the_command_line_invites_as_the_system(system):
    assert User.objects.invite(by=system, email="first@example.org", name="First", roles=[Role.ADMINISTRATOR])


def test_inviting_refuses_everyone_else(alice, bob, carol, dave, erin):
    for person in (alice, bob, carol, dave, erin):
        with expect.refusal(NotAllowed, match="Only administrators"):
            User.objects.invite(by=person, email="nina@example.org", name="Nina", roles=[])


def test_an_address_belongs_to_one_person_whatever_its_capitals(adam, alice):
    with pytest.raises(IntegrityError, match="email"), transaction.atomic():
        User.objects.invite(by=adam, email="ALICE@example.org", name="Other Alice", roles=[])
    assert Entry.objects.filter(verb="user.invite", actor=adam).count() == 0


def test_a_role_is_granted_and_revoked(adam, alice):
    with expect.one_entry("user.grant", by=adam, about=alice):
        alice.grant(by=adam, role=Role.APPROVER)
    assert alice.roles == ["APPROVER", "REVIEWER"]
    with expect.one_entry("user.revoke", by=adam, about=alice):
        alice.revoke(by=adam, role=Role.REVIEWER)
    assert alice.roles == ["APPROVER"]


def test_a_role_granted_twice_is_held_once(adam, alice):
    alice.grant(by=adam, role=Role.REVIEWER)
    alice.refresh_from_db()
    assert alice.roles == ["REVIEWER"]


def test_nobody_grants_themselves_a_role(alice, bob, carol):
    for person in (alice, bob, carol):
        with expect.refusal(NotAllowed, person, match="administrators"):
            person.grant(by=person, role=Role.ADMINISTRATOR)
        with expect.refusal(NotAllowed, alice):
            alice.revoke(by=person, role=Role.REVIEWER)


def test_a_role_nobody_knows_is_refused(adam, alice):
    with pytest.raises(ValueError, match="not a valid Role"):
        alice.grant(by=adam, role="KING")
    assert expect.told(alice)["roles"] == ["REVIEWER"]


def test_a_dismissed_person_is_shut_out(adam, alice):
    with expect.one_entry("user.dismiss", by=adam, about=alice):
        alice.dismiss(by=adam, reason="Left.")
    assert (alice.is_active, alice.can_read, alice.holds(Role.REVIEWER)) == (False, False, False)
    assert authenticate(username=alice.email, password=PASSWORD) is None


def test_dismissing_refuses_everyone_else(alice, bob, carol):
    for person in (alice, bob, carol):
        with expect.refusal(NotAllowed, alice):
            alice.dismiss(by=person, reason="Left.")


def test_a_password_is_changed_by_its_owner_only(adam, alice, carol):
    fresh = "seven more words of mine"
    with expect.one_entry("user.change_password", by=alice, about=alice):
        alice.change_password(by=alice, password=fresh)
    assert authenticate(username=alice.email, password=fresh) == alice
    for person in (adam, carol):
        with expect.refusal(NotAllowed, alice, match="yourself"):
            alice.change_password(by=person, password="taken over by me")


def test_a_stale_form_is_refused(adam, alice):
    alice.grant(by=adam, role=Role.LEAD)
    with expect.refusal(Stale, alice):
        alice.grant(by=adam, role=Role.APPROVER, seen=1)


def test_tastes_are_no_act(alice):
    before = Entry.objects.count()
    alice.prefer(theme="dark", density="", colour="pink")
    alice.refresh_from_db()
    assert (alice.theme, alice.density, Entry.objects.count()) == ("dark", "comfortable", before)


def test_the_system_is_nobody_in_particular(system, alice):
    assert (system.pk, system.is_system, alice.is_system) == (SYSTEM, True, False)
    assert User.objects.system() == system
    assert system not in User.objects.people()
    assert not system.can_read


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [("user_email_once", {"email": "ALICE@EXAMPLE.ORG"}), ("user_roles_known", {"roles": ["KING"]})],
)
def test_the_table_keeps_the_rules(alice, bob, constraint, columns):
    with expect.violation(constraint):
        User.objects.filter(pk=bob.pk).update(**columns)


def test_every_constraint_has_its_test():
    assert expect.constraints("accounts") == {
        "user_email_once",
        "user_roles_known",
        "token_scopes_known",
        "token_has_scopes",
        "delegation_ends_later",  # tests/accounts/test_delegations.py
        "delegation_to_another",
    }
