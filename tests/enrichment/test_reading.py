"""What a source answered is read by another task, under limits: what is wrong with it is told to the source."""

import datetime

import pytest

from riskreview.enrichment import reading, tasks
from riskreview.enrichment.holding import hold, hold_all
from riskreview.enrichment.sources import KINDS, Brought, Bytes, Item, ParseFailed, Throttled
from riskreview.evidence.models import Answer, Capture, Document, Source, Visit
from tests import make

pytestmark = pytest.mark.django_db
FEED = b"""<rss version="2.0"><channel><title>Wire</title>
<item><title>One</title><link>https://news.example/1</link></item>
<item><title>Two</title><link>https://news.example/2</link></item></channel></rss>"""


@pytest.fixture
def source(alice):
    return make.source(by=alice)


def answered(source, body=FEED, **headers):
    visit = Visit.objects.note(source, Answer(source.url, body, source.url, 200, headers))
    source.unread()
    return visit


def read(visit):
    """Read it as a worker does, and look at what is left."""
    [(row, offer)] = Visit.objects.offer()
    tasks.read(id=row, offer=str(offer))
    visit.refresh_from_db()
    visit.source.refresh_from_db()
    return visit


def brings(monkeypatch, result):
    """Let the feed reader bring this, or raise it."""

    def parse(*args, **named):
        if isinstance(result, BaseException):
            raise result
        return result

    monkeypatch.setattr(KINDS["RSS"], "parse", parse)


def test_an_answer_is_read_and_its_items_held(source):
    visit = read(answered(source, etag='"7"'))
    assert (visit.items, visit.new_items, visit.body) == (2, 2, b"")
    assert set(Document.objects.values_list("key", flat=True)) == {"https://news.example/1", "https://news.example/2"}
    told = visit.source
    assert (told.etag, told.items_seen, told.failures, told.last_error) == ('"7"', 2, 0, "")
    assert told.last_success_at
    assert told.last_item_at


def test_items_we_hold_are_not_new(source):
    read(answered(source))
    visit = read(answered(source, FEED.replace(b"Two", b"Two, corrected")))
    assert (visit.items, visit.new_items, Document.objects.count()) == (2, 1, 2)


def test_an_answer_read_twice_holds_nothing_twice(source):
    visit = answered(source)
    [(row, offer)] = Visit.objects.offer()
    for _ in range(3):
        tasks.read(id=row, offer=str(offer))
    reading.keep(visit, reading.read(visit))
    assert Document.objects.count() == 2


def test_what_cannot_be_read_stays_with_its_reason_and_the_source_says_so(source):
    visit = read(answered(source, b"<html><body>moved</body></html>"))
    assert visit.reason == "The answer is a web page, not a feed."
    assert visit.body
    told = visit.source
    assert (told.last_error, told.failures) == (visit.reason, 1)
    assert told.last_success_at is None
    assert visit.dead_at is None


def test_a_service_that_throttles_is_left_alone_and_has_not_failed(source, monkeypatch):
    brings(monkeypatch, Throttled("It wants a request every 5 seconds at most.", datetime.timedelta(minutes=5)))
    visit = read(answered(source))
    told = visit.source
    wait = told.not_before - datetime.datetime.now(datetime.UTC)
    assert (told.failures, visit.body) == (0, b"")
    assert datetime.timedelta(minutes=4) < wait <= datetime.timedelta(minutes=5)


def test_a_further_page_is_asked_for_at_once(source, monkeypatch):
    Source.objects.update(not_before=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1))
    brings(monkeypatch, Brought((Item("k1", ""),), cursor={"page": 2}, more=True))
    told = read(answered(source)).source
    assert told.cursor == {"page": 2}
    assert told in Source.objects.all().due()


def test_the_place_is_kept_together_with_the_items(source, monkeypatch):
    brings(monkeypatch, Brought((Item("k1", ""),), cursor={"page": 2}))
    monkeypatch.setattr(reading, "hold_all", lambda *args, **named: 1 / 0)
    told = read(answered(source)).source
    assert (told.cursor, Document.objects.count()) == ({}, 0)


def test_a_feed_that_ends_is_visited_no_more(source, monkeypatch):
    brings(monkeypatch, Brought(over="The feed says that it has ended."))
    told = read(answered(source)).source
    assert told.ended_why == "The feed says that it has ended."
    assert told not in Source.objects.all().due()


def test_items_that_could_not_be_read_are_told_and_the_others_kept(source, monkeypatch):
    brings(monkeypatch, Brought((Item("k1", ""),), refused=("The second item has no address.",)))
    visit = read(answered(source))
    assert (visit.refused, Document.objects.count()) == (["The second item has no address."], 1)
    assert visit.body


def test_whoever_reads_needs_no_secret(source, settings):
    settings.CREDENTIALS_ROOT = ""
    Source.objects.update(credential="guardian")
    assert read(answered(source)).reason == ""


def test_an_answer_to_an_earlier_question_is_dropped(source, alice):
    visit = answered(source, etag='"old"')
    [(row, offer)] = Visit.objects.offer()
    source.amend(by=alice, name=source.name, url="https://b.example/feed", source_class="WIRE", interval_minutes=60)
    tasks.read(id=row, offer=str(offer))
    source.refresh_from_db()
    visit.refresh_from_db()
    assert (source.etag, Document.objects.count(), visit.body) == ("", 0, b"")
    assert "amended" in visit.reason
    assert source in Source.objects.all().due()


def test_what_may_not_be_kept_whole_is_not_kept_in_an_answer_either(source, monkeypatch):
    Source.objects.update(retention="EXCERPT")
    brings(monkeypatch, Brought(refused=("An item has no address.",)))
    assert read(answered(source)).body == b""


def test_two_sources_that_word_one_page_differently_agree_on_who_announces_it(alice):
    url, sources = "https://news.example/w", [make.source(by=alice), make.source(by=alice)]
    items = [Item(url, url, title="T", summary=summary) for summary in ("one says", "the other says")]
    fresh = [hold_all([item], each) for _ in range(3) for item, each in zip(items, sources, strict=True)]
    assert fresh == [1, 0, 0, 0, 0, 0]


def test_what_a_message_only_carries_again_is_no_news(alice):
    source, url = make.source(by=alice), "https://news.example/w"
    letter = [Item(f"mid:{number}", "", title="Letter", text="Words") for number in (1, 2)]
    linked = [Item(url, url, title=f"Worded {number}", came_with=f"mid:{number}") for number in (1, 2)]
    assert hold_all([letter[0], linked[0]], source) == 2
    assert hold_all([letter[1], linked[1]], source) == 1
    held = Document.objects.get(key=url)
    assert held.headline == "Worded 1"
    assert [each.message.key for each in held.carriers.order_by("pk")] == ["mid:1", "mid:2"]


def test_what_somebody_brought_in_by_hand_is_not_counted_as_new(alice):
    url = "https://news.example/w"
    Document.objects.bring(by=alice, url=url)
    assert hold_all([Item(url, url, title="T")], make.source(by=alice)) == 0
    assert Document.objects.get().headline == "T"


def test_an_excerpt_never_follows_the_whole_text(alice):
    url = "https://news.example/w"
    whole = hold(Item(url, url, title="T"), source=make.source(by=alice))
    whole.capture(Capture(raw=b"<p>The whole text of it.</p>", content_type="text/html", fetched_at=make.WHEN))
    hold(Item(url, url, title="T", text="The whole text"), source=make.source(by=alice, retention="EXCERPT"))
    assert whole.snapshots.count() == 1


def test_a_capture_of_the_future_is_one_of_now(alice):
    ahead = datetime.datetime(2199, 1, 1, tzinfo=datetime.UTC)
    item = Item("k", "https://news.example/k", enclosed=Bytes(b"<p>Words of the page.</p>", "text/html", at=ahead))
    document = hold(item, source=make.source(by=alice))
    assert document.newest.fetched_at < ahead


def test_an_answer_that_asks_for_too_much_is_stopped_and_told(source, monkeypatch):
    brings(monkeypatch, MemoryError())
    visit = read(answered(source))
    assert "memory" in visit.reason
    assert visit.source.failures == 1


def test_an_excerpt_is_all_that_is_kept_where_terms_forbid_more(source, monkeypatch):
    Source.objects.update(retention="EXCERPT")
    text = " ".join(f"word{number}" for number in range(500))
    brings(monkeypatch, Brought((Item("k1", "https://news.example/1", "A title", text=text),)))
    read(answered(source))
    snapshot = Document.objects.get().newest
    assert snapshot.raw.decode().startswith("A title\n\nword0 word1")
    assert "word60" not in snapshot.raw.decode()
    assert snapshot.headers["retained"] == "excerpt"
    assert len(snapshot.headers["sha256-of-whole"]) == 64
    assert not Document.objects.get().fetch_wanted


def test_a_strange_error_is_the_worker_s_and_tried_again(source, monkeypatch):
    brings(monkeypatch, ZeroDivisionError())
    visit = read(answered(source))
    assert visit.last_error == "Something unexpected went wrong (ZeroDivisionError)."
    assert (visit.attempts, visit.read_at) == (1, None)


def test_an_unknown_kind_says_so(source):
    Source.objects.update(kind="FAX")
    source.refresh_from_db()
    assert isinstance(reading.read(answered(source)).trouble, ParseFailed)


def late(source, body=FEED, **headers):
    """An answer that was given up, and is to be read again after a newer one was."""
    old = answered(source, body, **headers)
    Visit.objects.update(dead_at=make.WHEN, at=make.WHEN)
    return old


def replayed(old):
    Visit.objects.filter(pk=old.pk).update(dead_at=None)
    return read(old)


def test_an_old_answer_read_after_a_newer_one_does_not_turn_the_place_back(source, monkeypatch):
    old = late(source, etag='"1"')
    brings(monkeypatch, Brought((Item("k2", ""),), cursor={"page": 9}))
    read(answered(source, FEED + b"<!-- newer -->", etag='"2"'))
    brings(monkeypatch, Brought((Item("k1", ""),), cursor={"page": 1}, more=True, over="It has ended."))
    Source.objects.update(not_before=make.WHEN.replace(year=2999))
    told = replayed(old).source
    assert (told.cursor, told.etag, told.ended_at, told.items_seen) == ({"page": 9}, '"2"', None, 2)
    assert told.not_before.year == 2999
    assert set(Document.objects.values_list("key", flat=True)) == {"k1", "k2"}


def test_an_old_answer_that_cannot_be_read_is_no_failure_of_a_source_that_went_on(source):
    old = late(source, b"<html><body>moved</body></html>")
    read(answered(source))
    visit = replayed(old)
    assert visit.reason == "The answer is a web page, not a feed."
    assert (visit.source.failures, visit.source.last_error) == (0, "")


def test_a_newer_answer_that_could_not_be_read_leaves_the_place_to_the_old_one(source):
    old = late(source, etag='"1"')
    read(answered(source, b"<html><body>moved</body></html>"))
    assert replayed(old).source.etag == '"1"'


def test_an_old_text_read_after_a_newer_one_does_not_become_the_newest(source, monkeypatch):
    old = late(source)
    brings(monkeypatch, Brought((Item("k", "", "T", text="The newer words of it."),)))
    read(answered(source, FEED + b"<!-- newer -->"))
    brings(monkeypatch, Brought((Item("k", "", "T", text="The older words of it."),)))
    replayed(old)
    document = Document.objects.get()
    assert document.newest.raw == b"The newer words of it."
    assert document.snapshots.count() == 2


CUT = FEED[: FEED.index(b"<item><title>Two") + 40]


@pytest.mark.parametrize(
    ("body", "headers"),
    [(CUT, {}), (CUT, {"broke-off": "yes"}), (CUT[: CUT.index(b"<item><title>Two")], {"broke-off": "yes"})],
    ids=["ends in the middle", "was cut off in an item", "was cut off between two"],
)
def test_a_feed_that_breaks_off_is_kept_as_far_as_it_came_and_asked_for_again(source, body, headers):
    Source.objects.update(etag='"before"', cursor={"page": 4})
    visit = read(answered(source, body, etag='"cut"', **headers))
    assert list(Document.objects.values_list("key", flat=True)) == ["https://news.example/1"]
    assert (visit.items, visit.reason) == (1, "The answer broke off; 1 item was read.")
    told = visit.source
    assert (told.last_error, told.failures, told.etag, told.cursor) == (visit.reason, 0, '"before"', {"page": 4})
    assert told in Source.objects.all().failing()


def test_a_whole_feed_after_one_that_broke_off_ends_the_trouble(source):
    read(answered(source, CUT))
    visit = read(answered(source, etag='"2"'))
    assert (visit.reason, visit.source.last_error, visit.source.etag) == ("", "", '"2"')
