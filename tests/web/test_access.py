"""Coming in, and how pages look."""

from __future__ import annotations

import pytest
from django.conf import settings

from riskreview.audit.models import Entry
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_it_lets_somebody_in_whatever_the_capitals_of_the_address(anonymous, alice):
    response = anonymous.post("/login/?next=/vendors/", {"username": "ALICE@example.org", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/vendors/")


def test_it_says_what_did_not_fit_and_keeps_the_address(anonymous, alice):
    response = anonymous.post("/login/", {"username": "alice@example.org", "password": "wrong"})
    assert response.status_code == 422
    assert b"do not fit together" in response.content
    assert b"alice@example.org" in response.content


def test_an_unknown_address_reads_like_a_wrong_password(anonymous, alice):
    wrong = anonymous.post("/login/", {"username": "alice@example.org", "password": "x"}).content
    unknown = anonymous.post("/login/", {"username": "nobody@example.org", "password": "x"}).content
    assert b"do not fit together" in wrong
    assert b"do not fit together" in unknown


def test_it_never_sends_somebody_to_another_site(anonymous, alice):
    response = anonymous.post(
        "/login/", {"username": alice.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/"


def test_a_person_who_was_shut_out_cannot_come_in(anonymous, alice, system):
    alice.dismiss(by=system, reason="Left.")
    assert anonymous.post("/login/", {"username": alice.email, "password": PASSWORD}).status_code == 422


def test_it_signs_out(browse, alice):
    client = browse(alice)
    assert client.post("/logout/").status_code == 302
    assert client.get("/queue/").status_code == 302


def test_a_form_without_a_token_is_refused(alice):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/settings/preferences/", {"theme": "dark"}).status_code == 403


def test_preferences_are_kept_and_shown(browse, alice):
    client = browse(alice)
    response = client.post("/settings/preferences/", {"theme": "dark", "next": "/vendors/"})
    assert (response.status_code, response["Location"]) == (303, "/vendors/")
    client.post("/settings/preferences/", {"density": "compact", "next": "//evil.example"})
    assert b'data-theme="dark" data-density="compact"' in client.get("/queue/").content


def test_a_preference_nobody_offers_changes_nothing(browse, alice):
    browse(alice).post("/settings/preferences/", {"theme": "neon"})
    alice.refresh_from_db()
    assert alice.theme == "system"


def test_an_act_knows_that_it_came_through_the_web(post, alice, carol, system):
    from tests import make

    case = make.case(by=alice)
    response = post(carol, f"/cases/{case.ref}/assign/", case, to=alice.pk)
    entry = Entry.objects.about(case).newest_first().first()
    assert entry.public["via"] == "web"
    assert str(entry.request) == response["X-Request-ID"]
    assert entry.whence["address"] == "127.0.0.1"


def test_health_answers_a_machine_without_a_session(anonymous, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = anonymous.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_the_session_cookie_is_closed_to_scripts():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_health_for_people_is_for_those_who_run_it(browse, alice, carol):
    assert browse(alice).get("/health/").status_code == 403
    assert b"Heartbeats" in browse(carol).get("/health/").content


def test_an_expired_session_keeps_what_was_written(client):
    page = client.post(
        "/cases/RR-2025-0001/hold/",
        {"reason": "Waiting for <b>Rome</b>.", "seen": "3"},
        HTTP_REFERER="/cases/RR-2025-0001/",
    )
    text = page.content.decode()
    assert page.status_code == 401
    assert "Waiting for &lt;b&gt;Rome&lt;/b&gt;." in text
    assert "/login/?next=%2Fcases%2FRR-2025-0001%2F" in text


def test_the_health_page_is_in_the_menu_of_those_who_may_open_it(browse, carol, alice):
    assert 'href="/health/"' in browse(carol).get("/queue/").content.decode()
    assert 'href="/health/"' not in browse(alice).get("/queue/").content.decode()
