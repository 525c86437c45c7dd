"""What the newsroom answers at each path: a pure function of the corpus, the address and the revision."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from riskreview.web.demo.newsroom import feeds, pages
from riskreview.web.demo.newsroom.corpus import Article, Corpus, Outlet

HTML = "text/html; charset=utf-8"
RELATED = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A page or feed; `modified` is when its newest part was published or corrected."""

    body: bytes
    content_type: str
    modified: datetime


@dataclass(slots=True)
class Site:
    """The newsroom's content at `base`; it serves first revisions until `corrected` is true, and what is held back
    from `published_at` on."""

    original: Corpus
    base: str
    corrected: bool = False
    published_at: datetime | None = None

    @property
    def corpus(self) -> Corpus:
        """What is printed now."""
        corpus = self.original.corrected() if self.corrected else self.original
        return corpus.published(self.published_at) if self.published_at else corpus

    def publish(self, at: datetime) -> None:
        """Print what was held back, dated at this moment; asked again, it stays as it is."""
        self.published_at = self.published_at or at

    def answer(self, path: str) -> Answer | None:
        """The answer to a GET, or None where nothing is published."""
        corpus = self.corpus
        if path == "/":
            return _answer(pages.index_page(corpus), HTML, corpus.articles)
        if path == "/feeds.json":
            return _answer(json.dumps(self._feed_list(), indent=1), "application/json", corpus.articles)
        for outlet in corpus.outlets:
            if path.startswith(outlet.path):
                return self._of_outlet(outlet, corpus.of(outlet), path)
        return None

    def _of_outlet(self, outlet: Outlet, articles: Sequence[Article], path: str) -> Answer | None:
        if path == outlet.feed_path:
            body, content_type = feeds.feed(outlet, articles, self.base)
            return Answer(body, content_type, _newest(articles))
        if path == outlet.path:
            return _answer(pages.outlet_page(outlet, articles), HTML, articles)
        for article in articles:
            if path == article.path:
                others = [other for other in articles if other is not article][:RELATED]
                return _answer(pages.article_page(article, others, self.base), HTML, [article])
        return None

    def _feed_list(self) -> list[dict[str, str]]:
        return [
            {
                "name": outlet.name,
                "url": self.base + outlet.feed_path,
                "kind": "RSS",
                "language": outlet.language,
                "source_class": outlet.source_class,
                "reliability": outlet.reliability,
            }
            for outlet in self.original.outlets
        ]


def _answer(text: str, content_type: str, articles: Sequence[Article]) -> Answer:
    return Answer(text.encode(), content_type, _newest(articles))


def _newest(articles: Sequence[Article]) -> datetime:
    return max(article.updated for article in articles)
