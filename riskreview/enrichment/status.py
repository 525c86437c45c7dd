"""Where a matter stands as a sentence tells it: asserted, alleged, denied or proposed. Pure; rules of English.

The rules are asked in a fixed order, the first that holds decides and is named in plain words. Words of possibility
("may have") change nothing: they say how sure somebody is, not whether it is said.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from riskreview.enrichment import rules
from riskreview.enrichment.hedges import hedges
from riskreview.enrichment.said import Claim, Hedge

Status = Literal["ASSERTED", "ALLEGED", "DENIED", "PROPOSED"]
Span = tuple[int, int]

PATTERNS = {key: rules.pattern(words, f"status.toml {key}") for key, words in rules.load("status").items()}
_HEDGE_AFTER = 80
_NEGATION_REACH = 80
# An authority that says so does it; what it says of others stays its word.
_OFFICIAL = frozenset(
    ("security_review", "ban_restriction", "litigation_enforcement", "export_control", "governance_policy")
)
# What is not so is the very matter of it.
_NEGATIVE = frozenset(("misinformation_content", "performance_claim"))
# What somebody does: told beforehand, it is a plan.
_ACTS = _OFFICIAL | {"account_action", "model_release", "pricing", "investment_ma", "energy_infrastructure"}
# Praise of oneself is no fact.
_PRAISE = frozenset(("performance_claim",))
_OFFICE = re.compile(
    r"(?i)\b(?:authorit\w+|ministr?\w*|regulators?|watchdog|commission\w*|court|government|council|department|agency"
    r"|parliament|committee|prosecutors?|police|attorney[ -]general|office|inspectorate|judge|tribunal|coroner)\b"
)
_ITS = re.compile(r"(?:its?|the (?:company|firm|group|start-?up|maker|developer|vendor|provider))\b")


@dataclass(frozen=True, slots=True)
class Matter:
    """Words of a sentence that speak of a category: their place in it, and whom they concern."""

    category: str
    start: int
    end: int
    vendors: frozenset[int]


class Statuses:
    """Tells the status of matters in a text whose claims are known."""

    def __init__(self, text: str, claims: Sequence[Claim]) -> None:
        self._text = text
        self._contents = sorted(
            (start, end, number)
            for number, claim in enumerate(claims)
            if claim.kind != "STATED"
            for start, end in claim.content
        )
        self._starts = [start for start, _, _ in self._contents]
        self._claims = claims

    def holding(self, start: int, end: int) -> int | None:
        """The index of the narrowest claim whose content holds [start, end)."""
        upto = bisect.bisect_right(self._starts, start)
        near = self._contents[max(0, upto - 20) : upto]
        holds = [(right - left, number) for left, right, number in near if end <= right]
        return min(holds)[1] if holds else None

    def tell(self, sentence: str, offset: int, matter: Matter, claim: int | None) -> tuple[Status, str]:
        """The status of a matter in a plain sentence that begins at `offset`, and why."""
        hedged = hedges(self._text, offset, offset + len(sentence))
        told = _Told(self._text, sentence, offset, matter, hedged, None if claim is None else self._claims[claim])
        return next(told.answers())


@dataclass(frozen=True, slots=True)
class _Told:
    text: str
    sentence: str
    offset: int
    matter: Matter
    hedges: Sequence[Hedge]
    claim: Claim | None

    def answers(self) -> Iterator[tuple[Status, str]]:
        """The answers of the rules that hold, in their order."""
        sentence = self._without_asides()
        start, end = _clause(sentence, self.matter.start, self.matter.end)
        before, after = sentence[start : self.matter.start], sentence[self.matter.end : end]
        yield from self._denied(before, after)
        yield from self._hearsay(end)
        yield from self._intended()
        yield from self._announced(before)
        yield from self._alleged(before, after)
        yield from self._planned(before)
        yield "ASSERTED", "Told as a fact, in the document's own voice or by somebody who tells of his own doing."

    def _without_asides(self) -> str:
        """The sentence with blanks for what it says by the way of somebody, unless the matter stands there."""

        def blank(match: re.Match[str]) -> str:
            apart = match.end() <= self.matter.start or self.matter.end <= match.start()
            return " " * len(match.group()) if apart else match.group()

        return PATTERNS["aside"].sub(blank, self.sentence)

    def _denied(self, before: str, after: str) -> Iterator[tuple[Status, str]]:
        clause = before + self.sentence[self.matter.start : self.matter.end] + after
        for match in PATTERNS["denial"].finditer(clause):
            if not PATTERNS["no_denial"].match(clause, match.start()):
                yield "DENIED", f'Denied or undone in the same clause: "{_shown(match.group())}".'
        negated = PATTERNS["negated"].search(self._within())
        if negated and self.matter.category not in _NEGATIVE:
            yield "DENIED", f'Said not to be so: "{_shown(negated.group())}" stands in it.'
        negation = PATTERNS["negation"].search(before, max(0, len(before) - _NEGATION_REACH))
        if negation and not PATTERNS["no_negation"].search(before, max(0, negation.start() - 8)):
            word = negation.group().split(maxsplit=1)[0].strip(",")
            yield "DENIED", f'Said not to be so: "{word}" stands before it.'

    def _hearsay(self, end: int) -> Iterator[tuple[Status, str]]:
        for hedge in self.hedges:
            left, right = hedge.start - self.offset, hedge.end - self.offset
            if hedge.kind != "HEARSAY" or self._is_plea(self.text[hedge.start : hedge.end]):
                continue
            within = left >= self.matter.start and right <= self.matter.end
            ahead = left <= self.matter.start and self._governs(left, right)
            behind = self.matter.end <= left < min(end, self.matter.end + _HEDGE_AFTER) and self._reaches_back(left)
            if ahead or behind or within:
                yield "ALLEGED", f'Hearsay: "{_shown(self.text[hedge.start : hedge.end])}".'
        if match := PATTERNS["hearsay"].search(self.sentence):
            yield "ALLEGED", f'Hearsay: "{match.group()}".'

    def _is_plea(self, words: str) -> bool:
        """Whether it only says what a lawsuit alleges: that there is one is told as a fact."""
        return self.matter.category == "litigation_enforcement" and words.lower().startswith("alleg")

    def _reaches_back(self, left: int) -> bool:
        """Whether a hedge after the matter still speaks of it: a comma before it begins something else."""
        return "," not in self.sentence[self.matter.end : left]

    def _governs(self, left: int, right: int) -> bool:
        """Whether a hedge before the matter reaches it: between commas it governs what stands there, or is an aside."""
        opened = self.sentence.rfind(",", 0, left)
        closed = self.sentence.find(",", right, self.matter.start)
        if opened < 0 or closed < 0:
            return True
        return len(self.sentence[opened + 1 : left].split()) + len(self.sentence[right:closed].split()) <= 1

    def _intended(self) -> Iterator[tuple[Status, str]]:
        cue = self._cue()
        if cue and PATTERNS["intention"].search(cue):
            yield "PROPOSED", f'Wanted or planned: "{_shown(cue)}".'

    def _announced(self, before: str) -> Iterator[tuple[Status, str]]:
        """What somebody will do stays a plan though others tell of it; what will befall somebody is their word."""
        cue = self._cue()
        told = cue and PATTERNS["saying"].search(cue) and "warn" not in cue
        if self.matter.category not in _ACTS or not told or PATTERNS["onlooker"].search(self._source()):
            return
        told_of = before + self._within()
        if (match := PATTERNS["announced_plan"].search(told_of)) and not PATTERNS["no_plan"].search(told_of):
            yield "PROPOSED", f'Still to come: "{_shown(match.group())}".'

    def _within(self) -> str:
        return self.sentence[self.matter.start : self.matter.end]

    def _alleged(self, before: str, after: str) -> Iterator[tuple[Status, str]]:
        cue = self._cue()
        if cue and PATTERNS["factive"].search(cue):
            return
        official = self.matter.category in _OFFICIAL
        match = PATTERNS["allegation"].search(before if official else before + self._within())
        if match and not self._is_plea(match.group()) and not (official and "whether" in match.group()):
            yield "ALLEGED", f'An allegation: "{_shown(match.group())}" stands before it.'
        if not official and (match := PATTERNS["believed"].search(after)):
            yield "ALLEGED", f'Said in a belief or charge: "{_shown(match.group())}".'
        if self.claim and self.claim.kind != "BARE" and not self._own_doing(cue):
            yield "ALLEGED", f'Somebody says so: "{_shown(cue or self._source() or "a quotation")}".'
        if not self.claim and (closing := self._closing()):
            yield "ALLEGED", f'Somebody says so: "{_shown(closing)}".'

    def _closing(self) -> str:
        """The words at the end, or in an aside, that say who makes the statement, where that makes it no fact."""
        for match in PATTERNS["closing"].finditer(self.sentence):
            source, cue = match["source"], match["cue"]
            own = ("\x01" in source or _ITS.match(source)) and self._is_at_its_word(source)
            known = (own and PATTERNS["saying"].search(cue)) or PATTERNS["factive"].search(cue)
            paper = PATTERNS["record"].search(source) or (_OFFICE.search(source) and self.matter.category in _OFFICIAL)
            if self.matter.end <= match.start() and PATTERNS["new_statement"].search(
                self.sentence[: match.start()][-6:]
            ):
                continue
            inside = match.start() <= self.matter.start and self.matter.end <= match.end()
            if not (known or paper or inside):
                return match.group().strip(" ,.")
        return ""

    def _planned(self, before: str) -> Iterator[tuple[Status, str]]:
        within = self._within()
        match = PATTERNS["plan"].search(before) or PATTERNS["plan_within"].search(within)
        if match and not PATTERNS["no_plan"].search(before + within):
            yield "PROPOSED", f'Still to come: "{_shown(match.group())}".'
        for hedge in self.hedges:
            if hedge.kind == "FORECAST" and hedge.start - self.offset < self.matter.start:
                yield "PROPOSED", f'Foreseen: "{_shown(self.text[hedge.start : hedge.end])}".'

    def _own_doing(self, cue: str) -> bool:
        """Whether the source plainly tells what it did itself, or a paper records it."""
        if self.claim is None or (cue and not PATTERNS["saying"].search(cue)):
            return False
        source, named = self.claim.source, self._source()
        if PATTERNS["record"].search(named):
            return self.matter.category not in _PRAISE
        official = source.kind == "AGENCY" or bool(_OFFICE.search(named))
        if official and self.matter.category in _OFFICIAL:
            return True
        vendor = source.vendor in self.matter.vendors or bool(_ITS.match(named))
        return vendor and self._is_at_its_word(named)

    def _is_at_its_word(self, source: str) -> bool:
        """Whether a vendor, named so as the source, is taken at its word about its own doing."""
        return self.matter.category not in _PRAISE and not PATTERNS["outsider"].search(source)

    def _cue(self) -> str:
        return self._words(self.claim.cue) if self.claim and self.claim.cue else ""

    def _source(self) -> str:
        return self._words(self.claim.source.span) if self.claim and self.claim.source.span else ""

    def _words(self, span: Span) -> str:
        return self.text[span[0] : span[1]].lower()


def _clause(sentence: str, start: int, end: int) -> Span:
    """The borders of the clause around [start, end)."""
    left, right = 0, len(sentence)
    for match in PATTERNS["border"].finditer(sentence):
        if match.end() <= start + 1:
            left = match.start() + 1
        elif match.start() >= end:
            right = match.start()
            break
    return left, right


def _shown(words: str) -> str:
    return " ".join(words.replace("\x01", "").replace("\x02", "").split())[:80]
