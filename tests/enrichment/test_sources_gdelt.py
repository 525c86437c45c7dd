"""GDELT DOC 2.0."""

import json
from datetime import timedelta

import pytest

from riskreview.enrichment.sources import KINDS, Misset, ParseFailed, SourceState, Throttled
from riskreview.enrichment.sources.asking import asked_in
from riskreview.enrichment.sources.gdelt import ABOUT, mended, parse, request
from riskreview.enrichment.sources.languagenames import code_of
from tests.enrichment.answers import GDELT_SEEN, NOW, gdelt_article, gdelt_service

QUERY = {"query": '"Acme Robotics" recall'}


def source(cursor=None, **config):
    return SourceState(ABOUT.address, config=config or QUERY, cursor=json.loads(json.dumps(cursor or {})))


def window(url):
    return asked_in(url, "startdatetime"), asked_in(url, "enddatetime")


def read(body, cursor=None, now=NOW):
    state = source(cursor)
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse(body, {}, url=request(state, now=now).url, source=state, now=now + timedelta(minutes=3))


def full(count=250):
    return {"articles": [gdelt_article(number) for number in range(count)]}


def test_it_asks_for_a_day_first():
    url = request(source(), now=NOW).url
    assert url.startswith("https://api.gdeltproject.org/api/v2/doc/doc?")
    assert window(url) == ("20250129120000", "20250130120000")
    told = {name: asked_in(url, name) for name in ("mode", "format", "maxrecords", "sort", "query")}
    assert told == {"mode": "artlist", "format": "json", "maxrecords": "250", "sort": "datedesc"} | QUERY
    assert (ABOUT.gap, ABOUT.robots) == (6.0, False)


def test_an_article_is_a_pointer_and_the_date_it_was_seen_is_not_its_date():
    [item] = read({"articles": [gdelt_article(1)]}).items
    assert (item.key, item.url) == ("https://news.example/1", "https://news.example/1")
    assert (item.title, item.publisher, item.language) == ("Story 1: it's out", "news.example", "en")
    assert (item.published, item.updated, item.text, item.html) == (None, None, "", "")


@pytest.mark.parametrize("body", [{}, {"articles": []}])
def test_no_hits_are_no_items_and_the_next_window_begins_there(body):
    found = read(body)
    assert (found.items, found.more, found.refused) == ((), False, ())
    later = request(source(found.cursor), now=NOW + timedelta(hours=1))
    assert window(later.url) == ("20250130113000", "20250130130000")


@pytest.mark.parametrize(
    "body",
    [
        b"Please limit requests to one every 5 seconds or contact somebody for larger queries.\n",
        b"<html><body>429 Too Many Requests</body></html>",
        b"Rate limit exceeded",
    ],
)
def test_throttling_that_looks_like_an_answer_is_known(body):
    with pytest.raises(Throttled, match="fewer requests") as refused:
        read(body)
    assert refused.value.wait == timedelta(minutes=5)


@pytest.mark.parametrize(
    "body", [b"Your query was too short or too long.", b"The specified phrase is too short.", b"Timespan is too short."]
)
def test_a_complaint_about_the_query_is_told_without_its_words(body):
    with pytest.raises(Misset, match="does not accept the query"):
        read(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html>An error occurred</html>", "web page"),
        (b"Nobody is at home", "not valid JSON"),
        (b'{"error": "x"}', "other than a list"),
        (b'{"articles": {}}', "other than a list"),
        (b"[]", "not an object"),
        (b'{"articles": [{"url": "https://', "not valid JSON"),
    ],
)
def test_anything_else_is_refused_with_a_reason(body, reason):
    with pytest.raises(ParseFailed, match=reason) as refused:
        read(body)
    assert not isinstance(refused.value, Throttled | Misset)


def test_control_characters_and_bad_escapes_are_forgiven():
    body = json.dumps({"articles": [gdelt_article(1)]}).replace("Story 1", "Sto\x02ry\t\\' \\x \\\\").encode()
    [item] = read(body + b"\x00").items
    assert item.title.startswith("Story \\' \\x \\")


def test_a_full_window_is_halved_at_a_quarter_of_an_hour():
    found = read(full())
    assert (found.more, len(found.items)) == (True, 250)
    first = request(source(found.cursor), now=NOW + timedelta(minutes=5))
    assert window(first.url) == ("20250129120000", "20250130000000")
    then = parse(b"{}", {}, url=first.url, source=source(found.cursor), now=NOW)
    assert then.more
    assert window(request(source(then.cursor), now=NOW).url) == ("20250130000000", "20250130120000")


def test_the_smallest_window_is_taken_as_it_is_and_said_so():
    start = int(NOW.timestamp())
    found = read(full(), {"until": start, "windows": [[start, start + 900]]})
    assert (found.more, len(found.items), found.cursor["until"]) == (False, 250, start + 900)
    assert found.refused == ("GDELT saw more than 250 articles about 2025-01-30T12:00:00Z; the rest is missing.",)


def walked(cursor=None, now=NOW):
    """A round: all that is brought until the source wants no more, and the windows asked for."""
    items, windows = {}, []
    for _ in range(100):
        state = source(cursor)
        url = request(state, now=now).url
        windows.append(window(url))
        answer = gdelt_service(
            "", {name: asked_in(url, name) for name in ("startdatetime", "enddatetime", "maxrecords")}
        )
        found = parse(answer.body, {}, url=url, source=state, now=now)
        items |= {item.key: item for item in found.items}
        cursor = found.cursor
        if not found.more:
            return items, windows, cursor
    raise AssertionError("the walk did not end")


def test_no_article_is_lost_between_the_windows():
    items, windows, cursor = walked()
    assert len(items) == GDELT_SEEN
    assert len(windows) > 5
    assert (cursor["until"], cursor["windows"]) == (int(NOW.timestamp()), [])


def test_windows_that_a_round_does_not_come_to_are_kept_for_the_next():
    start = int(NOW.timestamp()) - 86_400
    waiting = [[start + 900 * number, start + 900 * (number + 1)] for number in range(90)]
    cursor = {"until": start, "windows": waiting}
    _, windows, cursor = walked(cursor)
    assert (len(windows), len(cursor["windows"])) == (50, 40)
    _, rest, cursor = walked(cursor)
    assert (len(rest), cursor["windows"], cursor["until"]) == (40, [], waiting[-1][1])


def test_what_is_out_of_reach_is_told():
    long_ago = NOW - timedelta(days=200)
    found = read({}, {"until": int(long_ago.timestamp())})
    assert found.refused == ("GDELT goes back three months: what it saw from 2024-07-14T12:00:00Z on is out of reach.",)
    assert window(request(source({"until": int(long_ago.timestamp())}), now=NOW).url)[0] == "20241101120000"


def test_an_answer_from_elsewhere_does_not_move_the_window():
    with pytest.raises(ParseFailed, match="lost the question"):
        parse(b"{}", {}, url="https://api.gdeltproject.org/", source=source(), now=NOW)


@pytest.mark.parametrize("config", [{}, {"query": "  "}, {"query": "x" * 1_990}])
def test_a_query_that_cannot_be_asked_is_refused(config):
    with pytest.raises(Misset):
        request(SourceState(ABOUT.address, config=config), now=NOW)


def test_an_article_without_address_is_told_of():
    found = read({"articles": [gdelt_article(1), {"title": "T"}, gdelt_article(1), "x"]})
    assert (len(found.items), found.refused) == (1, ("An article has no usable address: T",))


@pytest.mark.parametrize(
    "cursor",
    [{"windows": "x"}, {"windows": [[1]]}, {"windows": [[5, 1], ["a", 2], None]}, {"until": "x", "page": -1},
     {"until": 10**30}, {"pages": None}],
)  # fmt: skip
def test_a_damaged_cursor_starts_afresh(cursor):
    assert window(request(source(cursor), now=NOW).url) == ("20250129120000", "20250130120000")
    assert len(read({"articles": [gdelt_article(1)]}, cursor).items) == 1


@pytest.mark.parametrize(
    ("title", "language", "mended_title"),
    [
        ("Apple ' s new AI model : what we know", "en", "Apple's new AI model: what we know"),
        ("US - China trade talks", "en", "US - China trade talks"),
        ("Fined $ 5 . 2 billion , again ( Reuters )", "en", "Fined $5.2 billion, again (Reuters)"),
        ("U . S . regulators don ’ t agree", "en", "U.S. regulators don’t agree"),
        ("Qwen 2 . 5 - Max is here !", "en", "Qwen 2.5 - Max is here!"),
        ("About 1 , 000 , 000 users , 50 % of all", "en", "About 1,000,000 users, 50% of all"),
        ("Pékin : la réponse ?", "fr", "Pékin : la réponse ?"),
        ("In 2024 , 500 firms", "en", "In 2024, 500 firms"),
    ],
)
def test_a_title_taken_apart_is_mended(title, language, mended_title):
    assert mended(title, language) == mended_title
    assert mended(mended_title, language) == mended_title


@pytest.mark.parametrize(
    "title",
    ["J. K. Rowling on .NET", "In 2024, 500 firms: a list", "The ’90s, again", "5-4 ruling", "10 $ per seat", ""],
)
def test_a_title_in_order_stays_as_it_is(title):
    assert mended(title) == title


@pytest.mark.parametrize(("name", "code"), [("English", "en"), ("chinese", "zh"), ("Klingon", ""), ("", "")])
def test_languages_are_known_by_their_names(name, code):
    assert code_of(name) == code


def test_it_is_on_the_register():
    assert KINDS["GDELT"].ABOUT is ABOUT
