"""Programs come in with tokens: their form, their life, what is kept of them."""

import datetime
import hashlib
import re

import pytest

from riskreview.accounts import tokens
from riskreview.accounts.models import ApiToken
from riskreview.accounts.roles import Role
from riskreview.accounts.tokens import Scope
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect
from tests.conftest import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture
def issue():
    def issued(by, *, scopes=(Scope.READ,), life=30 * DAY):
        return ApiToken.objects.issue(by=by, name="program", scopes=[*scopes], expires_at=NOW + life, now=NOW)

    return issued


def test_a_secret_has_the_form_scanners_look_for():
    secret = tokens.new_secret()
    assert re.fullmatch(r"rrp_[0-9A-Za-z]{36}", secret)
    assert tokens.well_formed(secret)


def test_no_two_secrets_are_alike():
    assert len({tokens.new_secret() for _ in range(500)}) == 500


def test_a_mistyped_secret_is_known_by_its_checksum():
    secret = tokens.new_secret()
    for place in (4, 20, 39):
        other = "x" if secret[place] != "x" else "y"
        assert not tokens.well_formed(secret[:place] + other + secret[place + 1 :])


@pytest.mark.parametrize("strange", ["", "rrp_", "rrp_" + "a" * 35, "xyz_" + "a" * 36, "rrp_" + "é" * 36])
def test_other_texts_are_no_secrets(strange):
    assert not tokens.well_formed(strange)
    secret = tokens.new_secret()
    for spoilt in (f"{secret}\n", f" {secret}", secret.upper()):
        assert not tokens.well_formed(spoilt)


@pytest.mark.parametrize(("number", "width", "told"), [(0, 6, "000000"), (61, 1, "z"), (62, 2, "10"), (3843, 2, "zz")])
def test_base62_counts_digits_capitals_smalls(number, width, told):
    assert tokens.base62(number, width) == told


@pytest.mark.django_db
def test_issuing_keeps_the_hash_and_shows_the_secret_once(alice, issue):
    before = Entry.objects.count()
    token = issue(alice, scopes=[Scope.CASES_WRITE, Scope.READ, Scope.READ])
    kept = ApiToken.objects.get()
    assert kept.secret == ""
    assert kept.sha256 == hashlib.sha256(token.secret.encode()).hexdigest()
    assert (kept.prefix, kept.scopes, kept.owner) == (token.secret[:8], ["cases:write", "read"], alice)
    assert token.secret not in str(vars(kept))
    entry = Entry.objects.about(token).get()
    assert (entry.verb, entry.actor, Entry.objects.count()) == ("apitoken.issue", alice, before + 1)


@pytest.mark.django_db
def test_a_secret_finds_its_token_and_nothing_else_does(alice, issue):
    token = issue(alice)
    assert ApiToken.objects.holding(token.secret) == token
    assert ApiToken.objects.holding(tokens.new_secret()) is None
    assert ApiToken.objects.holding(token.sha256) is None
    assert ApiToken.objects.holding("") is None


@pytest.mark.django_db
@pytest.mark.parametrize("life", [datetime.timedelta(), -DAY, 367 * DAY], ids=["now", "past", "too long"])
def test_a_life_is_at_most_a_year(alice, issue, life):
    with expect.refusal(NotNow, match="within a year"):
        issue(alice, life=life)
    assert not ApiToken.objects.exists()


@pytest.mark.django_db
def test_a_year_is_granted(alice, issue):
    assert issue(alice, life=366 * DAY).refusal(NOW) == ""


@pytest.mark.django_db
def test_who_reads_nothing_grants_nothing(erin, invite, issue):
    for person in (erin, invite("Adam", Role.ADMINISTRATOR)):
        with expect.refusal(NotAllowed):
            issue(person)


@pytest.mark.django_db
def test_it_expires(alice, issue):
    token = issue(alice, life=DAY)
    assert token.refusal(NOW + DAY - datetime.timedelta(seconds=1)) == ""
    assert "expired" in token.refusal(NOW + DAY)


@pytest.mark.django_db
def test_revoking_closes_the_door(alice, issue):
    token = issue(alice)
    with expect.one_entry("apitoken.revoke", by=alice, about=token):
        token.revoke(by=alice, now=NOW)
    assert "revoked" in token.refusal(NOW)


@pytest.mark.django_db
def test_revoking_twice_keeps_the_first_time(alice, issue):
    token = issue(alice)
    token.revoke(by=alice, now=NOW)
    token.revoke(by=alice, now=NOW + DAY)
    token.refresh_from_db()
    assert token.revoked_at == NOW


@pytest.mark.django_db
def test_owner_and_administrator_revoke_and_nobody_else(alice, bob, carol, dave, invite, issue):
    token = issue(alice)
    for person in (bob, carol, dave):
        with expect.refusal(NotAllowed, token):
            token.revoke(by=person, now=NOW)
    token.revoke(by=invite("Adam", Role.ADMINISTRATOR), now=NOW)
    assert token.revoked_at == NOW


@pytest.mark.django_db
def test_it_falls_with_its_owner(alice, system, issue):
    token = issue(alice)
    alice.dismiss(by=system, reason="Left.")
    assert "owner" in ApiToken.objects.holding(token.secret).refusal(NOW)


@pytest.mark.django_db
def test_use_is_noted_at_most_once_a_minute_and_is_no_act(alice, issue):
    token, entries = issue(alice), Entry.objects.count()
    for seconds in (0, 59, 61):
        token.touch(NOW + datetime.timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == NOW + datetime.timedelta(seconds=61 if seconds == 61 else 0)
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_each_person_sees_their_own(alice, bob, issue):
    token = issue(alice)
    assert list(ApiToken.objects.visible_to(alice)) == [token]
    assert list(ApiToken.objects.visible_to(bob)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "scopes"), [("token_scopes_known", ["everything"]), ("token_has_scopes", [])])
def test_the_table_keeps_the_rules(alice, issue, constraint, scopes):
    with expect.violation(constraint):
        issue(alice, scopes=scopes)
