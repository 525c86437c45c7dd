"""Who says what: the claims of a text, with their sources, cues, hedges and figures. Pure.

Rules of English, each named in the claim's reasons: "according to", verbs of speech and thought, nouns such as "claim
that", a colon before a quotation, quotations that go on, quotations without a source. A claim is what is said, never
what is true.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from riskreview.enrichment.according import according_to
from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.announced import announced, announcing
from riskreview.enrichment.attribution import verbal
from riskreview.enrichment.contents import Said
from riskreview.enrichment.found import NamesRead
from riskreview.enrichment.hedges import anonymous, hedges
from riskreview.enrichment.nominal import nominal
from riskreview.enrichment.quotes import quotes
from riskreview.enrichment.said import Claim, Figure, Hedge, Kind, Source, SourceKind, Span
from riskreview.enrichment.speakers import Speakers
from riskreview.enrichment.tokens import Unit, units, words_in

__all__ = ["Claim", "Figure", "Hedge", "Kind", "Source", "SourceKind", "Span", "claims"]

CLAIMS_MOST = 5_000
_BARE_LEAST = 4
_JOINED_WITHIN = 40
_QUOTED_MOST_PERCENT = 70


def claims(text: str, spans: Sequence[Span], names: NamesRead) -> list[Claim]:
    """The claims of a text in order of their content; at most one of a kind begins at one place.

    None where the text is in another language than English. Needs time linear in the text; reads on until 5,000 are
    found, which bounds it for hostile text.
    """
    if names.not_analysed:
        return []
    reader = _Reader(text, spans, names)
    for unit in units(text, spans, quotes(text)):
        reader.read(unit)
        if reader.is_full:
            break
    return reader.claims()


@dataclass(slots=True)
class _Told:
    """A statement in the making: its source is resolved, its content may still grow."""

    said: Said
    source: Source
    reasons: tuple[str, ...]
    content: list[Span]


class _Reader:
    def __init__(self, text: str, spans: Sequence[Span], names: NamesRead) -> None:
        self._text, self._spans = text, spans
        self._starts = [start for start, _ in spans]
        self._speakers = Speakers(text, names)
        self._told: list[_Told] = []
        self._announced: tuple[Span, Span | None] | None = None
        self._goes_on: tuple[_Told, int] | None = None

    @property
    def is_full(self) -> bool:
        """Whether more claims were told than any article holds."""
        return len(self._told) >= CLAIMS_MOST

    def read(self, unit: Unit) -> None:
        """Take in the next sentence."""
        found = list(_attributed(unit))
        before, self._announced = self._announced, None
        for said in found:
            self._tell(said)
        if not found and unit.quotes:
            self._quoted(unit, before)
        self._bare(unit, [told.content for told in self._told[-len(found) - 2 :]])
        self._remember(unit, found)

    def claims(self) -> list[Claim]:
        """All that was told, in order of content."""
        marks = _Marks(self._text, self._spans)
        made = (self._claim(told, marks) for told in self._told[:CLAIMS_MOST])
        unique = {(claim.content[0][0], claim.kind): claim for claim in made}
        return sorted(unique.values(), key=lambda claim: (claim.content, claim.kind))

    def _tell(self, said: Said) -> None:
        last = self._borrowed(said) if said.borrowed else None
        if last is not None:
            source, reason = last, "its source is the one of the statement before"
        else:
            source, reason = self._speakers.source(said.source)
        reasons = (said.rule, *([reason] if reason else []))
        self._told.append(_Told(said, source, reasons, list(said.content)))

    def _borrowed(self, said: Said) -> Source | None:
        before = self._told[-1] if self._told else None
        sentence = self._sentence(said.cue[0])
        if before and before.source.span and self._sentence(before.said.cue[0]) == sentence:
            return before.source
        return None if said.source else self._speakers.last(said.cue[0])

    def _quoted(self, unit: Unit, before: tuple[Span, Span | None] | None) -> None:
        """A quotation whose source stands in the sentence before."""
        first = unit.quotes[0]
        if before and first[0] - unit.start <= 2:
            source, cue = before
            content = (first[0], unit.quotes[-1][1])
            self._tell(Said("DIRECT", (content,), source, cue or source, "a colon announces the quotation"))
        elif self._goes_on and 100 * unit.quoted > _QUOTED_MOST_PERCENT * (unit.end - unit.start):
            self._go_on(unit, *self._goes_on)

    def _go_on(self, unit: Unit, told: _Told, reached: int) -> None:
        content = (unit.quotes[0][0], unit.quotes[-1][1])
        if unit.start - reached > _JOINED_WITHIN:
            return
        if len(told.content) == 1:
            told.content.append(content)
        elif self._text[told.content[1][1] : content[0]].isspace():
            told.content[1] = (told.content[1][0], content[1])
        else:
            rule = "the quotation goes on from the sentence before"
            self._told.append(_Told(Said("DIRECT", (content,), None, content, rule), told.source, (rule,), [content]))

    def _bare(self, unit: Unit, taken: Sequence[Sequence[Span]]) -> None:
        covered = [span for spans in taken for span in spans]
        for start, end in unit.quotes:
            free = all(end <= left or right <= start for left, right in covered)
            if free and words_in(self._text, start, end, _BARE_LEAST) >= _BARE_LEAST:
                rule = "a quotation, and nobody is named who says it"
                self._told.append(
                    _Told(
                        Said("BARE", ((start, end),), None, (start, end), rule), Source("NONE"), (rule,), [(start, end)]
                    )
                )

    def _remember(self, unit: Unit, found: Sequence[Said]) -> None:
        """What the next sentence may lean on: an announced quotation, a quotation that may go on."""
        self._announced = announcing(unit)
        if unit.quotes and self._told and self._told[-1].source.span and self._told[-1].said.is_quoted:
            self._goes_on = (self._told[-1], unit.end)
        else:
            self._goes_on = None

    def _sentence(self, place: int) -> int:
        return max(0, bisect.bisect_right(self._starts, place) - 1)

    def _claim(self, told: _Told, marks: _Marks) -> Claim:
        said, content = told.said, tuple(told.content)
        has_cue = said.kind != "BARE" and said.cue != content[0] and said.cue != said.source
        somebody = next(filter(None, (anonymous(self._text, *span) for span in content)), None)
        if somebody is None and told.source.kind == "ANONYMOUS":
            somebody = told.source.span
        return Claim(
            said.kind,
            self._sentence(content[0][0]),
            content,
            told.source,
            said.cue if has_cue else None,
            marks.hedges(content),
            marks.figures(content),
            somebody,
            told.reasons,
            said.denies,
        )


class _Marks:
    """The hedges and figures of the sentences that somebody says something in."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text, self._spans = text, spans
        self._starts = [start for start, _ in spans]
        self._hedges: dict[int, list[Hedge]] = {}
        self._figures: dict[int, list[Figure]] = {}

    def hedges(self, content: Iterable[Span]) -> tuple[Hedge, ...]:
        """Those in the sentences of the content."""
        found: dict[Hedge, None] = {}
        for index in self._sentences(content):
            if index not in self._hedges:
                self._hedges[index] = hedges(self._text, *self._spans[index])
            found |= dict.fromkeys(self._hedges[index])
        return tuple(found)

    def figures(self, content: Sequence[Span]) -> tuple[Figure, ...]:
        """Those in the content itself."""
        found: dict[Figure, None] = {}
        for index in self._sentences(content):
            if index not in self._figures:
                self._figures[index] = amounts(self._text, *self._spans[index])
            inside = (f for f in self._figures[index] if any(a <= f.start and f.end <= b for a, b in content))
            found |= dict.fromkeys(inside)
        return tuple(found)

    def _sentences(self, content: Iterable[Span]) -> Iterator[int]:
        for start, end in content:
            first = max(0, bisect.bisect_right(self._starts, start) - 1)
            yield from range(first, max(first + 1, bisect.bisect_left(self._starts, end)))


def _attributed(unit: Unit) -> Iterator[Said]:
    """All that a sentence hands over, the nouns last: they may stand inside what a verb hands over."""
    spoken = verbal(unit)
    named = according_to(unit)
    if named is not None and not any(said.is_quoted and said.cue[0] < named.cue[0] for said in spoken):
        short = len(named.rule) and unit.text[named.cue[0] : named.cue[1]].lower() in ("citing", "per")
        spoken = spoken if short and spoken else [named]
    if not spoken and unit.quotes:
        spoken = list(filter(None, [announced(unit)]))
    yield from spoken
    yield from nominal(unit, spoken)
