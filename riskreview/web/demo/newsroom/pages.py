"""Pages of the newsroom, with the furniture of a real one: navigation, cookie notice, related links, footer."""

import json
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from riskreview.web.demo.newsroom.corpus import NOTICE, Article, Corpus, Outlet

_TEMPLATES = Path(__file__).parent / "templates"


def article_page(article: Article, others: Sequence[Article], base: str) -> str:
    """One article with its byline, times, correction note and links to other articles of the outlet."""
    return _frame(
        article.outlet,
        title=article.headline,
        head=_metadata(article, base),
        main=_template("article.html").substitute(
            section=escape(article.section),
            headline=escape(article.headline),
            summary=escape(article.summary),
            byline=escape(article.byline or article.outlet.name),
            published=article.published.isoformat(),
            published_words=f"{article.published:%d %B %Y, %H:%M %Z}",
            note=f'<p class="correction"><strong>Correction.</strong> {escape(article.note)}</p>'
            if article.note
            else "",
            body=body_html(article),
            related=_links(others),
        ),
    )


def outlet_page(outlet: Outlet, articles: Sequence[Article]) -> str:
    """The outlet's front page: every article, newest first."""
    items = "\n".join(
        f'<li><a href="{article.path}">{escape(article.headline)}</a>'
        f' <time datetime="{article.published.isoformat()}">{article.published:%d %B %Y}</time></li>'
        for article in articles
    )
    main = f'<h1>{escape(outlet.name)}</h1><p class="lead">{escape(outlet.tagline)}</p><ul class="river">{items}</ul>'
    return _frame(outlet, title=outlet.name, head="", main=main)


def index_page(corpus: Corpus) -> str:
    """The newsroom's own front page: outlets, feeds, and the misbehaving wing."""
    rows = "\n".join(
        f'<tr><td><a href="{outlet.path}">{escape(outlet.name)}</a></td><td>{escape(outlet.tagline)}</td>'
        f'<td><a href="{outlet.feed_path}">{outlet.feed.upper()}</a></td><td>{len(corpus.of(outlet))}</td></tr>'
        for outlet in corpus.outlets
    )
    return _template("index.html").substitute(rows=rows, notice=NOTICE)


def body_html(article: Article) -> str:
    """The article's blocks as paragraphs and subheads; everything is escaped."""
    return "\n".join(
        f"<h2>{escape(block[3:])}</h2>" if block.startswith("## ") else f"<p>{escape(block)}</p>"
        for block in article.paragraphs
    )


def _frame(outlet: Outlet, *, title: str, head: str, main: str) -> str:
    sections = "".join(f'<li><a href="{outlet.path}">{escape(section)}</a></li>' for section in outlet.sections)
    return _template("page.html").substitute(
        language=outlet.language,
        title=escape(title),
        outlet=escape(outlet.name),
        tagline=escape(outlet.tagline),
        home=outlet.path,
        feed=outlet.feed_path,
        feed_type="application/atom+xml" if outlet.feed == "atom" else "application/rss+xml",
        accent=outlet.accent,
        sections=sections,
        head=head,
        main=main,
        notice=NOTICE,
    )


def _metadata(article: Article, base: str) -> str:
    tags = [
        f'<link rel="canonical" href="{base}{article.path}">',
        f'<meta name="description" content="{escape(article.summary)}">',
        f'<meta property="article:published_time" content="{article.published.isoformat()}">',
        f'<meta property="og:site_name" content="{escape(article.outlet.name)}">',
    ]
    if article.outlet.structured_data:
        data = json.dumps(_structured(article, base), ensure_ascii=False).replace("<", "\\u003c")
        tags.append(f'<script type="application/ld+json">{data}</script>')
    return "\n".join(tags)


def _structured(article: Article, base: str) -> dict[str, object]:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "datePublished": article.published.isoformat(),
        "dateModified": article.updated.isoformat(),
        "inLanguage": article.outlet.language,
        "mainEntityOfPage": base + article.path,
        "publisher": {"@type": "Organization", "name": article.outlet.name},
        "author": {
            "@type": "Person" if article.byline else "Organization",
            "name": article.byline or article.outlet.name,
        },
        "isAccessibleForFree": True,
    }
    if article.based_on:
        outlet, _, name = article.based_on.partition("/")
        data["isBasedOn"] = f"{base}/{outlet}/{name[:10].replace('-', '/')}/{name[11:]}"
    return data


def _links(articles: Sequence[Article]) -> str:
    return "".join(f'<li><a href="{article.path}">{escape(article.headline)}</a></li>' for article in articles)


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / name).read_text("utf-8"))
