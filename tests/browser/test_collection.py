"""The register in a browser: a visit followed while it runs, a dry run, every new page clean in both themes."""

from __future__ import annotations

import datetime
import hashlib
import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from riskreview.evidence.models import Answer, Document, Host, Source, Trial, Visit
from tests import make

SIZES = {"desktop": (1440, 900), "phone": (390, 844), "narrow": (320, 700)}
SLOW = "It did not answer in time."


@pytest.fixture
def source(alice):
    return make.source(by=alice, name="Harbour Wire", owner=alice, language="en")


def answered(source, *, days=0, **columns):
    visit = Visit.objects.note(source, Answer(source.url, f"{days} {columns}".encode(), status=200))
    Visit.objects.filter(pk=visit.pk).update(at=timezone.now() - datetime.timedelta(days=days), **columns)
    return visit


def test_a_visit_is_followed_while_it_runs_and_then_left_alone(visit, alice, source):
    visitor = visit(alice)
    page = visitor.go(source.get_absolute_url())
    page.get_by_role("button", name="Fetch now").click()
    page.get_by_text("It is visited within a few seconds.").wait_for()
    Source.objects.update(lease_until=timezone.now() + datetime.timedelta(minutes=1))
    page.get_by_text("It is being visited.").wait_for()
    answer = Visit.objects.note(source, Answer(source.url, b"<rss/>", status=200))
    Source.objects.update(lease_until=None, not_before=timezone.now() + datetime.timedelta(hours=1))
    page.get_by_text("is being read").wait_for()
    make.document(source=source, headline="What came in")
    answer.read(items=3, new_items=1)
    page.locator("#progress").get_by_text("1 new document.").wait_for()
    page.get_by_role("link", name="What came in").first.wait_for()
    assert page.locator("#announce").inner_text() == "1 new document."
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_600)
    assert [url for url in asked if "progress" in url] == []
    assert visitor.console == []


def test_a_dry_run_is_followed_and_leads_to_the_register(visit, alice):
    visitor = visit(alice)
    page = visitor.go("/sources/new/?kind=RSS")
    page.get_by_label("Name").fill("Mine")
    page.get_by_label("Address").fill("https://news.example/feed")
    page.get_by_role("button", name="Try first").click()
    page.get_by_text("It is being tried.").wait_for()
    item = {"title": "One", "url": "https://news.example/1", "published": "", "summary": "", "known": False}
    Trial.objects.update(done_at=timezone.now(), count=1, items=[item])
    page.get_by_role("link", name="Register this source").click()
    assert page.get_by_label("Name").input_value() == "Mine"
    page.get_by_role("button", name="Register", exact=True).click()
    page.get_by_role("heading", name="Mine").wait_for()
    assert Source.objects.get().url == "https://news.example/feed"
    assert visitor.console == []


@pytest.fixture
def addresses(alice, carol, source):
    """Every page of collection, with something on each."""
    for days in range(0, 30, 2):
        answered(source, days=days, read_at=timezone.now(), items=20, new_items=days % 7)
    answered(source, read_at=timezone.now(), items=2, refused=["The third item has no address."])
    answered(source, dead_at=timezone.now(), last_error="The worker was lost each time.")
    source.grade(by=carol, reliability="D", reason="It denied its own report twice in a month.")
    Host.objects.create(
        name="news.example", failures=5, reason="Slow.", open_until=timezone.now() + datetime.timedelta(hours=1)
    )
    quiet = make.source(by=alice, name="Silent Gazette of a very long name that wraps")
    Source.objects.filter(pk=quiet.pk).update(
        usual_gap=datetime.timedelta(hours=1), silent_since=timezone.now() - datetime.timedelta(days=3)
    )
    make.vendor(by=alice, hq_country="CN")
    make.exhibit(make.case(by=alice), by=alice)
    Document.objects.update(dead_at=timezone.now(), last_error=SLOW)
    trial = Trial.objects.ask(kind="RSS", url="https://x.example/", config={}, credential="", asked_by=carol)
    item = {"title": "One", "url": "https://x.example/1", "published": "2025-01-28", "summary": "S", "known": True}
    Trial.objects.filter(pk=trial.pk).update(done_at=timezone.now(), count=40, items=[item] * 3, refused=["No."])
    unbroken = make.source(by=alice, name="Unbroken" + "x" * 112)
    answered(unbroken, read_at=timezone.now(), reason="y" * 400)
    unbroken.pause(by=alice, reason="z" * 300)
    left = make.document(headline="w" * 300, source=unbroken)
    Document.objects.filter(pk=left.pk).update(dead_at=timezone.now(), last_error="It is gone." + "v" * 200)
    left.set_aside(by=carol, reason="u" * 300)
    group = reverse("work-group", args=["document", hashlib.md5(SLOW.encode()).hexdigest()])
    return [
        source.get_absolute_url(), quiet.get_absolute_url(), "/sources/", "/sources/?q=nothing", "/sources/new/",
        "/sources/new/?kind=RSS", trial.get_absolute_url(), f"/sources/{source.pk}/visits/",
        f"/sources/{source.pk}/progress/", "/sources/coverage/", "/sources/coverage/?gap=languages",
        "/sources/coverage/?gap=weak", "/sources/opml/import/", "/work/", "/work/?left=1", unbroken.get_absolute_url(),
        f"/sources/{unbroken.pk}/visits/", left.get_absolute_url(), group, f"{group}retry/", "/health/",
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_collection_is_clean(visit, addresses, carol, theme, size):
    width, height = SIZES[size]
    visitor = visit(carol, color_scheme=theme, viewport={"width": width, "height": height}, has_touch=size != "desktop")
    wrong = {}
    for number, address in enumerate(addresses):
        visitor.go(address)
        if folder := os.environ.get("SCREENSHOTS"):
            visitor.page.screenshot(path=Path(folder) / f"{number:02}-{size}-{theme}.png", full_page=True)
        found = visitor.violations() + ([f"{visitor.sideways()} px sideways"] if visitor.sideways() > 0 else [])
        wrong |= {address: found} if found else {}
    assert wrong == {}
    assert visitor.console == []
