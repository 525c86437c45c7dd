"""Verify now: it runs in front of whoever asked, with and without scripts; axe minds nothing, in trouble or not."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from riskreview.audit import checking
from riskreview.audit.models import Entry, Ledger, Log, Verification
from tests import make

from .test_accessibility import SIZES


def run() -> None:
    """What the worker does with a check."""
    check = Verification.objects.get(finished_at=None)
    checking.keep(check, checking.carry_on(check, seconds=60))


def test_the_result_comes_by_itself(visit, alice, carol, sign_log):
    make.case(by=alice, status="IN_REVIEW")
    sign_log()
    visitor = visit(carol)
    page = visitor.go("/audit/")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    page.get_by_role("link", name="Look again").focus()
    page.wait_for_timeout(1_500)
    expect(page.get_by_role("link", name="Look again")).to_be_focused()
    run()
    expect(page.locator("#check").get_by_text("Everything holds.")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("Everything holds.")
    assert visitor.console == []


def test_without_scripts_one_looks_again(visit, carol, sign_log):
    sign_log()
    page = visit(carol, java_script_enabled=False).go("/audit/")
    page.get_by_role("button", name="Verify now").click()
    run()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Everything holds.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_the_record_are_clean(visit, alice, carol, system, sign_log, theme, size):
    case = make.case(by=alice, status="IN_REVIEW")
    width, height = SIZES[size]
    visitor = visit(carol, color_scheme=theme, viewport={"width": width, "height": height}, has_touch=size != "desktop")
    wrong = look(visitor, "before the first log", "/audit/", "/health/")
    sign_log()
    entries = [entry.uuid for entry in Entry.objects.about(case).newest_first()]
    Ledger.objects.the().erase(by=system, entries=entries[:1], basis="GDPR Article 17(1)(a)", replacement="A name.")
    check = Verification.objects.ask(by=carol)
    addresses = [f"/audit/{each}/" for each in entries] + ["/audit/", "/health/", f"/audit/checks/{check.pk}/"]
    wrong |= look(visitor, "in order", *addresses)
    run()
    Verification.objects.update(problems=["Entry 7 is gone, and " + "nothing" * 30 + " explains it."], problem_count=1)
    Log.objects.update(trouble="the root is another one: a header was changed.", troubled_at=timezone.now())
    wrong |= look(visitor, "in trouble", *addresses)
    assert wrong == {}
    assert visitor.console == []


def look(visitor, when, *addresses) -> dict[str, list[str]]:
    """What is wrong with pages as they are now, everything unfolded."""
    wrong = {}
    for address in addresses:
        page = visitor.go(address)
        page.evaluate("document.querySelectorAll('details.fold').forEach((each) => { each.open = true })")
        found = visitor.violations() + ([f"{visitor.sideways()} px sideways"] if visitor.sideways() > 0 else [])
        wrong |= {f"{address} {when}": found} if found else {}
    return wrong
