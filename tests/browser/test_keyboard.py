"""Everything by keyboard; single keys that never sign, and a switch to turn them off."""

from __future__ import annotations

from playwright.sync_api import expect

from riskreview.cases.models import Suggestion
from tests import make


def test_the_queue_is_walked_with_j_k_and_enter(visit, alice):
    for priority, title in [(1, "First question"), (2, "Second question"), (3, "Third question")]:
        make.case(by=alice, title=title, priority=priority)
    visitor = visit(alice)
    page = visitor.page
    for key, title in [("j", "First"), ("j", "Second"), ("j", "Third"), ("j", "Third"), ("k", "Second")]:
        page.keyboard.press(key)
        expect(page.locator(":focus")).to_have_text(f"{title} question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second question")
    assert visitor.console == []


def test_dialogs_chords_and_the_filter(visit, alice):
    make.case(by=alice, title="Only question")
    visitor = visit(alice)
    page = visitor.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_label("Search cases, vendors, incidents and documents").fill("only")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Only question")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue/")
    page.keyboard.press("/")
    page.keyboard.type("zzz j k ?", delay=60)  # as fast as a person types
    expect(page.get_by_text("No case matches these filters")).to_be_visible()
    page.wait_for_url("**/queue/?q=zzz*")
    expect(page.locator("#announce")).to_have_text("0 cases")
    assert visitor.console == []


def test_a_accepts_and_the_next_one_is_shown(visit, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    make.suggestion(case, make.document(headline="Better one"), score=90)
    make.suggestion(case, make.document(headline="Other one"), score=60)
    visitor = visit(alice)
    page = visitor.go("/signals/")
    expect(page.get_by_role("heading", level=2, name="Better one")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=2, name="Other one")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("Accepted")
    page.keyboard.press("d")
    page.keyboard.type("Nothing new")
    page.keyboard.press("Enter")
    expect(page.locator("#main").get_by_text("Dismissed: Other one")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=2, name="Other one")).to_be_visible()
    assert sorted(Suggestion.objects.values_list("state", flat=True)) == ["ACCEPTED", "OPEN"]
    assert visitor.console == []


def test_single_keys_can_be_switched_off(visit, alice):
    make.case(by=alice)
    visitor = visit(alice)
    page = visitor.page
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-cursor")).to_have_count(0)


def test_the_skip_link_comes_first_and_leads_to_the_page(visit, alice):
    visitor = visit(alice)
    page = visitor.go("/queue/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
