"""Which documents are about one event: each follows one of the documents of the 14 days before, or opens a story.

Copies of a text enter once, with the first document of their origin. Candidates are bounded, so the work grows with the
number of documents and no faster.
"""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from riskreview.evidence.models import Document, Story, Telling, TellingTerm, Wording

from .stories import THRESHOLD, WINDOW_DAYS, Told, choose, keys, likeness

WINDOW = timedelta(days=WINDOW_DAYS)
NEAREST = 200  # documents looked at for one term, the nearest in time
COMPARED = 60  # documents a document is compared with, those that share most terms

_ASKED = (
    *("key", "headline", "url", "published_at", "first_seen_at", "heaviest_terms", "origin__root", "story__title"),
    *("wording__at", "telling__likeness", "story__opening__heaviest_terms"),
)

# The nearest documents of each term, counted by how many of the terms they have.
_NEAREST = """
SELECT near.document_id FROM unnest(%s::bigint[]) AS kept(term) CROSS JOIN LATERAL (
  SELECT document_id, at FROM evidence_tellingterm WHERE term = kept.term AND at BETWEEN %s AND %s
  ORDER BY at {direction} LIMIT %s
) AS near GROUP BY near.document_id, near.at ORDER BY count(*) DESC, near.at {direction} LIMIT %s
"""


def tell(*documents: Document | int, until: float = math.inf) -> set[int]:
    """Put documents into the stories they are about, or open some; and those after them that this touches. Those for
    which there was no time `until` then, by the monotonic clock."""
    course = Course(until=until)
    course.settle({each if isinstance(each, int) else each.pk for each in documents})
    for each in documents:
        if isinstance(each, Document):
            each.refresh_from_db(fields=["story"])
    return set(course.waiting)


@dataclass(slots=True)
class Course:
    """Tells documents in the order of time."""

    until: float = math.inf
    waiting: dict[int, Any] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    copies: dict[int, int] = field(default_factory=dict)

    def settle(self, documents: set[int]) -> None:
        """Tell these, the earliest first, and at least one of them. Copies follow all at once."""
        self.ask(documents)
        is_begun = False
        while self.waiting and (not is_begun or time.monotonic() < self.until):
            number = min(self.waiting, key=lambda pk: order(self.waiting[pk]))
            first = self.waiting.pop(number)
            [first] = placed({number}) if self.touched else [first]  # as it is now
            self.touched |= {first.story_id} - {None}
            self.decide(first)
            is_begun = True
        self.repeat()
        tidy(self.touched)

    def ask(self, documents: Iterable[int]) -> None:
        """Let documents be told, when their turn comes. Copies are no part of the course."""
        fresh = {each.pk: each for each in placed(set(documents) - self.waiting.keys() - self.copies.keys())}
        copies = {pk: each.origin.root_id for pk, each in fresh.items() if each.origin and each.origin.root_id != pk}
        self.waiting |= {pk: each for pk, each in fresh.items() if pk not in copies}
        if copies:
            self.copies |= copies
            self.touched |= {fresh[pk].story_id for pk in copies} - {None}
            self.leave(copies)

    def leave(self, copies: Collection[int]) -> None:
        """Documents that are copies, as is known now, are followed by none: what followed them follows another one."""
        followers = Telling.objects.filter(after__in=copies).values_list("pk", flat=True)
        asked = set(followers) - set(copies)
        Telling.objects.filter(pk__in=copies).delete()
        TellingTerm.objects.filter(document__in=copies).delete()
        if asked:
            self.ask(asked)

    def repeat(self) -> None:
        """Copies go where the first document of their origin is."""
        stories = dict(Document.objects.filter(pk__in=set(self.copies.values())).values_list("pk", "story"))
        for root, story in stories.items():
            if story is not None:
                those = [pk for pk, first in self.copies.items() if first == root]
                Document.objects.filter(pk__in=those).exclude(story=story).update(story=story)
                self.touched.add(story)

    def decide(self, document: Any) -> None:
        """Find what a document follows, and ask those again that may follow it."""
        is_first = document.story_id is None
        is_new = remember(document)
        before = [each for each in near(document, later=False) if order(each) < order(document)]
        after, alike = choose(document.heaviest_terms, map(told_of, before)) or (None, 0)
        Telling.objects.filter(pk=document.pk).exclude(after=after, likeness=alike).update(after=after, likeness=alike)
        story = story_of(after) if after else own_story(document)
        copies = dict(Document.objects.filter(origin__root=document.pk).values_list("pk", "story"))
        moved = [pk for pk, now in {document.pk: document.story_id, **copies}.items() if now != story.pk]
        Document.objects.filter(pk__in=moved).update(story=story)
        self.touched |= {story.pk, *copies.values()} - {None}
        if moved or is_new:
            later = [each for each in near(document, later=True) if order(each) > order(document)]
            followers = Telling.objects.filter(after=document.pk).values_list("pk", flat=True) if not is_first else ()
            told = told_of(placed({document.pk})[0]) if later else None
            self.ask([*(each.pk for each in later if told and may_follow(each, told)), *followers])


def placed(documents: set[int]) -> list[Any]:
    """Documents with their place in time and what decides on their story."""
    if not documents:
        return []
    rows = Document.objects.filter(pk__in=documents).select_related("origin", "wording", "telling", "story__opening")
    return list(rows.only(*_ASKED))


def may_follow(later: Any, told: Told) -> bool:
    """Whether a document may follow one that came to be known after it was told itself."""
    telling: Telling | None = getattr(later, "telling", None)
    alike = likeness(later.heaviest_terms, told)
    return telling is None or alike >= max(THRESHOLD, telling.likeness)


def at(document: Any) -> datetime.datetime:
    """When a document was told."""
    wording: Wording | None = getattr(document, "wording", None)
    found: datetime.datetime = wording.at if wording else document.published_at or document.first_seen_at
    return found


def order(document: Any) -> tuple[datetime.datetime, str]:
    """The place of a document in time."""
    return at(document), document.key


def remember(document: Any) -> bool:
    """Keep the terms by which a document is found; whether they are new."""
    hashes = {hashed(term) for term in keys(document.heaviest_terms)}
    day = at(document)
    telling = Telling.objects.filter(pk=document.pk).first()
    if telling is None:
        Telling.objects.create(document_id=document.pk, at=day)
    else:
        if set(TellingTerm.objects.filter(document=document.pk).values_list("term", "at")) == {
            (h, day) for h in hashes
        }:
            return False
        Telling.objects.filter(pk=document.pk).update(at=day)
        TellingTerm.objects.filter(document=document.pk).delete()
    TellingTerm.objects.bulk_create(TellingTerm(term=h, at=day, document_id=document.pk) for h in sorted(hashes))
    return True


def near(document: Any, *, later: bool) -> list[Any]:
    """The documents of the two weeks before, or after, that share most of the heaviest terms."""
    day = at(document)
    since, until = (day, day + WINDOW) if later else (day - WINDOW, day)
    query = _NEAREST.format(direction="ASC" if later else "DESC")
    terms = [hashed(term) for term in keys(document.heaviest_terms)]
    with connection.cursor() as cursor:
        cursor.execute(query, [terms, since, until, NEAREST, COMPARED])
        found = {pk for (pk,) in cursor.fetchall()} - {document.pk}
    return sorted(placed(found), key=order) if found else []


def told_of(document: Any) -> Told:
    """A document as the rules see it; one whose story was never told, or began elsewhere, opens its own."""
    story = document.story
    opening = story.opening if story and story.opening else document
    return Told(document.pk, document.heaviest_terms, opening.heaviest_terms)


def story_of(document: int) -> Story:
    """The story of a document that was told before."""
    held = Document.objects.select_related("story").get(pk=document)
    if held.story is None:
        held.story = own_story(held)
        Document.objects.filter(pk=document).update(story=held.story)
    return held.story


def own_story(document: Any) -> Story:
    """The story that a document opens."""
    day = at(document)
    begun = {"title": str(document)[:500], "first_at": day, "last_at": day}
    story: Story | None = Story.objects.filter(opening=document.pk).first()
    return story or Story.objects.create(opening_id=document.pk, **begun)


def tidy(stories: set[int]) -> None:
    """Let stories span their documents. Those that nobody tells any more go."""
    spans = Document.objects.filter(story__in=stories).values("story").order_by()
    seen = spans.annotate(first=Min("published_at"), last=Max("published_at"))
    told = {each["story"]: (each["first"], each["last"]) for each in seen}
    Story.objects.filter(pk__in=stories - told.keys()).delete()
    for story, (first, last) in told.items():
        if first is not None:
            Story.objects.filter(pk=story).exclude(first_at=first, last_at=last).update(first_at=first, last_at=last)


def hashed(term: str) -> int:
    """A term as a number of 64 bits."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big", signed=True)
