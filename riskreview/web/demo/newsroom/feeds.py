"""An outlet's articles as RSS 2.0 or Atom 1.0. Links are absolute to `base`, the address the newsroom serves at."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from riskreview.web.demo.newsroom.corpus import NOTICE, Article, Outlet
from riskreview.web.demo.newsroom.pages import body_html

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

ElementTree.register_namespace("atom", ATOM)
ElementTree.register_namespace("content", CONTENT)
ElementTree.register_namespace("dc", DUBLIN_CORE)


def feed(outlet: Outlet, articles: Sequence[Article], base: str) -> tuple[bytes, str]:
    """The feed and its content type, newest article first."""
    if outlet.feed == "atom":
        return _bytes(_atom(outlet, articles, base)), "application/atom+xml; charset=utf-8"
    return _bytes(_rss(outlet, articles, base)), "application/rss+xml; charset=utf-8"


def _rss(outlet: Outlet, articles: Sequence[Article], base: str) -> ElementTree.Element:
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _add(channel, "title", outlet.name)
    _add(channel, "link", base + outlet.path)
    _add(channel, "description", f"{outlet.tagline} {NOTICE}")
    _add(channel, "language", outlet.language.lower())
    _add(channel, "lastBuildDate", format_datetime(_newest(articles)))
    ElementTree.SubElement(
        channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=base + outlet.feed_path
    )
    for article in articles:
        _rss_item(channel, article, base)
    return root


def _rss_item(channel: ElementTree.Element, article: Article, base: str) -> None:
    item = ElementTree.SubElement(channel, "item")
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


def _atom(outlet: Outlet, articles: Sequence[Article], base: str) -> ElementTree.Element:
    root = ElementTree.Element(_a("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": outlet.language})
    _add(root, _a("id"), base + outlet.feed_path)
    _add(root, _a("title"), outlet.name)
    _add(root, _a("subtitle"), f"{outlet.tagline} {NOTICE}")
    _add(root, _a("updated"), _newest(articles).isoformat())
    _add(ElementTree.SubElement(root, _a("author")), _a("name"), outlet.name)
    ElementTree.SubElement(root, _a("link"), rel="self", type="application/atom+xml", href=base + outlet.feed_path)
    ElementTree.SubElement(root, _a("link"), rel="alternate", type="text/html", href=base + outlet.path)
    for article in articles:
        _atom_entry(root, article, base)
    return root


def _atom_entry(root: ElementTree.Element, article: Article, base: str) -> None:
    entry = ElementTree.SubElement(root, _a("entry"))
    _add(entry, _a("id"), base + article.path)
    _add(entry, _a("title"), article.headline)
    ElementTree.SubElement(entry, _a("link"), rel="alternate", type="text/html", href=base + article.path)
    _add(entry, _a("published"), article.published.isoformat())
    _add(entry, _a("updated"), article.updated.isoformat())
    _add(entry, _a("summary"), article.summary)
    ElementTree.SubElement(entry, _a("category"), term=article.section)
    if article.byline:
        _add(ElementTree.SubElement(entry, _a("author")), _a("name"), article.byline)
    if article.outlet.full_text:
        _add(entry, _a("content"), f"{body_html(article)}<p><small>{NOTICE}</small></p>", type="html")


def _a(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _add(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, tag, attributes).text = text


def _newest(articles: Sequence[Article]) -> datetime:
    return max(article.updated for article in articles)


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
