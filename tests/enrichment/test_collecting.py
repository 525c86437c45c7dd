"""From a source to documents, over HTTP, from a newsroom that behaves and one that does not."""

import dataclasses
import datetime

import pytest

from riskreview.enrichment import collecting, holding, manners, reading
from riskreview.enrichment.sources import Item
from riskreview.evidence.models import Announcement, Capture, Document, Snapshot, Source, Visit
from riskreview.lib.http import BadResponse, Response
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
WIRE = "/harbour-wire/feed.xml"


@pytest.fixture
def source(newsroom, alice):
    def at(path=WIRE, **details):
        return make.source(by=alice, url=f"{newsroom.url}{path}", **details)

    return at


def visited(source):
    """What a visit to a source finds, before anything of it is held."""
    return reading.read(Visit.objects.note(source, collecting.visit(source))).brought.items


def again(source):
    """Visit a source once more."""
    Source.objects.filter(pk=source.pk).update(not_before=make.WHEN)


def test_a_visit_holds_what_the_feed_announces(source, work, newsroom):
    wire = source()
    work()
    wire.refresh_from_db()
    articles = [article for article in newsroom.site.corpus.articles if article.outlet.feed_path == WIRE]
    assert Document.objects.count() == wire.items_seen == len(articles) > 3
    assert (wire.last_error, wire.attempts, wire.etag != "") == ("", 0, True)
    assert wire.last_success_at
    assert wire.not_before > wire.last_success_at
    assert set(Document.objects.values_list("headline", flat=True)) == {article.headline for article in articles}
    assert not Document.objects.all().left().exists()


def test_each_document_keeps_its_bytes_and_where_they_came_from(source, work, newsroom):
    source()
    work()
    for snapshot in Snapshot.objects.select_related("document"):
        path = snapshot.document.url.removeprefix(newsroom.url)
        assert snapshot.raw == newsroom.site.answer(path).body
        assert (snapshot.status, snapshot.final_url) == (200, snapshot.document.url)
        assert set(snapshot.headers) >= {"content-type", "etag"}


def test_an_unchanged_feed_answers_304_and_nothing_happens(source, work):
    wire = source()
    work()
    before = (Document.objects.count(), Snapshot.objects.count())
    again(wire)
    assert collecting.visit(Source.objects.get()) is None
    work()
    assert Visit.objects.count() == 1
    assert (Document.objects.count(), Snapshot.objects.count()) == before


def test_unchanged_bytes_answer_304_and_make_no_snapshot(source, work):
    source()
    work()
    document, count = Document.objects.first(), Snapshot.objects.count()
    assert collecting.obtain(document) == collecting.Obtained(None, document.stamp)
    document.ask_again(Announcement(key=document.key, stamp="new"))
    work()
    document.refresh_from_db()
    assert (document.fetch_wanted, Snapshot.objects.count()) == (False, count)


def test_a_correction_is_fetched_as_a_second_snapshot(source, work, newsroom):
    quill = source("/ledger-and-quill/feed.xml")
    work()
    newsroom.site.corrected = True
    again(quill)
    work()
    corrected = Document.objects.get(snapshots__supersedes__isnull=False)
    old, new = corrected.snapshots.order_by("pk")
    assert (old.text != new.text, new.supersedes) == (True, old)
    assert corrected.digested_at


def test_the_whole_newsroom_is_collected(alice, work, newsroom):
    for outlet in newsroom.site.corpus.outlets:
        make.source(by=alice, url=f"{newsroom.url}{outlet.feed_path}")
    work()
    assert Document.objects.read().count() == len(newsroom.site.corpus.articles) >= 25
    assert not Document.objects.exclude(last_error="").exists()


def test_messages_delivered_twice_collect_once(source, work):
    source()
    work(times=2)
    assert Document.objects.count() == Snapshot.objects.count() == Document.objects.read().count()


BAD_FEEDS = {
    "empty": "nothing at all",
    "not-a-feed": "web page",
    "huge": "larger",
    "binary": "binary|damaged|No RSS",
    "script": "web page",
    "404": "status 404",
    "redirect-loop": "redirects more than 3 times",
    "gzip-bomb": "larger",
}


@pytest.mark.parametrize(("path", "reason"), BAD_FEEDS.items())
def test_a_bad_feed_says_why_on_the_source_and_stops_nobody(source, work, path, reason):
    bad, good = source(f"/bad/{path}"), source()
    work()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert any(words in bad.last_error for words in reason.split("|")), bad.last_error
    assert (bad.attempts + bad.failures, bad.dead_at, bad.last_success_at, bad.items_seen) == (1, None, None, 0)
    assert bad.not_before > datetime.datetime.now(datetime.UTC)
    assert good.last_success_at
    assert not Document.objects.filter(source=bad).exists()


def test_a_slow_feed_is_left_at_the_deadline(source, work, monkeypatch):
    slow, usual = source("/bad/slow"), manners.policy
    monkeypatch.setattr(collecting, "policy", lambda size: dataclasses.replace(usual(size), wall_seconds=0.6))
    work()
    slow.refresh_from_db()
    assert "longer than 0.6 seconds" in slow.last_error
    assert not Document.objects.exists()


def test_a_feed_in_another_encoding_than_it_claims_is_read(source):
    found = visited(source("/bad/latin1-labelled-utf8"))
    assert [item.summary for item in found] == [
        "Garante : décision provisoire à Rome",
        "Prüfung läuft: Behörde äußert sich später",
        "Año nuevo, precios más bajos",
    ]


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes(source):
    found = visited(source("/bad/truncated-xml"))
    assert [(item.title, item.url) for item in found[:3]] == [
        (f"Item {number}", f"https://example.com/{number}") for number in range(3)
    ]


BAD_PAGES = {
    "empty": "nothing at all",
    "huge": "larger",
    "binary": "PNG|binary",
    "404": "status 404",
    "redirect-loop": "redirects more than 3 times",
    "gzip-bomb": "larger",
}


@pytest.mark.parametrize(("path", "reason"), BAD_PAGES.items())
def test_a_bad_page_says_why_on_the_document_and_is_never_half_stored(newsroom, work, path, reason):
    url = f"{newsroom.url}/bad/{path}"
    bad = Document.objects.hold(Announcement(key="bad", url=url, headline="Bad"))
    good = Document.objects.hold(Announcement(key="good", url=f"{newsroom.url}/harbour-wire/"))
    work()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert any(words in bad.last_error for words in reason.split("|")), bad.last_error
    assert bad.digested_at is None
    assert all(snapshot.text is None for snapshot in bad.snapshots.all())
    assert good.newest.text
    if bad.snapshots.exists():
        assert bad.dead_at


def test_a_page_with_scripts_is_kept_whole_and_read_without_them(newsroom, work):
    document = Document.objects.hold(Announcement(key="x", url=f"{newsroom.url}/bad/script"))
    work()
    document.refresh_from_db()
    assert b"<script>" in document.newest.raw
    assert "worth keeping" in document.newest.text
    for trace in ("scripts ran", "onclick", "javascript:", "srcdoc"):
        assert trace not in document.newest.text


def test_a_page_is_a_source_of_its_own(source, work):
    page = source("/harbour-wire/", kind="PAGE")
    work()
    document = Document.objects.get()
    assert (document.source, document.newest.raw.startswith(b"<!")) == (page, True)
    again(page)
    work()
    assert Snapshot.objects.count() == 1


def test_an_address_that_is_not_allowed_is_refused_with_its_reason(source, work, settings):
    wire = source()
    settings.FETCH_ALLOW = []
    work()
    wire.refresh_from_db()
    assert wire.last_error
    assert not Document.objects.exists()


def test_nobody_there_is_a_delay_and_no_loss(source, work, newsroom):
    wire = source()
    newsroom.stop()
    work()
    wire.refresh_from_db()
    assert (wire.attempts, wire.dead_at, wire.last_error != "") == (1, None, True)


def test_the_operators_limit_is_the_smaller_one(settings):
    settings.FETCH_ALLOW, settings.FETCH_MAX_BYTES = ["127.0.0.1:8901", "[::1]:81"], 1_000
    policy = manners.policy(5_000)
    assert (policy.allow, policy.max_bytes) == (frozenset({("127.0.0.1", 8901), ("::1", 81)}), 1_000)
    assert manners.policy(10).max_bytes == 10


def test_an_item_without_an_address_is_its_own_evidence():
    item = Item(key="guid:1", url="", title="Note", html="<p>Words of the feed itself, long enough to read.</p>")
    document = holding.hold(item)
    assert (document.newest.raw, document.fetch_wanted) == (item.html.encode(), False)
    assert holding.hold(item).snapshots.count() == 1


def test_what_a_feed_says_later_changes_the_stamp(alice):
    source = make.source(by=alice)
    item = Item(key="k", url="https://news.example/k", title="First")
    told = [holding.announce(dataclasses.replace(item, title=title), source).stamp for title in ("First", "Second")]
    assert told[0] != told[1]
    assert holding.announce(item, source) == holding.announce(item, source)
    assert holding.announce(item, source).publisher == source.name


def test_a_visit_that_failed_stands_on_the_list_of_visits(source, work):
    bad = source("/bad/404")
    work()
    assert [(visit.reason, visit.size) for visit in bad.visits.all()] == [("The server answered with status 404.", 0)]


@pytest.mark.parametrize("status", [401, 403])
def test_a_credential_that_is_not_accepted_is_named_and_never_told(status):
    answer = Response(status, {}, b"no", "https://api.example/", not_modified=False)
    with pytest.raises(BadResponse, match=f"credential guardian .status {status}"):
        collecting.refuse_errors(answer, "guardian")


@pytest.mark.parametrize(
    ("asked", "final", "front"),
    [
        ("https://n.example/world/2025/a-story", "https://n.example/", True),
        ("https://n.example/world/2025/a-story", "https://n.example/world", True),
        ("https://n.example/world/2025/a-story", "https://n.example/world/2025/a-story-told-better", False),
        ("https://n.example/world/2025/a-story", "https://n.example/tech", False),
        ("https://n.example/", "https://n.example/", False),
        ("https://n.example/a", "https://www.n.example/a", False),
    ],
)
def test_a_redirect_to_the_front_page_means_that_an_article_is_gone(asked, final, front):
    assert collecting.is_front(asked, final) is front


def test_a_cited_page_that_is_gone_is_a_change_after_six_hours(newsroom, alice, work):
    url = f"{newsroom.url}/bad/404"
    document = Document.objects.hold(
        Announcement(key="gone", url=url), capture=Capture(raw=b"<p>" + b"Words of it. " * 30, content_type="text/html",
                                                          fetched_at=make.WHEN)
    )  # fmt: skip
    work()
    exhibit = make.case(by=alice).add_exhibit(by=alice, snapshot=document.newest, start=0, end=12)
    for hours in (0, 7):
        Document.objects.update(
            fetch_wanted=True,
            not_before=make.WHEN,
            missing_since=datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours) if hours else None,
        )
        work()
    document.refresh_from_db()
    assert document.withdrawn_at
    assert [change.kind for change in document.changes.all()] == ["GONE"]
    assert exhibit.flags.get().passage_stands is False


def excerpt_of(newsroom, alice, **captured):
    """A document whose source lets an excerpt be kept only."""
    terms = make.source(by=alice, retention="EXCERPT", url="folder:letters", kind="MAIL")
    told = Announcement(key="e", url=f"{newsroom.url}/harbour-wire/")
    return Document.objects.hold(told, source=terms, **captured)


FIRST_WORDS = Capture(b"The first words ...", "text/plain", make.WHEN, headers={"retained": "excerpt"})


@pytest.mark.parametrize(
    "forced",
    [
        {"fetch_wanted": True},
        {"fetch_wanted": True, "checks": 3, "check_at": make.WHEN},
        {"fetch_wanted": True, "attempts": 4, "last_error": "The server answered with status 500."},
    ],
    ids=["wanted", "watched", "tried again"],
)
def test_what_may_be_kept_as_an_excerpt_only_is_never_fetched_whole(newsroom, alice, work, forced):
    document = excerpt_of(newsroom, alice, capture=FIRST_WORDS)
    work()
    Document.objects.update(not_before=make.WHEN, **forced)
    work()
    document.refresh_from_db()
    assert [each.raw for each in document.snapshots.all()] == [FIRST_WORDS.raw]
    assert (document.fetch_wanted, document.check_at, document.checks, document.dead_at) == (False, None, None, None)
    assert document.checked_at is None


def test_a_page_whose_terms_forbid_it_is_given_up_unfetched_where_there_is_no_excerpt(newsroom, alice, work):
    document = excerpt_of(newsroom, alice)
    work()
    document.refresh_from_db()
    assert not document.snapshots.exists()
    assert document.dead_at
    assert "an excerpt" in document.last_error


@pytest.mark.parametrize("attempts", [0, 4], ids=["for good at once", "at the last attempt"])
def test_an_announcement_that_came_while_an_older_fetch_failed_for_good_gets_its_own(alice, attempts):
    document = Document.objects.hold(Announcement(key="k", url="https://news.example/k", stamp="1"))
    Document.objects.update(not_before=make.WHEN, attempts=attempts)
    ((row, offer),) = Document.objects.offer()
    with Document.objects.start(row, str(offer)):
        Document.objects.hold(Announcement(key="k", url="https://news.example/k", stamp="2"))
        failed = BadResponse("The server answered with status 404.")
        failed.permanent = attempts == 0
        raise failed
    document.refresh_from_db()
    assert (document.dead_at, document.attempts, document.fetch_wanted) == (None, 0, True)
    assert document in Document.objects.all().due()


def test_a_fetch_that_failed_for_good_is_given_up_when_nothing_newer_came():
    document = Document.objects.hold(Announcement(key="k", url="https://news.example/k", stamp="1"))
    Document.objects.update(not_before=make.WHEN, attempts=4)
    ((row, offer),) = Document.objects.offer()
    with Document.objects.start(row, str(offer)):
        raise BadResponse("The server answered with status 404.")
    document.refresh_from_db()
    assert document.dead_at


@pytest.mark.parametrize(("kind", "part"), [("RSS", True), ("JSON_FEED", False), ("PAGE", False)])
def test_only_what_can_be_read_in_part_is_taken_in_part(alice, work, monkeypatch, kind, part):
    """Half a page is no evidence, and half an answer of a service cannot be read."""
    asked = []

    def fetched(url, *, part, **given):
        asked.append(part)
        body = b"<rss version='2.0'><channel><item><title>A</title><link>https://news.example/a</link></item><item>"
        return Response(200, {"etag": '"cut"'}, body, url, not_modified=False, broke_off=part)

    monkeypatch.setattr(collecting, "fetch", fetched)
    found = collecting.visit(make.source(by=alice, kind=kind))
    assert asked == [part]
    assert found.headers == {"etag": '"cut"'} | ({"broke-off": "yes"} if part else {})
