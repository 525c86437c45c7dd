"""What a cue hands over: its content with its ends, and whether it is quoted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from riskreview.enrichment import wording as w
from riskreview.enrichment.said import Kind, Span
from riskreview.enrichment.tokens import QUOTE, Token, Unit, is_finished, words_in

SPEECH_QUOTED = 4
_CONTENT_LEAST = 3
_AFTER_CLAUSE = frozenset({"which", "although", "though", "and", "who"})


@dataclass(frozen=True, slots=True)
class Said:
    """What one cue hands over: spans of content, source and cue in the text, and the rule in plain words.

    `borrowed` says that the source is the one of the statement before ("..., adding that"), `denies` that the source
    says it is not so.
    """

    kind: Kind
    content: tuple[Span, ...]
    source: Span | None
    cue: Span
    rule: str
    borrowed: bool = False
    denies: bool = False

    @property
    def extent(self) -> Span:
        """From the first to the last word that belongs to it."""
        spans = [*self.content, self.cue, *([self.source] if self.source and not self.borrowed else [])]
        return min(start for start, _ in spans), max(end for _, end in spans)

    @property
    def is_quoted(self) -> bool:
        """Whether it holds somebody's own words."""
        return self.kind in ("DIRECT", "MIXED")


def kind_of(unit: Unit, content: Sequence[Span]) -> Kind:
    """DIRECT where a quotation is all that is said, MIXED where it is a part, else INDIRECT."""
    start, end = content[0]
    for left, right in unit.quotes:
        if left >= start and right <= end:
            alone = left == start and (right >= end - 1 or is_finished(unit.text, (left, right)))
            return "DIRECT" if alone else "MIXED"
    if any(left >= other[0] and right <= other[1] for other in content[1:] for left, right in unit.quotes):
        return "MIXED"
    return "INDIRECT"


def content(unit: Unit, first: int, least: int, *, clause: bool = False, stop: int | None = None) -> Span | None:
    """What is said from the token `first` on; None under `least` words.

    It ends with the sentence or where something else begins, for a `clause` also before ", which" and the like.
    """
    tokens = unit.tokens
    while first < len(tokens) and tokens[first].word in (",", "—", "–"):
        first += 1
    if first >= len(tokens):
        return None
    stop = min(_stop(unit, first, clause), len(tokens) if stop is None else stop)
    while stop > first and tokens[stop - 1].word in (",", "—", "–", "-"):
        stop -= 1
    if stop <= first:
        return None
    span = unit.span(first, stop)
    return span if words_in(unit.text, *span, 10) >= least else None


def shortened(unit: Unit, said: Said, others: Sequence[int]) -> Said:
    """The statement, ended before the next of the places where others begin: "X said it was sorry, but '...'"."""
    start, end = said.content[-1]
    border = min((other for other in others if start < other < end), default=end)
    if border == end or said.cue[0] > border:
        return said
    inner = [token for token in unit.tokens if start <= token.start and token.end <= border]
    while inner and (inner[-1].word in w.CONJUNCTIONS or inner[-1].word in (",", "—", "–")):
        inner.pop()
    if len(inner) < _CONTENT_LEAST:
        return said
    content = (*said.content[:-1], (start, inner[-1].end))
    return replace(said, kind=kind_of(unit, content) if said.kind != "UNATTRIBUTED" else said.kind, content=content)


def _stop(unit: Unit, first: int, clause: bool) -> int:
    tokens = unit.tokens
    if tokens[first].word == QUOTE and _stands_alone(unit, first):
        return first + 1
    for place in range(first + 1, len(tokens)):
        word = tokens[place].word
        if word == ";" or (word == "," and _breaks_off(tokens, place, first, clause)) or _repeats(tokens, place):
            return place
        if word == "but" and place + 1 < len(tokens) and tokens[place + 1].word in ("declined", "refused"):
            return place
    return len(tokens)


def _stands_alone(unit: Unit, quote: int) -> bool:
    """Whether the quotation is all that is said, and no word of a longer sentence."""
    token = unit.tokens[quote]
    rest = unit.tokens[quote + 1 :]
    if is_finished(unit.text, (token.start, token.end)) or len(rest) <= 2:
        return True
    return words_in(unit.text, token.start, token.end, 10) >= SPEECH_QUOTED and rest[0].word in (",", ".", ";")


def _breaks_off(tokens: Sequence[Token], comma: int, first: int, clause: bool) -> bool:
    following = tokens[comma + 1].word if comma + 1 < len(tokens) else ""
    verb = w.VERBS.get(following)
    if verb is not None and verb.form == "PARTICIPLE" and verb.manner in ("SPEECH", "GUARDED"):
        return True
    if verb is not None and verb.form == "PAST" and verb.lemma in ("say", "tell"):
        return True
    if following in ("according", "citing") or _is_remark(tokens, comma + 1):
        return True
    if clause and following in _AFTER_CLAUSE:
        return True
    return following in w.BREAKS and comma - first >= _CONTENT_LEAST


def _repeats(tokens: Sequence[Token], place: int) -> bool:
    """Whether a second verb of speech takes over: "... and said that"."""
    if tokens[place].word not in ("and", "but") or place + 1 >= len(tokens):
        return False
    verb = w.VERBS.get(tokens[place + 1].word)
    return verb is not None and verb.form in ("PAST", "THIRD") and verb.manner == "SPEECH" and not verb.is_also_noun


def _is_remark(tokens: Sequence[Token], place: int) -> bool:
    """Whether the writer remarks on what was said: ", a view not widely shared"."""
    if place + 1 >= len(tokens) or tokens[place].word not in ("a", "an"):
        return False
    return tokens[place + 1].word in w.NOUNS
