"""axe finds nothing, nothing scrolls sideways, the console stays silent: two themes, two widths, and 320 pixels."""

from __future__ import annotations

import pytest

from riskreview.audit.models import Entry
from riskreview.evidence.models import Mention
from tests import make

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def addresses(alice, carol, sign_log):
    """The pages that are read most, with something on each."""
    case = make.case(by=alice, status="IN_REVIEW", due_at=make.WHEN, priority=1)
    make.finding(case, by=alice)
    make.exhibit(case, by=alice, stance="CONTRADICTS")
    suggestion = make.suggestion(case)
    held = make.document(source=make.source(by=carol))
    vendor = make.vendor(by=alice)
    Mention.objects.create(
        snapshot=held.newest, start=0, end=8, surface="DeepSeek", vendor=vendor, kind="STRONG", state="UNCERTAIN",
        score=400, reasons=["Its canonical name."],
    )  # fmt: skip
    incident = make.incident(by=alice)
    incident.involve(by=alice, role="ACCUSED", vendor=vendor)
    waiting = make.case(by=alice, status="AWAITING_APPROVAL", title="Another")
    flag = make.flag(waiting.exhibits.get())
    sign_log()
    entry = Entry.objects.get(verb="incident.involve")
    return [
        "/queue/", f"{case.get_absolute_url()}?open=add-finding", held.get_absolute_url(), vendor.get_absolute_url(),
        suggestion.get_absolute_url(), f"/cases/{waiting.ref}/approve/", incident.get_absolute_url(), "/audit/",
        f"/audit/{entry.uuid}/",
        f"{waiting.get_absolute_url()}#settle-{flag.pk}", f"{flag.exhibit.document.get_absolute_url()}?case={case.ref}",
        f"/intake/?url=https://news.example/x&case={case.ref}", f"/intake/progress/?documents={held.pk}",
        "/sources/", "/cases/new/", "/settings/tokens/", "/help/", "/nowhere/",
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_clean(visit, addresses, alice, theme, size):
    width, height = SIZES[size]
    visitor = visit(alice, color_scheme=theme, viewport={"width": width, "height": height}, has_touch=size != "desktop")
    wrong = {}
    for address in addresses:
        visitor.go(address)
        found = visitor.violations() + ([f"{visitor.sideways()} px sideways"] if visitor.sideways() > 0 else [])
        wrong |= {address: found} if found else {}
    assert wrong == {}
    assert [line for line in visitor.console if "404" not in line] == []


def test_nothing_scrolls_sideways_at_four_hundred_percent(visit, addresses, alice):
    visitor = visit(alice, viewport={"width": 320, "height": 700})
    wide = {}
    for address in addresses:
        visitor.go(address)
        wide |= {address: visitor.sideways()} if visitor.sideways() > 0 else {}
    assert wide == {}


def test_the_way_in_and_the_dialogs_are_clean(visit, alice):
    visitor = visit()
    visitor.go("/login/")
    assert visitor.violations() == []
    visitor.sign_in(alice)
    for key in ("?", "Control+k"):
        visitor.page.keyboard.press(key)
        assert visitor.violations() == []
        visitor.page.keyboard.press("Escape")
