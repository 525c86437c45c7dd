import time

import pytest

from riskreview.enrichment import newsletters
from riskreview.enrichment.newsletters import entries, lines


def found(html):
    return [(entry.title, entry.url) for entry in entries(html)]


def test_each_heading_with_its_link_is_an_article():
    got = entries(
        """<h1>Digest</h1><p>Good morning.</p>
        <h2><a href="https://a.example/one?utm_source=mail">Council opens review</a></h2><p>It asks for records.</p>
        <a href="https://a.example/aside">a long enough link beside it</a>
        <a href="https://b.example/two"><h3>Model &amp; prices</h3></a><td>Cheaper now.</td>
        <h2>Third heading</h2><p>Its text. <a href="https://c.example/three">More</a></p>"""
    )
    assert [(entry.title, entry.url, entry.headed) for entry in got] == [
        ("Council opens review", "https://a.example/one?utm_source=mail", True),
        ("Model & prices", "https://b.example/two", True),
        ("Third heading", "https://c.example/three", True),
    ]
    assert got[0].summary == "It asks for records. a long enough link beside it"
    assert got[1].summary == "Cheaper now."


def test_headlines_without_a_heading_are_articles_too():
    listed = """<h2>In other news</h2><ul><li><a href="https://a.example/1">The regulator opens a review</a></li>
    <li><a href="https://a.example/2">A company answers the regulator</a> <a href="https://a.example/3">more</a></li></ul>"""
    assert found(listed) == [
        ("The regulator opens a review", "https://a.example/1"),
        ("A company answers the regulator", "https://a.example/2"),
    ]
    assert not entries(listed)[0].headed


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://a.example/x", "Unsubscribe from this list"),
        ("https://a.example/x", "Click here to opt out"),
        ("https://a.example/x", "Manage your email preferences"),
        ("https://a.example/x", "Update your subscription settings"),
        ("https://a.example/x", "View this email in your browser"),
        ("https://a.example/x", "Read the web version"),
        ("https://a.example/x", "Our privacy policy has changed"),
        ("https://a.example/x", "Share this story with others"),
        ("https://a.example/x", "Forward this to a friend"),
        ("https://a.example/unsubscribe?id=9", "A headline of four words"),
        ("https://unsubscribe.a.example/9", "A headline of four words"),
        ("https://a.example/r?to=1&optout=1", "A headline of four words"),
        ("https://a.example/email-preferences", "A headline of four words"),
        ("https://a.example/privacy", "A headline of four words"),
        ("https://www.facebook.com/sharer/sharer.php?u=x", "A headline of four words"),
        ("https://twitter.com/intent/tweet?text=x", "A headline of four words"),
        ("https://www.linkedin.com/shareArticle?url=x", "A headline of four words"),
        ("mailto:a@b.example", "A headline of four words"),
        ("javascript:alert(1)", "A headline of four words"),
        ("//[broken", "A headline of four words"),
        ("https://user:word@a.example/", "A headline of four words"),
        ("/relative", "A headline of four words"),
    ],
)
def test_links_for_leaving_settings_and_sharing_are_no_articles(address, text):
    assert found(f'<p><a href="{address}">{text}</a></p>') == []
    assert found(f'<h2><a href="{address}">{text}</a></h2>') == []


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://a.example/2025/data-privacy-fine-for-company", "Regulator fines company over privacy breach"),
        ("https://click.mail.example/ls/click?upn=abc.def", "A redirector is kept as it is"),
        ("https://a.example/share-prices-fall-on-news", "Share prices fall on the news of it today, all of them"),
        ("https://a.example/user-preferences-shift", "What users prefer in a model"),
    ],
)
def test_articles_about_such_things_are_articles(address, text):
    assert found(f'<p><a href="{address}">{text}</a></p>') == [(text, address)]


def test_an_address_is_brought_once_and_200_at_most():
    twice = '<a href="https://a.example/1">A headline of four words</a>' * 2
    assert len(entries(twice)) == 1
    many = "".join(f'<p><a href="https://a.example/{n}">A headline of four words</a></p>' for n in range(300))
    assert len(entries(many)) == 200


def test_a_newsletter_in_plain_text_has_headlines_above_addresses():
    text = """DIGEST

Council opens a review of the company
It asks for records and more of that kind.
https://a.example/one

* A company answers the regulator at last
  <https://a.example/two>

Unsubscribe here if you want to
https://a.example/three
https://a.example/four
"""
    assert [(entry.title, entry.url) for entry in lines(text)] == [
        ("It asks for records and more of that kind.", "https://a.example/one"),
        ("* A company answers the regulator at last", "https://a.example/two"),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<a href=https://x.example/a>" * 70_000,
        "<h1>" * 500_000,
        "<a href=https://x.example/a><h1>one two three four" * 40_000,
        "<b><a href=https://x.example/a>" * 60_000,
        "<" * 2_000_000,
        "<a " + "href=https://x.example/a " * 80_000,
        "<table><tr><td><a href=https://x.example/a>" * 40_000,
        "<div " * 400_000,
        "https://a.example/" * 100_000,
        "word " * 400_000,
    ],
)
def test_hostile_markup_stops_at_limits(hostile):
    begun = time.process_time()
    entries(hostile)
    lines(hostile)
    assert time.process_time() - begun < 5
    assert newsletters.HTML_MAX == 300_000
