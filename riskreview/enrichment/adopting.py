"""What a document means for those after it: many at once, without comparing each of them with everything again.

A document that came to be known late, or was read anew, is one more that each later one may come after. Which of those
it has is the best is known from its links, so that only the new one need be weighed against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from riskreview.evidence.models import OriginLink, Wording

from . import linked, said_of_origins
from .kinship import Kin, Texts, order, wordings
from .origins import Relation


@dataclass(frozen=True, slots=True)
class Later:
    """A document after the one that is new: how the two are related, and its links with others before it."""

    new: Kin
    held: Mapping[int, Kin]
    links: Mapping[int, OriginLink]

    @property
    def wording(self) -> Any:
        """What is remembered of it."""
        return self.new.wording

    @property
    def is_known(self) -> bool:
        """Whether it is known how closely it follows what it comes after today."""
        return self.wording.after_id is None or self.wording.after_id in self.held

    def follows(self, wording: Any) -> bool:
        """Whether it comes after the new one rather than after what it comes after today."""
        if not (self.new.declared or self.new.relation.is_same):
            return False
        now = self.held.get(self.wording.after_id)
        if now is None:
            return True
        alike = self.new.closeness == now.closeness
        return self.new.closeness > now.closeness or (alike and order(wording) < order(now.wording))


@dataclass(frozen=True, slots=True)
class Weighed:
    """Those after a document: `followers` come after it from now on, `asked` must be placed by all the rules."""

    later: Sequence[Later]
    followers: Sequence[Any]
    asked: frozenset[int]


def weigh(wording: Any, root: int, kin: Sequence[Kin]) -> Weighed:
    """Which of those after a document come after it; `root` is the first of its origin. Reads only."""
    later = [each for each in kin if order(each.wording) > order(wording)]
    if not later:
        return Weighed((), (), frozenset())
    told = said_of_origins.spoken_of({wording.pk, root, *(each.wording.pk for each in later)})
    if told & {wording.pk, root}:
        return Weighed((), (), frozenset(each.wording.pk for each in later))
    known = held([each for each in later if each.wording.pk not in told])
    free = [each for each in known if each.is_known]
    asked = told | {each.wording.pk for each in known if not each.is_known}
    followers = [each.wording for each in free if each.wording.after_id != wording.pk and each.follows(wording)]
    return Weighed(free, followers, frozenset(asked))


def held(later: Sequence[Kin]) -> list[Later]:
    """Each with what is stored of its relations to documents before it."""
    numbers = {each.wording.pk for each in later}
    links = list(OriginLink.objects.filter(Q(a__in=numbers) | Q(b__in=numbers)))
    others = {each.pk: each for each in wordings(Q(pk__in={pk for link in links for pk in (link.a_id, link.b_id)}))}
    by_document: dict[int, dict[int, OriginLink]] = {number: {} for number in numbers}
    for link in links:
        for one, other in ((link.a_id, link.b_id), (link.b_id, link.a_id)):
            if one in numbers:
                by_document[one][other] = link
    return [Later(each, before(each.wording, by_document[each.wording.pk], others), by_document[each.wording.pk])
            for each in later]  # fmt: skip


def before(wording: Any, links: Mapping[int, OriginLink], others: Mapping[int, Any]) -> dict[int, Kin]:
    """The documents before one that it is linked with, as they were found to be related."""
    found = {}
    for pk, link in links.items():
        other = others.get(pk)
        if other is not None and order(other) < order(wording):
            declared = other.document.key in wording.based_on or wording.document.key in other.based_on
            found[pk] = Kin(other, Relation(link.relation, link.containment, link.numbers), declared)  # type: ignore[arg-type]
    return found


def follow(wording: Any, followers: Sequence[Any]) -> None:
    """Let documents come after one."""
    Wording.objects.filter(pk__in=sorted(each.pk for each in followers)).update(after=wording.pk)
    for each in followers:
        each.after_id = wording.pk


def link(wording: Any, later: Sequence[Later], texts: Texts) -> None:
    """Link those after a document with it, if it is what they come after or one of the closest few of other origins."""
    numbers = {wording.pk, *(pk for each in later for pk in (each.wording.pk, *each.held))}
    now = {each.pk: each for each in wordings(Q(pk__in=numbers))} if later else {}
    rows, gone = [], []
    for each in later:
        kin = {pk: replace(held, wording=now[pk]) for pk, held in each.held.items()}
        kin[wording.pk] = replace(each.new, wording=now[wording.pk])
        mine = now[each.wording.pk]
        ordered = sorted(kin.values(), key=lambda one: order(one.wording))
        keep = {one.wording.pk for one in linked.wanted(mine, ordered, now.get(mine.after_id))}
        gone += [each.links[pk].pk for pk in each.held if pk not in keep]
        if wording.pk in keep and not is_stored(each, wording):
            rows.append((mine, kin[wording.pk]))
    if gone:
        OriginLink.objects.filter(pk__in=gone).delete()
    if rows:
        texts.fetch(mine.pk for mine, _ in rows)
        linked.store([linked.row(mine, kin, texts) for mine, kin in rows])


def is_stored(each: Later, wording: Any) -> bool:
    """Whether the relation to the new one is stored as it was found."""
    link, found = each.links.get(wording.pk), each.new.relation
    told = (linked.relation_of(each.new), found.containment, found.numbers)
    return link is not None and (link.relation, link.containment, link.numbers) == told
