"""Whoever gives wrong passwords waits; the owner of the account comes in all the same."""

import datetime
import time
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.accounts import browsers, throttling
from riskreview.accounts.confirming import NotConfirmed, TooManyTries, confirm
from riskreview.accounts.models import Attempt, CalendarFeed
from riskreview.audit.models import Entry
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2025, 3, 1, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
HOME, AWAY = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def limits(settings):
    settings.SIGN_IN_TRIES, settings.SIGN_IN_TRIES_PER_ADDRESS, settings.SIGN_IN_WAIT_SECONDS = 3, 6, 900
    settings.CALENDAR_READS_PER_HOUR = 3


def sign_in(email, password="wrong", address=AWAY, **headers):
    return Client(REMOTE_ADDR=address, **headers).post("/login/", {"username": email, "password": password})


def test_after_so_many_wrong_passwords_one_waits_and_is_told_how_long(alice):
    assert [sign_in(alice.email).status_code for _ in range(5)] == [422, 422, 422, 429, 429]
    refused = sign_in(alice.email, PASSWORD)
    assert (refused.status_code, 800 < int(refused["Retry-After"]) <= 900) == (429, True)
    assert "Too many failed attempts. Try again in 15 minutes." in refused.content.decode()


def test_the_owner_comes_in_from_elsewhere_meanwhile(alice):
    for _ in range(9):
        sign_in(alice.email)
    assert sign_in(alice.email, PASSWORD, HOME).status_code == 302


def test_capitals_make_no_other_account(alice):
    assert [sign_in(each).status_code for each in (alice.email, alice.email.upper()) * 2][-1] == 429


def test_a_forged_header_makes_no_other_address(alice):
    told = [sign_in(alice.email, HTTP_X_FORWARDED_FOR=f"192.0.2.{each}").status_code for each in range(5)]
    assert told == [422, 422, 422, 429, 429]


def test_behind_a_proxy_the_clients_are_told_apart(alice, settings):
    settings.TRUSTED_PROXIES = 1
    for _ in range(5):
        sign_in(alice.email, address=HOME, HTTP_X_FORWARDED_FOR="192.0.2.1")
    told = sign_in(alice.email, PASSWORD, address=HOME, HTTP_X_FORWARDED_FOR="192.0.2.2")
    assert told.status_code == 302


def test_one_password_is_not_tried_on_every_account():
    told = [sign_in(f"nobody{each}@example.org").status_code for each in range(8)]
    assert told == [422] * 6 + [429] * 2


def test_behind_a_local_socket_nobody_waits_for_the_tries_of_all():
    assert {sign_in(f"nobody{each}@example.org", address="").status_code for each in range(8)} == {422}


def test_the_right_password_sets_the_count_back(alice):
    for _ in range(4):
        sign_in(alice.email)
        sign_in(alice.email)
        assert sign_in(alice.email, PASSWORD).status_code == 302
        Attempt.objects.filter(key=throttling.key_of("address", AWAY)).update(tries=0)


def test_the_wait_is_over_when_it_was_said_to_be(alice):
    for _ in range(3):
        throttling.before_sign_in(alice.email, AWAY, NOW)
    with pytest.raises(throttling.TooOften, match="in 14 minutes"):
        throttling.before_sign_in(alice.email, AWAY, NOW + MINUTE)
    with pytest.raises(throttling.TooOften, match="in 1 second"):
        throttling.before_sign_in(alice.email, AWAY, NOW + 15 * MINUTE - datetime.timedelta(microseconds=1))
    throttling.before_sign_in(alice.email, AWAY, NOW + 15 * MINUTE)


def test_the_record_tells_of_each_wait_once_and_about_whom(alice):
    for _ in range(6):
        sign_in(alice.email)
    (entry,) = Entry.objects.filter(verb="user.sign_in")
    assert (entry.kind, entry.subject_id, entry.actor.is_system) == ("refusal", str(alice.pk), True)
    assert entry.private["reason"] == "Too many failed attempts to sign in."


def test_tries_on_no_account_are_in_no_entry():
    for _ in range(5):
        sign_in("nobody@example.org")
    assert not Entry.objects.filter(verb="user.sign_in").exists()


def test_what_is_kept_names_nobody(alice):
    sign_in(alice.email)
    kept = str([*Attempt.objects.values()])
    assert alice.email not in kept
    assert AWAY not in kept


def test_counts_of_yesterday_are_thrown_away(alice, bob):
    throttling.before_sign_in(alice.email, AWAY, NOW)
    throttling.before_sign_in(bob.email, HOME, NOW + 25 * 60 * MINUTE)
    assert {each.since for each in Attempt.objects.all()} == {NOW + 25 * 60 * MINUTE}


def test_a_wrong_password_at_signing_is_counted_too(bob):
    now = timezone.now()
    for _ in range(3):
        with pytest.raises(NotConfirmed, match="not your password"):
            confirm(bob, "wrong", now=now)
    with pytest.raises(TooManyTries, match="Try again in 15 minutes") as refused:
        confirm(bob, PASSWORD, now=now)
    assert refused.value.wait == 900
    assert confirm(bob, PASSWORD, now=now + 15 * MINUTE).user == bob.pk


def test_signing_well_sets_that_count_back(bob):
    for _ in range(4):
        with pytest.raises(NotConfirmed):
            confirm(bob, "wrong", now=NOW)
        confirm(bob, PASSWORD, now=NOW)


def test_a_calendar_is_read_so_often_an_hour(alice, client):
    path, other = (CalendarFeed.objects.offer(by=alice).path for _ in range(2))
    assert [client.get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get(other).status_code == 200
    assert 0 < int(client.get(path)["Retry-After"]) <= 3600


def test_secrets_of_calendars_are_not_guessed(client):
    assert [client.get(f"/calendar/{each}.ics").status_code for each in range(5)] == [404, 404, 404, 429, 429]


@pytest.mark.parametrize("limit", ["SIGN_IN_TRIES", "SIGN_IN_TRIES_PER_ADDRESS"])
def test_an_ipv6_customer_has_one_bucket_for_all_their_addresses(alice, settings, limit):
    setattr(settings, limit, 2)
    email = [alice.email] * 4 if limit == "SIGN_IN_TRIES" else [f"nobody{each}@example.org" for each in range(4)]
    told = [sign_in(name, address=f"2001:db8:1:2::{each + 1:x}").status_code for each, name in enumerate(email)]
    assert told == [422, 422, 429, 429]
    assert sign_in(alice.email, PASSWORD, address="2001:db8:1:3::1").status_code == 302


def test_letters_that_the_database_takes_for_others_make_no_other_account(alice):
    spellings = [alice.email, alice.email.replace("i", "\u0131"), alice.email.upper(), alice.email]
    assert [sign_in(each).status_code for each in spellings] == [422, 422, 422, 429]


def known(user, address=AWAY):
    """A browser in which somebody signed in before, and out again."""
    browser = Client(REMOTE_ADDR=address)
    assert browser.post("/login/", {"username": user.email, "password": PASSWORD}).status_code == 302
    browser.post("/logout/")
    return browser


def test_wrong_passwords_of_others_behind_one_address_shut_out_no_known_browser(alice, bob):
    browser = known(alice)
    for each in range(9):
        sign_in(f"nobody{each}@example.org")
    for _ in range(4):
        sign_in(alice.email)
    assert sign_in(alice.email, PASSWORD).status_code == 429
    assert browser.post("/login/", {"username": bob.email, "password": PASSWORD}).status_code == 429
    assert browser.post("/login/", {"username": alice.email, "password": PASSWORD}).status_code == 302


def test_a_known_browser_has_so_many_tries_too(alice):
    browser = known(alice)
    wrong = {"username": alice.email, "password": "wrong"}
    assert [browser.post("/login/", wrong).status_code for _ in range(4)] == [422, 422, 422, 429]


def test_signing_in_with_a_known_browser_takes_back_no_try_of_its_address(alice):
    browser = known(alice)
    for each in range(6):
        sign_in(f"nobody{each}@example.org")
        browser.post("/login/", {"username": alice.email, "password": PASSWORD})
        browser.post("/logout/")
    assert sign_in("nobody@example.org").status_code == 429


def test_what_a_browser_is_known_by_is_hidden_from_scripts_and_sent_to_the_sign_in_page_alone(alice):
    cookie = known(alice).cookies["known-browser"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/login/", "Lax")
    assert cookie["max-age"] == 90 * 24 * 60 * 60


@pytest.mark.parametrize("days", [89, 91])
def test_a_browser_is_known_for_ninety_days(alice, days):
    token = browsers.known(alice)
    with patch("django.core.signing.time.time", return_value=time.time() + days * 86_400):
        assert bool(browsers.of_account(token, alice)) == (days < 90)


def test_a_forged_token_makes_no_browser_known(alice, bob):
    token = browsers.known(alice)
    forged = ["", "x", f"{alice.pk}/x", token.replace(str(alice.pk), str(bob.pk)), token[:-1]]
    assert [browsers.of_account(each, who) for each in forged for who in (alice, bob, None)] == [""] * 15
    assert browsers.of_account(token, bob) == ""


def test_a_name_without_account_takes_as_many_queries_as_one_with(alice):
    told = []
    for email in (alice.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as asked:
            throttling.before_sign_in(email, f"198.51.100.{len(told)}", NOW)
        told.append(len(asked))
    assert told[0] == told[1]
