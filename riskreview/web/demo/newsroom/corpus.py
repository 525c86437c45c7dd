"""The corpus on disk: outlets in one TOML file, every document a text file with TOML front matter."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent
NOTICE = "Written for the riskreview demonstration from public facts."

_FENCE = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


class CorpusError(Exception):
    """A corpus file cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented publisher with one feed. `source_class` and `reliability` are suggestions for its Source row."""

    slug: str
    name: str
    tagline: str
    feed: Literal["rss", "atom"]
    full_text: bool
    structured_data: bool
    language: str
    source_class: str
    reliability: str
    accent: str
    sections: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/{self.slug}/"

    @property
    def feed_path(self) -> str:
        return f"/{self.slug}/feed.xml"


@dataclass(frozen=True, slots=True)
class Correction:
    """A later revision: every `wrong` becomes `right`, and `note` is printed above the text."""

    at: datetime
    note: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Article:
    """One document of one outlet. `based_on` is the key of the wire document whose text it carries, or empty.

    One that is `held` is printed only when somebody asks for it, and bears the date of that moment.
    """

    outlet: Outlet
    slug: str
    headline: str
    summary: str
    byline: str
    section: str
    published: datetime
    paragraphs: tuple[str, ...]
    based_on: str = ""
    correction: Correction | None = None
    note: str = ""
    modified: datetime | None = None
    held: bool = False

    @property
    def key(self) -> str:
        return f"{self.outlet.slug}/{self.published:%Y-%m-%d}-{self.slug}"

    @property
    def path(self) -> str:
        return f"/{self.outlet.slug}/{self.published:%Y/%m/%d}/{self.slug}"

    @property
    def updated(self) -> datetime:
        return self.modified or self.published

    @property
    def text(self) -> str:
        """Headline, summary and paragraphs as plain text, one block per line."""
        return "\n".join((self.headline, self.summary, *self.paragraphs))

    def corrected(self) -> "Article":
        """The second revision, or the same article when nothing was corrected."""
        if (change := self.correction) is None:
            return self
        return replace(
            self,
            headline=self.headline.replace(change.wrong, change.right),
            summary=self.summary.replace(change.wrong, change.right),
            paragraphs=tuple(block.replace(change.wrong, change.right) for block in self.paragraphs),
            note=change.note,
            modified=change.at,
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """All outlets, and all articles with the newest first. `held` are those printed only when they are asked for."""

    outlets: tuple[Outlet, ...]
    articles: tuple[Article, ...]
    held: tuple[Article, ...] = ()

    def of(self, outlet: Outlet) -> tuple[Article, ...]:
        return tuple(article for article in self.articles if article.outlet == outlet)

    def corrected(self) -> "Corpus":
        return replace(self, articles=tuple(article.corrected() for article in self.articles))

    def published(self, at: datetime) -> "Corpus":
        """With what was held back, dated at this moment."""
        fresh = tuple(replace(article, published=at) for article in self.held)
        return replace(self, articles=(*fresh, *self.articles), held=())


def load(folder: Path = FOLDER) -> Corpus:
    """Read `outlets.toml` and `documents/<outlet>/<date>-<slug>.txt` below the folder. Raises CorpusError."""
    outlets = {outlet.slug: outlet for outlet in _outlets(folder / "outlets.toml")}
    files = sorted((folder / "documents").glob("*/*.txt"))
    plain = [(path, *_read(path)) for path in files]
    wires = {_key(path): _blocks(body) for path, front, body in plain if "copies" not in front}
    articles = [_article(path, front, body, outlets, wires) for path, front, body in plain]
    newest_first = sorted(articles, key=lambda article: (article.published, article.key), reverse=True)
    printed, held = (tuple(each for each in newest_first if each.held is wanted) for wanted in (False, True))
    return Corpus(tuple(outlets.values()), printed, held)


def _outlets(path: Path) -> list[Outlet]:
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["outlet"]
        return [Outlet(**{**row, "sections": tuple(row["sections"])}) for row in rows]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusError(f"{path}: {error}") from error


def _read(path: Path) -> tuple[dict[str, Any], str]:
    if (parts := _FENCE.match(path.read_text("utf-8"))) is None:
        raise CorpusError(f"{path}: it does not start with front matter between two lines of +++")
    try:
        return tomllib.loads(parts[1]), parts[2]
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: {error}") from error


def _article(
    path: Path, front: dict[str, Any], body: str, outlets: dict[str, Outlet], wires: dict[str, tuple[str, ...]]
) -> Article:
    try:
        article = Article(
            outlet=outlets[path.parent.name],
            slug=path.stem[len("2025-01-31-") :],
            headline=front["headline"],
            summary=front["summary"],
            byline=front.get("byline", ""),
            section=front["section"],
            published=front["published"],
            paragraphs=_copied(front, wires) + _blocks(body),
            based_on=front.get("copies", ""),
            correction=Correction(**front["correction"]) if "correction" in front else None,
            held=front.get("held", False),
        )
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    _check(path, article)
    return article


def _copied(front: dict[str, Any], wires: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if "copies" not in front:
        return ()
    wire = wires[front["copies"]]
    kept = front.get("paragraphs", len(wire))
    return wire[:kept] if kept >= len(wire) else (*wire[: kept - 1], _cut(wire[kept - 1]))


def _cut(paragraph: str) -> str:
    words = paragraph.split()
    return " ".join(words[: max(8, len(words) // 2)]) + " …"


def _blocks(body: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in body.split("\n\n") if block.strip())


def _key(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _check(path: Path, article: Article) -> None:
    if article.published.tzinfo is None:
        raise CorpusError(f"{path}: published needs an offset, such as 2025-01-28T18:05:00Z")
    if article.key != _key(path):
        raise CorpusError(f"{path}: the file name and the published date disagree")
    if article.correction and article.correction.wrong not in article.text:
        raise CorpusError(f"{path}: the text to be corrected does not occur")
