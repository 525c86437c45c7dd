"""Whom a sentence concerns: the vendors it is about, and the public bodies it names. Pure."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from riskreview.enrichment import rules
from riskreview.enrichment.categories import PLACE, compiled, plain
from riskreview.enrichment.found import AgencyFound, Found
from riskreview.enrichment.said import Claim

Scope = Literal["SENTENCE", "PREVIOUS", "CHANNEL"]
Span = tuple[int, int]

_DATA = rules.load("signals")
_ANAPHOR = rules.pattern(_DATA["anaphor"], "signals.toml anaphor")
_STATEMENT_PLACE = compiled(_DATA["statement_place"], "statement_place")
# A store where an app is to be had is where something happens, as is the owner beside whose name it stands.
_STORE = re.compile(
    r"(?:[A-Z]\w{1,20}(?:['’]s)?\s(?:[A-Z]\w{1,12}\s)?)?"
    r"(?:App ?Store|Play Store|Google Play|Galaxy Store|Microsoft Store|AppGallery)\b"
)
_INTO_STORE = re.compile(
    r"\b(?:in|on|from|at|via|through|to|top of)\s(?:the\s|its\s)?(?:[A-Z]\w{1,20}(?:['’]s)?\s){0,2}$"
)
_COMPANION = re.compile(
    r"\b(?:(?:together|along|jointly|in concert|in partnership)\swith|alongside)\s(?:[\w,]{1,20}\s){0,3}$"
)
_REACH = 60  # characters before a name that say how it stands there
_FIRST_WORDS = re.compile(r"\W{0,3}(?:The\s)?[\w-]{1,20}")


@dataclass(frozen=True, slots=True)
class Concerned:
    """The vendors a sentence is about, in which sense, and why these."""

    vendors: frozenset[int]
    scope: Scope
    reason: str


NOBODY = Concerned(frozenset(), "SENTENCE", "No vendor is named.")


class Sentences:
    """The sentences of a text with the names in them."""

    def __init__(
        self,
        text: str,
        spans: Sequence[Span],
        found: Iterable[Found],
        agencies: Iterable[AgencyFound],
        claims: Sequence[Claim],
    ) -> None:
        self._text, self.spans = text, spans
        self._starts = [start for start, _ in spans]
        self._sources = sorted(
            claim.source.span for claim in claims if claim.kind == "ACCORDING_TO" and claim.source.span
        )
        self._mentions: defaultdict[int, list[Found]] = defaultdict(list)
        self._agencies: defaultdict[int, list[AgencyFound]] = defaultdict(list)
        for mention in found:
            if mention.state == "ACCEPTED":
                self._mentions[self._at(mention.start)].append(mention)
        for body in agencies:
            self._agencies[self._at(body.start)].append(body)

    def spoken(self) -> Iterator[int]:
        """The sentences that concern a vendor, in order."""
        return (index for index in range(len(self.spans)) if self.concerned(index).vendors)

    def mentions(self, index: int) -> Sequence[Found]:
        """The accepted mentions in a sentence."""
        return self._mentions.get(index, [])

    def agencies(self, index: int) -> Sequence[AgencyFound]:
        """The public bodies in a sentence."""
        return self._agencies.get(index, [])

    def concerned(self, index: int) -> Concerned:
        """Whom the sentence concerns, itself or by the sentence before in its paragraph."""
        if index in self._mentions:
            named = self._named(self._mentions[index])
            if named.scope == "CHANNEL" and self._is_statement_place(index):
                return NOBODY
            return self._joined(index, named) if self._is_companion(index) else named
        before = self._before(index)
        if before.vendors:
            reason = f'"{self._first_words(index)}" stands for the vendor of the sentence before.'
            return Concerned(before.vendors, "PREVIOUS", reason)
        return NOBODY

    def _before(self, index: int) -> Concerned:
        """Whom the sentence before concerns, where this one goes on about it in the same paragraph."""
        if index - 1 in self._mentions and self._continues(index):
            before = self._named(self._mentions[index - 1])
            if before.scope == "SENTENCE":
                return before
        return NOBODY

    def _first_words(self, index: int) -> str:
        opens = _FIRST_WORDS.match(self._text, self.spans[index][0])
        return opens.group().strip() if opens else ""

    def _joined(self, index: int, named: Concerned) -> Concerned:
        """Who acts together with "it" or "the company" is not concerned alone."""
        before = self._before(index)
        if not before.vendors:
            return named
        reason = f'Named as who acts together with the vendor that "{self._first_words(index)}" stands for.'
        return Concerned(before.vendors | named.vendors, "SENTENCE", reason)

    def _is_companion(self, index: int) -> bool:
        """Whether every name of the sentence stands behind "together with"."""
        start = self.spans[index][0]
        return all(
            _COMPANION.search(self._text, max(start, mention.start - _REACH), mention.start)
            for mention in self._mentions[index]
        )

    def _named(self, mentions: Sequence[Found]) -> Concerned:
        own = [mention for mention in mentions if not self._is_source(mention)]
        own = [mention for mention in own if not self._is_store(mention)] or own
        ranks: list[tuple[str, Scope, str]] = [
            ("AGENT TARGET OTHER", "SENTENCE", "Named in the sentence."),
            ("MODIFIER SOURCE", "SENTENCE", "Named in the sentence, beside another name or as who speaks."),
            ("CHANNEL", "CHANNEL", "Named only as the place where it happened."),
        ]
        for roles, scope, reason in ranks:
            vendors = frozenset(mention.name.vendor for mention in own if mention.role in roles.split())
            if vendors:
                return Concerned(vendors, scope, reason)
        return NOBODY

    def _is_source(self, mention: Found) -> bool:
        """Whether a name stands in the source of an "according to": it tells of others."""
        place = bisect.bisect_right(self._sources, (mention.start, len(self._text))) - 1
        return place >= 0 and mention.end <= self._sources[place][1]

    def _is_store(self, mention: Found) -> bool:
        """Whether a name is a store, or its owner's, that something is in or comes from."""
        before = max(0, mention.start - _REACH)
        return bool(_STORE.match(self._text, mention.start) and _INTO_STORE.search(self._text, before, mention.start))

    def _is_statement_place(self, index: int) -> bool:
        """Whether the sentence names its only vendor as where somebody says something ("wrote on X about")."""
        names = [(mention.start, mention.end, PLACE) for mention in self._mentions[index]]
        return bool(_STATEMENT_PLACE.search(plain(self._text, *self.spans[index], names)))

    def _continues(self, index: int) -> bool:
        start = self.spans[index][0]
        return bool(_ANAPHOR.match(self._text, start)) and "\n" not in self._text[self.spans[index - 1][1] : start]

    def _at(self, place: int) -> int:
        return max(0, bisect.bisect_right(self._starts, place) - 1)
