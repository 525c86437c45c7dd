"""Triage by keyboard: what is marked is open, and keys act on nothing else; forms are sent once, errors are seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from riskreview.cases.models import Suggestion
from riskreview.evidence.models import Judgement
from riskreview.vendors.models import NameJudgement
from tests import make
from tests.enrichment.pages import html, read
from tests.web.test_judging import TOLD


@pytest.fixture
def three(alice):
    """Three suggestions for one case, the best first."""
    case = make.case(by=alice, status="IN_REVIEW")
    titles = {"First": 90, "Second": 80, "Third": 70}
    return [make.suggestion(case, make.document(headline=name), score=score) for name, score in titles.items()]


def opened(page, name):
    """The item is open, marked and focused."""
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    expect(page.locator("[data-row].is-cursor a")).to_have_text(name)
    expect(page.locator(":focus")).to_have_text(name)


def test_j_and_k_open_what_they_mark_and_a_accepts_that(visit, alice, three):
    visitor = visit(alice)
    page = visitor.go("/signals/")
    for key, name in [("j", "Second"), ("j", "Third"), ("j", "Third"), ("k", "Second")]:
        page.keyboard.press(key)
        opened(page, name)
    assert f"selected={three[1].pk}" in page.url
    page.keyboard.press("a")
    expect(page.locator("#main").get_by_text("Accepted: “Second” is exhibit E1 of")).to_be_visible()
    assert [row.state for row in Suggestion.objects.order_by("-score")] == ["OPEN", "ACCEPTED", "OPEN"]
    page.go_back()
    expect(page.get_by_role("heading", level=2, name="Third")).to_be_visible()
    assert visitor.console == []


def test_keys_typed_faster_than_pages_come_act_on_nothing_that_is_not_shown(visit, alice, three):
    page = visit(alice).go("/signals/")
    page.route("**/signals/?*selected*", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("j")
    opened(page, "Third")
    assert not Suggestion.objects.exclude(state="OPEN").exists()


def test_links_open_items_without_scripts(visit, alice, three):
    page = visit(alice, java_script_enabled=False).go("/signals/")
    page.get_by_role("link", name="Third").first.click()
    expect(page.locator("[data-row].is-cursor a")).to_have_text("Third")
    page.get_by_role("button", name="Accept into").click()
    expect(page.get_by_text("Accepted: “Third” is exhibit")).to_be_visible()


@pytest.mark.parametrize(("key", "form", "label"), [("c", "refer", "Case (optional)"), ("s", "snooze", "Until")])
def test_a_key_that_needs_more_opens_its_form_at_the_first_field(visit, alice, three, key, form, label):
    page = visit(alice).go("/signals/")
    page.keyboard.press(key)
    expect(page.locator(f"#{form}")).to_have_attribute("open", "")
    expect(page.locator(f"#{form}").get_by_label(label, exact=True)).to_be_focused()
    assert not Suggestion.objects.exclude(state="OPEN", snoozed_until=None).exists()


def test_names_are_opened_and_judged_by_the_same_keys(visit, alice):
    make.unknown_name("Moonshot AI", "moonshot-ai")
    make.unknown_name("Zhipu AI", "zhipu-ai")
    visitor = visit(alice)
    page = visitor.go("/names/")
    page.keyboard.press("j")
    opened(page, "Zhipu AI")
    page.keyboard.press("a")
    expect(page.get_by_label("Vendor (optional)", exact=True)).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.get_by_label("Name of the vendor")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("d")
    expect(page.get_by_text("Judged: Zhipu AI")).to_be_visible()
    assert NameJudgement.objects.get().spelling == "zhipu-ai"
    assert visitor.console == []


@pytest.mark.parametrize("button", ["Accept into", "Unsure"])
def test_a_double_click_sends_once_and_not_the_next_one_too(visit, alice, three, button):
    for number in range(2):
        make.unknown_name(f"Name{number} AI", f"name-{number}")
    page = visit(alice).go("/signals/" if button == "Accept into" else "/names/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name=button).dblclick(delay=60)
    told = "Accepted: “First” is exhibit" if button == "Accept into" else "Judged: Name0 AI"
    expect(page.locator("#main").get_by_text(told)).to_be_visible()
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_judgement_with_a_problem_stays_at_its_item_and_so_does_its_success(visit, alice):
    make.case(by=alice)
    document = read(html(*TOLD), "a")
    last = document.newest.signals.count()
    visitor = visit(alice)
    page = visitor.go(document.get_absolute_url())
    item = page.locator(f"#signal-{last}")
    item.get_by_role("link", name="Judge").click()
    expect(item.get_by_label("Verdict")).to_be_focused()
    expect(item.get_by_label("Status")).to_be_hidden()
    item.get_by_role("button", name="Judge").click()
    expect(item.locator(".error-summary")).to_be_focused()
    expect(item.locator(".error-summary")).to_be_in_viewport()
    item.get_by_label("Verdict").select_option("RIGHT")
    expect(item.get_by_label("Status")).to_be_visible()
    item.get_by_label("Verdict").select_option("WRONG")
    expect(item.get_by_label("Status")).to_be_hidden()
    item.get_by_role("button", name="Judge").click()
    expect(item.get_by_text(f"Recorded: S{last} was read wrongly.")).to_be_in_viewport()
    expect(item).to_be_focused()
    expect(item).to_have_class("is-rejected")
    assert Judgement.objects.get().verdict == "WRONG"
    assert visitor.violations() == []
    assert visitor.console == []
