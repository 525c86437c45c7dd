"""An outlet's articles as RSS 2.0 or Atom 1.0. Links are absolute to `base`, the address the newsroom serves at."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as XML

from riskreview.web.demo.newsroom.corpus import NOTICE, Article, Outlet
from riskreview.web.demo.newsroom.pages import body_html

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

XML.register_namespace("atom", ATOM)
XML.register_namespace("content", CONTENT)
XML.register_namespace("dc", DUBLIN_CORE)


def feed(outlet: Outlet, articles: Sequence[Article], base: str) -> tuple[bytes, str]:
    """The feed and its content type, newest article first."""
    if outlet.feed == "atom":
        return _bytes(_atom(outlet, articles, base)), "application/atom+xml; charset=utf-8"
    return _bytes(_rss(outlet, articles, base)), "application/rss+xml; charset=utf-8"


def _rss(outlet: Outlet, articles: Sequence[Article], base: str) -> XML.Element:
    root = XML.Element("rss", version="2.0")
    channel = XML.SubElement(root, "channel")
    _add(channel, "title", outlet.name)
    _add(channel, "link", base + outlet.path)
    _add(channel, "description", f"{outlet.tagline} {NOTICE}")
    _add(channel, "language", outlet.language.lower())
    _add(channel, "lastBuildDate", format_datetime(_newest(articles)))
    XML.SubElement(
        channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=base + outlet.feed_path
    )
    for article in articles:
        _rss_item(channel, article, base)
    return root


def _rss_item(channel: XML.Element, article: Article, base: str) -> None:
    item = XML.SubElement(channel, "item")
    _add(item, "title", article.headline)
    _add(item, "link", base + article.path)
    _add(item, "guid", base + article.path, isPermaLink="true")
    _add(item, "pubDate", format_datetime(article.published))
    _add(item, "category", article.section)
    _add(item, "description", article.summary)
    if article.byline:
        _add(item, f"{{{DUBLIN_CORE}}}creator", article.byline)
    if article.outlet.full_text:
        _add(item, f"{{{CONTENT}}}encoded", f"{body_html(article)}<p><small>{NOTICE}</small></p>")


def _atom(outlet: Outlet, articles: Sequence[Article], base: str) -> XML.Element:
    root = XML.Element(_a("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": outlet.language})
    _add(root, _a("id"), base + outlet.feed_path)
    _add(root, _a("title"), outlet.name)
    _add(root, _a("subtitle"), f"{outlet.tagline} {NOTICE}")
    _add(root, _a("updated"), _newest(articles).isoformat())
    _add(XML.SubElement(root, _a("author")), _a("name"), outlet.name)
    XML.SubElement(root, _a("link"), rel="self", type="application/atom+xml", href=base + outlet.feed_path)
    XML.SubElement(root, _a("link"), rel="alternate", type="text/html", href=base + outlet.path)
    for article in articles:
        _atom_entry(root, article, base)
    return root


def _atom_entry(root: XML.Element, article: Article, base: str) -> None:
    entry = XML.SubElement(root, _a("entry"))
    _add(entry, _a("id"), base + article.path)
    _add(entry, _a("title"), article.headline)
    XML.SubElement(entry, _a("link"), rel="alternate", type="text/html", href=base + article.path)
    _add(entry, _a("published"), article.published.isoformat())
    _add(entry, _a("updated"), article.updated.isoformat())
    _add(entry, _a("summary"), article.summary)
    XML.SubElement(entry, _a("category"), term=article.section)
    if article.byline:
        _add(XML.SubElement(entry, _a("author")), _a("name"), article.byline)
    if article.outlet.full_text:
        _add(entry, _a("content"), f"{body_html(article)}<p><small>{NOTICE}</small></p>", type="html")


def _a(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _add(parent: XML.Element, tag: str, text: str, **attributes: str) -> None:
    XML.SubElement(parent, tag, attributes).text = text


def _newest(articles: Sequence[Article]) -> datetime:
    return max(article.updated for article in articles)


def _bytes(root: XML.Element) -> bytes:
    XML.indent(root)
    document: bytes = XML.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
