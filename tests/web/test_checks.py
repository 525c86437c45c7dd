"""Checking the record on the spot, and what an auditor takes along."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.db.models.functions import Now

from riskreview.accounts.roles import Role
from riskreview.audit import checking, verifier
from riskreview.audit.models import Verification
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


def run(check: Verification, seconds: float = 60) -> None:
    """One portion of a check, as the worker does it."""
    checking.keep(check, checking.carry_on(check, seconds=seconds))


def test_verify_now_asks_once_and_goes_to_the_check(browse, carol):
    first, second = (browse(carol).post("/audit/verify/") for _ in range(2))
    check = Verification.objects.get()
    assert (first.status_code, first["Location"]) == (303, f"/audit/checks/{check.pk}/")
    assert second["Location"] == first["Location"]
    assert check.asked_by == carol


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR])
def test_only_those_who_oversee_the_record_and_read_it_start_a_check(browse, invite, role):
    assert browse(invite("Peter", role)).post("/audit/verify/").status_code == 403
    assert not Verification.objects.exists()


def test_an_auditor_may(browse, invite):
    assert browse(invite("Frank", Role.AUDITOR)).post("/audit/verify/").status_code == 303


def test_while_it_runs_the_page_asks_again_and_works_without_a_script(browse, carol, alice):
    check = Verification.objects.ask(by=carol)
    page = browse(alice).get(f"/audit/checks/{check.pk}/").content.decode()
    assert "Waiting for a worker …" in page
    assert f'hx-get="/audit/checks/{check.pk}/" hx-trigger="every 1s"' in page
    assert re.search(rf'<a [^>]*href="/audit/checks/{check.pk}/"[^>]*>.*Look again', page)
    Verification.objects.filter(pk=check.pk).update(counts={"entries": 1_000, "rows": 200}, total=4_812)
    assert "1,200 of 4,812 entries and rows …" in browse(alice).get(f"/audit/checks/{check.pk}/").content.decode()


def test_the_fragment_is_the_middle_of_the_page(browse, carol):
    check = Verification.objects.ask(by=carol)
    part = browse(carol).get(f"/audit/checks/{check.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div class="stack" id="check"')
    assert "<html" not in part


def test_it_says_that_everything_holds_and_what_was_checked(browse, alice, carol, sign_log):
    make.vendor(by=alice)
    sign_log()
    check = Verification.objects.ask(by=carol)
    run(check)
    page = browse(alice).get(f"/audit/checks/{check.pk}/")
    told = text_of(page)
    assert "Everything holds." in told
    assert f"Entries against the log, and their columns against the header {check.counts['entries']}" in told
    assert "hx-get" not in page.content.decode()
    assert f"{check.done} entries and rows checked just now , everything holds" in text_of(browse(alice).get("/audit/"))


def test_each_problem_is_a_sentence(browse, alice, carol):
    check = Verification.objects.ask(by=carol)
    kept = {
        "problems": ["Entry 7 is gone.", "Entry 8 is gone."],
        "problem_count": 3,
        "counts": {"entries": 9, "odd": 1},
    }
    Verification.objects.filter(pk=check.pk).update(finished_at=Now(), seconds=0.42, **kept)
    told = text_of(browse(alice).get(f"/audit/checks/{check.pk}/"))
    assert "3 problems found. 9 entries and rows, 0.4 s." in told
    assert "Entry 7 is gone. Entry 8 is gone. And 1 more" in told
    assert "Odd 1" in told
    page = browse(alice).get("/audit/").content.decode()
    assert '<b class="bad">3 problems found</b>' in page


def test_a_check_that_was_given_up_says_nothing_about_the_record(browse, alice, carol):
    check = Verification.objects.ask(by=carol)
    Verification.objects.filter(pk=check.pk).update(
        dead_at=Now(), attempts=5, last_error="The worker was lost each time."
    )
    told = text_of(browse(alice).get(f"/audit/checks/{check.pk}/"))
    assert "given up after 5 attempts. The worker was lost each time. It says nothing about the record." in told
    assert "one was given up since: The worker was lost each time." in text_of(browse(carol).get("/health/"))


def test_the_verifier_comes_byte_for_byte_with_its_sum_on_the_page(browse, dave):
    taken = browse(dave).get("/audit/verifier.py")
    assert taken.content == Path(verifier.__file__).read_bytes()
    assert taken["Content-Disposition"] == 'attachment; filename="verifier.py"'
    assert hashlib.sha256(taken.content).hexdigest() in browse(dave).get("/audit/").content.decode()


def test_the_newest_checkpoint_is_text_for_readers(browse, dave, erin, sign_log):
    assert browse(dave).get("/audit/checkpoint").status_code == 404
    checkpoint = sign_log()
    taken = browse(dave).get("/audit/checkpoint")
    assert (taken.content.decode(), taken["Content-Type"]) == (checkpoint.whole, "text/plain; charset=utf-8")
    assert browse(erin).get("/audit/checkpoint").status_code == 403


def test_a_check_costs_the_same_whatever_it_found(browse, carol, django_assert_max_num_queries):
    check = Verification.objects.ask(by=carol)
    Verification.objects.filter(pk=check.pk).update(finished_at=Now(), problems=["No."] * 200, problem_count=200)
    client = browse(carol)
    with django_assert_max_num_queries(6):
        client.get(f"/audit/checks/{check.pk}/")
    with django_assert_max_num_queries(4):
        client.get(f"/audit/checks/{check.pk}/", headers={"HX-Request": "true"})
