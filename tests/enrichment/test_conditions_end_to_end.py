"""A condition of a decision watches the ownership of a vendor: from an authority's server to the case that is open
again, by the workers."""

from __future__ import annotations

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.cases import tasks
from riskreview.cases.models import Kept, WatchCheck
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Source
from riskreview.web.demo.newsroom.site import Answer
from tests import make

pytestmark = pytest.mark.django_db
WHEN = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
NOTICE = (
    "<html><head><title>Notice: DeepSeek</title></head><body><article>"
    "<h1>Notice: DeepSeek</h1>"
    "<p>The register gives notice under the act on foreign holdings.</p>"
    "<p>High-Flyer Holdings has acquired DeepSeek. The acquisition of DeepSeek was completed on 1 March 2025.</p>"
    "<p>Any person may inspect the filing at the office of the register during its opening hours.</p>"
    "</article></body></html>"
)
ITEM = (
    "<item><title>Notice: DeepSeek</title><link>{base}/gazette/notice</link>"
    "<guid>{base}/gazette/notice</guid><pubDate>Mon, 03 Mar 2025 09:00:00 GMT</pubDate></item>"
)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title><link>{base}</link>{items}</channel></rss>'
)


class Gazette:
    """An authority's pages beside those of the newsroom; the notice is there once it `has_notice`."""

    def __init__(self, site, base):
        self.site, self.base = site, base
        self.has_notice, self.notice = False, NOTICE

    def answer(self, path):
        """What is published at a path."""
        if path == "/gazette/feed.xml":
            items = ITEM.format(base=self.base) if self.has_notice else ""
            return Answer(FEED.format(base=self.base, items=items).encode(), "application/rss+xml", WHEN)
        if path == "/gazette/notice" and self.has_notice:
            return Answer(self.notice.encode(), "text/html; charset=utf-8", WHEN)
        return self.site.answer(path)


@pytest.fixture
def gazette(newsroom):
    newsroom._server.site = Gazette(newsroom.site, newsroom.url)
    return newsroom._server.site


@pytest.fixture
def source(newsroom, gazette, alice):
    url = f"{newsroom.url}/gazette/feed.xml"
    return make.source(by=alice, name="Gazette", url=url, source_class=Source.Class.OFFICIAL_NOTICE)


@pytest.fixture
def case(source, alice, bob):
    """Decided: DeepSeek may be used while nobody else owns it."""
    found = make.case(by=alice, status=Status.IN_REVIEW, on=datetime.date(2025, 1, 28))
    conditions = [{"text": "No ownership change.", "watch": "OWNERSHIP_CHANGED"}]
    make.decided_with(found, by=alice, approver=bob, conditions=conditions)
    return found


@pytest.fixture
def sweep(monkeypatch, settings, messages):
    """One sweep of the cases, and the looks it offers, each told twice."""
    sent = []
    monkeypatch.setattr(tasks.watch, "delay", lambda **arguments: sent.append(arguments))

    def once():
        tasks.sweep()
        batch, sent[:] = list(sent), []
        for arguments in batch * 2:
            tasks.watch(**arguments)

    return once


def test_a_new_notice_of_an_authority_opens_the_decided_case_again_within_one_sweep(
    case, source, gazette, work, sweep, alice, browse, api
):
    work()
    sweep()
    case.refresh_from_db()
    assert (case.status, WatchCheck.objects.get().outcome) == (Status.DECIDED, "Nothing new about these vendors.")

    gazette.has_notice = True
    source.collect_now(by=alice)
    work(times=2)
    sweep()

    notice = Document.objects.get(url__endswith="/gazette/notice")
    case.refresh_from_db()
    condition = case.conditions.get()
    reason = f"Gazette tells of a change of ownership: “{notice}”."
    assert (case.status, case.decision, condition.state, condition.note) == (Status.NEW, None, Kept.BREACHED, reason)
    entry = Entry.objects.get(verb="case.trip")
    assert (entry.actor.is_system, entry.private["reason"]) == (True, reason)
    assert entry.private["arguments"]["document"] == {"ref": f"document:{notice.pk}"}
    assert not WatchCheck.objects.live().exists()
    page = browse(alice).get(case.get_absolute_url()).content.decode()
    assert "Breached" in page
    assert "tells of a change of ownership: “Notice: DeepSeek”" in page
    shown = api(alice).get(f"/api/v1/cases/{case.ref}/").json()
    assert (shown["status"], shown["conditions"][0]["state"]) == ("NEW", "BREACHED")


def test_a_notice_about_something_else_leaves_it_decided(case, source, gazette, work, sweep, alice):
    gazette.has_notice = True
    gazette.notice = NOTICE.replace("has acquired", "has written about").replace(
        "The acquisition of DeepSeek was completed on 1 March 2025.", "DeepSeek has moved to another street."
    )
    work()
    sweep()
    case.refresh_from_db()
    assert Document.objects.get(url__endswith="/gazette/notice").digested_at
    assert case.status == Status.DECIDED
