"""Pages and feeds of news sites that do not exist: navigation, scripts, long articles. A seed makes them the same."""

from __future__ import annotations

import datetime
import functools
import html
import json
import random

from benchmarks._product import NAMES

POISON = "riskreview-drill-poison"
FIRST_DAY = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
COMMON = (
    *("the", "of", "and", "to", "in", "that", "is", "for", "on", "with", "as", "was", "by", "it", "has", "have"),
    *("from", "at", "are", "said", "its", "this", "which"),
)
STEMS = (
    *("agen", "mark", "repo", "serv", "clau", "deli", "gove", "tari", "supp", "cont", "regi", "fina", "meas", "poli"),
    *("rese", "prod", "cent", "coun", "stat", "hear", "limi", "cust", "soft", "chip", "mode", "lice", "audi", "brok"),
    *("port", "mini", "cour", "fili", "stor", "clou", "trai"),
)
ENDS = (
    *("ment", "ing", "ation", "er", "ers", "ed", "al", "ity", "or", "ance", "ism", "ally", "ory", "ure", "ible"),
    *("ics", "age", "ward", "hood", "ship"),
)
WORDS = tuple(stem + end for stem in STEMS for end in ENDS)
SECTIONS = ("World", "Business", "Technology", "Policy", "Science", "Markets", "Opinion", "Culture", "Sport", "Weather")


def sentence(rng: random.Random, *, named: bool) -> str:
    """Ten to twenty words, every second or third a common one, with a vendor in it where asked."""
    words = [rng.choice(COMMON) if rng.random() < 0.4 else rng.choice(WORDS) for _ in range(rng.randint(10, 20))]
    if named:
        words.insert(rng.randrange(1, len(words)), rng.choice(NAMES))
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."


def paragraphs(rng: random.Random, count: int) -> list[str]:
    """So many paragraphs of one to five sentences; in one of four a vendor is named."""
    found = []
    for number in range(count):
        first = sentence(rng, named=number % 4 == 0)
        found.append(" ".join([first, *(sentence(rng, named=False) for _ in range(rng.randint(0, 4)))]))
    return found


def linked(text: str) -> str:
    """The paragraph with a link on its second to fourth words and a word set off, as editors do."""
    words = text.split(" ")
    return " ".join(
        [words[0], f'<a href="/topic/{words[1]}">{" ".join(words[1:4])}</a>', f"<em>{words[4]}</em>", *words[5:]]
    )


def card(number: int, line: str) -> str:
    """One article that the page recommends."""
    picture = f'<img loading="lazy" alt="" srcset="/i/{number}-320.webp 320w, /i/{number}-640.webp 640w">'
    return (
        f'<div class="card"><div class="card__box"><a href="/story/{number}"><h3><span>{line}</span></h3></a>'
        f'<div class="card__picture">{picture}</div><p class="card__foot"><time datetime="2026-01-05">5 January</time> '
        f"<span>{number} min</span></p></div></div>\n"
    )


@functools.lru_cache(maxsize=64)
def furniture(host: int) -> tuple[str, str, str]:
    """What all pages of one site share: the head's scripts and styles, the navigation, the foot."""
    rng = random.Random(f"site {host}")
    rules = "".join(f".c-{rng.choice(WORDS)}-{n}{{margin:{n % 9}px;color:#{n * 7919 % 4096:03x}}}" for n in range(220))
    data = json.dumps({rng.choice(WORDS) + str(n): [rng.random(), rng.choice(WORDS)] for n in range(260)})
    head = f"<style>{rules}</style>\n<script>window.__STATE__={data};(function(){{var q=[];q.push(1)}})();</script>"
    links = "".join(
        f'<li class="nav__item nav__item--{n}"><a class="nav__link" href="/{section.lower()}/{rng.choice(WORDS)}" '
        f'data-track="nav:{n}"><span>{section}: {rng.choice(WORDS)} {rng.choice(WORDS)}</span></a></li>\n'
        for n in range(5)
        for section in SECTIONS
    )
    nav = f'<header class="masthead"><nav aria-label="Sections"><ul>{links}</ul></nav></header>'
    more = "".join(card(n, sentence(rng, named=False)) for n in range(60))
    foot = f'<aside class="related"><h2>Read also</h2>{more}</aside><footer><ul>{links}</ul><p>Imprint</p></footer>'
    return head, nav, foot


def title(host: int, number: int) -> str:
    """The headline of an article."""
    return sentence(random.Random(f"title {host} {number}"), named=True).rstrip(".")


def published(number: int) -> datetime.datetime:
    """When an article came out."""
    return FIRST_DAY + datetime.timedelta(minutes=17 * number)


def article(host: int, number: int, *, version: int = 1, count: int = 160, poison: bool = False) -> bytes:
    """An article as its site serves it. `version` 2 and later correct a figure; `count` paragraphs make its length."""
    rng = random.Random(f"article {host} {number}")
    head, nav, foot = furniture(host)
    told = paragraphs(rng, count)
    told.insert(3, f"The contract is worth {40 + version} million euros, the company said on Monday.")
    if poison:
        told.append(f"These are the words that end whoever reads them: {POISON}.")
    body = "\n".join(
        f'<p class="paragraph" data-id="p{index}">{linked(text) if index % 2 else text}</p>'
        + ('<div class="ad" data-slot="mid"><span>Advertisement</span></div>' if index % 12 == 11 else "")
        for index, text in enumerate(told)
    )
    line, at = html.escape(title(host, number)), published(number).isoformat()
    about = {"@type": "NewsArticle", "headline": title(host, number), "datePublished": at, "author": {"name": "A. Bee"}}
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{line}</title>'
        f'<meta property="og:title" content="{line}"><script type="application/ld+json">{json.dumps(about)}</script>'
        f'{head}</head><body>{nav}<main><article><h1>{line}</h1><p class="byline">By A. Bee</p>{body}</article></main>'
        f"{foot}</body></html>\n"
    ).encode()


def feed(base: str, host: int, numbers: range, *, version: int = 1) -> bytes:
    """The RSS feed of a site, newest first; a later version says that everything was updated."""
    items = "".join(
        f"<item><title>{html.escape(title(host, n))}</title><link>{base}/article/{n}</link>"
        f"<guid>{base}/article/{n}</guid><description>Version {version}</description>"
        f"<pubDate>{published(n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n in reversed(numbers)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Site {host}</title>'
        f"<link>{base}/</link><description>News</description>{items}</channel></rss>"
    ).encode()
