"""What stands behind a document, and behind what a case rests on: copies, origins, primary sources. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from riskreview.accounts.models import User
from riskreview.cases.models import Stance
from riskreview.evidence.models import Claim, Document, OriginLink

from .agencies import AGENCIES
from .corroboration import Corroboration, Primary, Report, corroborated, primary

SHOWN = 200  # documents of one origin
DEEPEST = 6  # steps of a copy tree that are told apart
CLAIMS = 2_000  # looked at for one document
COUNTED = 1_000  # documents of one story


@dataclass(frozen=True, slots=True)
class Branch:
    """A document of an origin in its copy tree: how many steps from the root, and how it is related to the document it
    comes after; no link where a person joined the two, or for the root."""

    document: Any
    depth: int
    link: OriginLink | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Another document that shares text with one, and the longest passage of it in that one's own words, "" if none."""

    document: Any
    link: OriginLink
    words: str


def copies(document: Document) -> list[Branch]:
    """The copy tree of a document's origin, each document followed by what comes after it, the earliest first."""
    if document.origin_id is None:
        return [Branch(document, 0, None)]
    rows = Document.objects.filter(origin=document.origin_id).select_related("source", "wording")
    every = list(rows.order_by("published_at", "first_seen_at", "pk")[:SHOWN])
    known = {each.pk for each in every}
    below: dict[int | None, list[Any]] = defaultdict(list)
    for each in every:
        after = after_of(each)
        below[after if after in known else None].append(each)
    links = links_between(known)
    # Documents that were placed before it was known what they come after may have a link with this one.
    near = {each.pk: after_of(each) if hasattr(each, "wording") else document.pk for each in every}
    return [Branch(each, depth, links.get(pair(each.pk, near[each.pk]))) for each, depth in walk(below)]


def walk(below: dict[int | None, list[Any]]) -> Iterable[tuple[Any, int]]:
    """Every document with its depth, parents before children, without recursion."""
    waiting = [(each, 0) for each in reversed(below[None])]
    while waiting:
        each, depth = waiting.pop()
        yield each, min(depth, DEEPEST)
        waiting += [(child, depth + 1) for child in reversed(below[each.pk])]


def after_of(document: Any) -> int | None:
    """The document that one comes after."""
    wording = getattr(document, "wording", None)
    return wording.after_id if wording else None


def pair(one: int, other: int | None) -> tuple[int, int]:
    """Two documents in the order in which links name them."""
    return (min(one, other), max(one, other)) if other is not None else (one, one)


def links_between(documents: Iterable[int]) -> dict[tuple[int, int], OriginLink]:
    """The links among some documents."""
    ids = list(documents)
    links = OriginLink.objects.filter(a__in=ids, b__in=ids) if len(ids) > 1 else []
    return {(link.a_id, link.b_id): link for link in links}


def passages(document: Document, user: User) -> list[Passage]:
    """The documents that a document was compared with and shares text with, the most of it first."""
    links = OriginLink.objects.filter(Q(a=document) | Q(b=document)).order_by("-containment", "pk")[:SHOWN]
    others = {link.a_id + link.b_id - document.pk: link for link in links}
    seen = Document.objects.visible_to(user).filter(pk__in=others).select_related("source").in_bulk()
    newest = document.newest
    text = (newest.text or "") if newest else ""
    return [Passage(seen[pk], link, words(link, document.pk, text)) for pk, link in others.items() if pk in seen]


def words(link: OriginLink, document: int, text: str) -> str:
    """The shared passage as it stands in the text of one of the two."""
    start, end = (link.a_start, link.a_end) if link.a_id == document else (link.b_start, link.b_end)
    return text[start:end] if start is not None and end is not None else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind a story or a case: how it is counted, and the list behind the count. `texts` holds for each
    origin its documents, in order of time, the most copied first; empty where no list was asked for."""

    counted: Corroboration
    texts: Sequence[Sequence[Any]] = ()

    def __str__(self) -> str:
        return str(self.counted)

    @property
    def sources(self) -> list[str]:
        """The primary sources by name."""
        return sorted(self.counted.names[key] for key in self.counted.primaries)

    @property
    def passed_on(self) -> list[str]:
        """Outlets whose reports are only repeated, by name."""
        return sorted(self.counted.names[key] for key in self.counted.passed_on)

    @property
    def supporting(self) -> list[str]:
        """The independent sources that count, by name; a text without a primary source by its first document."""
        return self._called(self.counted.supporting)

    @property
    def disputing(self) -> list[str]:
        """The independent sources against it, by name."""
        return self._called(self.counted.disputing)

    @property
    def context(self) -> list[str]:
        """The independent sources that neither support nor contradict it, by name."""
        return self._called(self.counted.context)

    def _called(self, keys: Iterable[str]) -> list[str]:
        first = {origin_name(told[0].pk, told[0].origin_id): str(told[0]) for told in self.texts}
        return sorted(self.counted.names.get(key) or first.get(key, key) for key in keys)

    @property
    def sentence(self) -> str:
        """What a person may quote of a case: support, contradiction and context, each counted apart."""
        told, against, around = self.counted.independent, len(self.counted.disputing), len(self.counted.context)
        sources = f"{told or 'no'} independent source{'' if told == 1 else 's'} graded C3 or better"
        verb = "supports" if told == 1 else "support"
        contradicted = f", {against} contradict{'s' if against == 1 else ''} it" if against else ""
        context = f", {around} give{'s' if around == 1 else ''} context" if around else ""
        return f"{self}: {sources} {verb} this{contradicted}{context}."


def of_story(document: Document, *, listed: bool = False) -> Standing:
    """The documents that tell a document's story, and their origins, with the list of them if `listed`.

    Who is quoted in a story says nothing of any one claim, so primary sources are not counted here (`sources_of`).
    """
    held = Document.objects.filter(story=document.story_id) if document.story_id else Document.objects.none()
    told = list(held.order_by("pk").values_list("pk", "origin")[:COUNTED]) or [(document.pk, document.origin_id)]
    counted = corroborated(Report(pk, origin_name(pk, origin)) for pk, origin in told)
    return Standing(counted, texts([pk for pk, _ in told]) if listed else ())


def sources_of(document: Document) -> Standing:
    """The primary sources of what one document says in its newest text."""
    claims = counting(Claim.objects.filter(snapshot__document=document))
    named = [primary_of(each) for each in claims.order_by("pk")[:CLAIMS]]
    return Standing(corroborated(Report(document.pk, origin_name(document.pk, None), each) for each in named))


def of_exhibits(exhibits: Sequence[Any]) -> Standing:
    """What stands behind passages that are put before reviewers, with the copies of their texts that we hold.

    A passage goes back to the sources of the claims it overlaps. Exhibits come with their document and its source.
    """
    named = sources_in(exhibits)
    reports = [
        Report(
            exhibit.document_id,
            origin_name(exhibit.document_id, exhibit.document.origin_id),
            each,
            exhibit.document.source.reliability if exhibit.document.source else "F",
            exhibit.credibility,
            exhibit.stance == Stance.CONTRADICTS,
            exhibit.stance == Stance.CONTEXT,
        )
        for exhibit in exhibits
        for each in (named.get(exhibit.pk) or {Primary()})
    ]
    found = corroborated(reports)
    origins = {exhibit.document.origin_id for exhibit in exhibits if exhibit.document.origin_id}
    copied = Document.objects.filter(origin__in=origins).values_list("pk", flat=True) if origins else ()
    found.documents.update(copied)
    return Standing(found, texts(found.documents))


def texts(documents: Collection[int]) -> list[list[Any]]:
    """Some documents by the text they carry, the most copied first, each text in order of time."""
    rows = Document.objects.filter(pk__in=documents).select_related("source") if documents else ()
    by_text: defaultdict[str, list[Any]] = defaultdict(list)
    for each in sorted(rows, key=lambda row: (row.published_at or row.first_seen_at, row.pk)):
        by_text[origin_name(each.pk, each.origin_id)].append(each)
    return sorted(by_text.values(), key=lambda told: -len(told))


def sources_in(exhibits: Sequence[Any]) -> dict[int, set[Primary]]:
    """The sources of the claims that each exhibit's passage overlaps."""
    snapshots = {exhibit.snapshot_id for exhibit in exhibits}
    claims = counting(Claim.objects.filter(snapshot__in=snapshots)) if exhibits else []
    found: dict[int, set[Primary]] = defaultdict(set)
    for claim in claims:
        for exhibit in exhibits:
            if exhibit.snapshot_id == claim.snapshot_id and claim.start < exhibit.end and exhibit.start < claim.end:
                found[exhibit.pk].add(primary_of(claim))
    return found


def counting(claims: Any) -> Any:
    """The claims that nobody rejected, with who they go back to."""
    return claims.exclude(state=Claim.State.REJECTED).select_related("source_vendor")


def primary_of(claim: Any) -> Primary:
    """Whom a stored claim goes back to."""
    body = AGENCIES.get(claim.source_agency)
    called = claim.source_vendor.canonical_name if claim.source_vendor else body.name if body else ""
    told = {"vendor": claim.source_vendor_id, "agency": claim.source_agency, "name": claim.source_name}
    return primary(claim.source_kind, called=called, **told)


def origin_name(document: int, origin: int | None) -> str:
    """What stands for the text of a document: its origin, or itself while it has none."""
    return f"o{origin}" if origin else f"d{document}"
