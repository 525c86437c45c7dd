"""Adding material in a browser: files that are dropped, lines that follow their documents, a bookmark to copy."""

from __future__ import annotations

import pytest

from riskreview.evidence.models import Document
from tests import make

DROP = """([names, where]) => {
  const data = new DataTransfer();
  names.forEach((name) => data.items.add(new File([`What ${name} says.`], name, { type: "text/plain" })));
  const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(where).dispatchEvent(event);
  return event.defaultPrevented;
}"""
ZONE = "[data-drop]"


@pytest.fixture
def form(visit, alice):
    """Alice at the form."""
    visitor = visit(alice)
    visitor.go("/intake/")
    return visitor


def chosen(form):
    """The names of the files that would be sent."""
    return form.page.eval_on_selector("input[type=file]", "(input) => [...input.files].map((file) => file.name)")


def test_dropped_files_are_added_to_those_chosen_and_can_be_taken_out(form):
    form.page.set_input_files("input[type=file]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"A."})
    assert form.page.evaluate(DROP, [["b.txt", "c.txt"], ZONE])
    assert chosen(form) == ["a.txt", "b.txt", "c.txt"]
    form.page.get_by_role("button", name="Remove b.txt").click()
    assert chosen(form) == ["a.txt", "c.txt"]
    assert form.violations() == []
    form.page.get_by_role("button", name="Add to the archive").click()
    form.page.wait_for_selector("h1:has-text('What was added')")
    assert Document.objects.count() == 2
    assert form.console == []


def test_a_file_beside_the_box_neither_comes_in_nor_replaces_the_page(form):
    form.page.locator("#add-text").fill("Words that took an hour.")
    assert form.page.evaluate(DROP, [["a.txt"], "h1"])
    assert chosen(form) == []
    assert "/intake/" in form.page.url


def test_limits_are_told_before_anything_is_sent(form):
    form.page.evaluate(DROP, [[f"{number}.txt" for number in range(21)], ZONE])
    assert "At most 20 files at a time; these are 21." in form.page.inner_text(ZONE)
    form.page.get_by_role("button", name="Add to the archive").click()
    assert form.page.get_by_role("heading", name="Add material", level=1).is_visible()
    assert not Document.objects.exists()


def test_the_lines_follow_their_documents_and_then_are_silent(form, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    page = form.go(f"/intake/?case={case.ref}")
    page.locator("#add-addresses").fill("https://news.example/one\nnonsense")
    page.get_by_role("button", name="Add to the archive").click()
    page.wait_for_selector("text=Waiting to be fetched")
    assert form.violations() == []
    Document.objects.update(fetch_wanted=False, digested_at=make.WHEN, headline="What it says")
    page.wait_for_selector(f"text=Open the document to cite a passage in {case.ref}")
    page.wait_for_selector("text=The document is in the archive.")
    assert page.locator("[hx-get]").count() == 0
    assert "nonsense" in page.inner_text("ol.evidence")
    assert form.violations() == []
    assert form.console == []


def test_the_bookmark_is_copied_as_it_is(form):
    form.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.page.get_by_role("button", name="Copy the bookmark").click()
    copied = form.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"javascript:void(window.open('{form.url}/intake/?url='+encodeURIComponent(location.href)")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_javascript_everything_is_there(visit, alice, theme):
    visitor = visit(alice, java_script_enabled=False, color_scheme=theme)
    page = visitor.go("/intake/?url=https://news.example/one&title=One")
    page.get_by_role("button", name="Add to the archive").click()
    page.get_by_role("link", name="Look again").click()
    assert "One" in page.inner_text("ol.evidence")
    assert "Waiting to be fetched" in page.inner_text("ol.evidence")
