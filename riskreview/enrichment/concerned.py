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
            return NOBODY if named.scope == "CHANNEL" and self._is_statement_place(index) else named
        if index - 1 in self._mentions and self._continues(index):
            before = self._named(self._mentions[index - 1])
            if before.scope == "SENTENCE" and before.vendors:
                opens = _FIRST_WORDS.match(self._text, self.spans[index][0])
                word = opens.group().strip() if opens else ""
                return Concerned(before.vendors, "PREVIOUS", f'"{word}" stands for the vendor of the sentence before.')
        return NOBODY

    def _named(self, mentions: Sequence[Found]) -> Concerned:
        own = [mention for mention in mentions if not self._is_source(mention)]
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

    def _is_statement_place(self, index: int) -> bool:
        """Whether the sentence names its only vendor as where somebody says something ("wrote on X about")."""
        names = [(mention.start, mention.end, PLACE) for mention in self._mentions[index]]
        return bool(_STATEMENT_PLACE.search(plain(self._text, *self.spans[index], names)))

    def _continues(self, index: int) -> bool:
        start = self.spans[index][0]
        return bool(_ANAPHOR.match(self._text, start)) and "\n" not in self._text[self.spans[index - 1][1] : start]

    def _at(self, place: int) -> int:
        return max(0, bisect.bisect_right(self._starts, place) - 1)
