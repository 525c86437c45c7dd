"""Statements handed over by "according to X" and the like. Pure."""

from collections.abc import Sequence

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, content
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token, Unit, words_in

_AFTER_LEAST, _REST_LEAST, _BEFORE_LEAST = 4, 2, 3
_SOURCE_MOST, _APPOSITION = 20, 18
_LEADING_MOST = 3
_PHRASES = sorted((phrase.split() for phrase in w.DATA["according"]["phrases"]), key=len, reverse=True)
_SHORT = frozenset(w.DATA["according"]["short"].split())
_FIRST = _SHORT | {phrase[0] for phrase in _PHRASES}
_NO_SPEAKER = frozenset(w.DATA["according"]["nobody"].split())


def according_to(unit: Unit) -> Said | None:
    """The first "according to" outside quotations, with what it attributes."""
    tokens = unit.tokens
    for place, token in enumerate(tokens):
        length = _phrase(tokens, place) if token.word in _FIRST else 0
        source = _source(tokens, place + length) if length else None
        if source is not None:
            return _according(unit, place, length, source)
    return None


def _phrase(tokens: Sequence[Token], place: int) -> int:
    """How many tokens of a phrase begin here, 0 for none."""
    word = tokens[place].word
    if word in _SHORT:
        return 1 if _is_short(tokens, place) else 0
    for phrase in _PHRASES:
        if word == phrase[0] and [token.word for token in tokens[place : place + len(phrase)]] == phrase:
            return len(phrase)
    return 0


def _is_short(tokens: Sequence[Token], place: int) -> bool:
    if place + 1 >= len(tokens) or (place and tokens[place - 1].word != ","):
        return False
    following = tokens[place + 1]
    if tokens[place].word == "per":
        return following.is_name
    return following.is_name or following.word in w.DETERMINERS or following.word in w.PEOPLE


def _source(tokens: Sequence[Token], first: int) -> phrases.Range | None:
    stop = first
    while stop < min(len(tokens), first + _SOURCE_MOST) and not _ends_source(tokens, stop, first):
        stop += 1
    return (first, stop) if stop > first and tokens[first].word not in _NO_SPEAKER else None


def _ends_source(tokens: Sequence[Token], place: int, first: int) -> bool:
    token = tokens[place]
    if token.word == ".":
        return place + 1 >= len(tokens) or not (tokens[place - 1].is_name and len(tokens[place - 1].form) <= 4)
    if not token.is_word:
        return token.word not in ("'", "’", "&", "%", "$")
    verb = w.VERBS.get(token.word)
    speaks = verb is not None and verb.form == "PAST" and verb.lemma in ("say", "tell")
    return place > first and (token.word in w.RELATIVE or token.word in w.AUXILIARIES or speaks)


def _according(unit: Unit, place: int, length: int, source: phrases.Range) -> Said | None:
    spans = _contents(unit, place, source)
    if not spans:
        return None
    cue = unit.span(place, place + length)
    rule = f"“{unit.text[cue[0] : cue[1]]}” names the source"
    return Said("ACCORDING_TO", tuple(spans), unit.span(*source), cue, rule)


def _contents(unit: Unit, place: int, source: phrases.Range) -> list[Span]:
    inserted = not _is_opening(unit, place)
    before, after = _before(unit, place), _after(unit, source[1], _REST_LEAST if inserted else _AFTER_LEAST)
    if after and _opens_clause(unit, place):
        return [after]
    words = words_in(unit.text, *before, 10) if before else 0
    quoted = before is not None and any(token.word == QUOTE for token in unit.tokens[:place])
    if before and (quoted or words > _LEADING_MOST):
        return [before, after] if after and _goes_on(unit, source[1]) else [before]
    if before and after and inserted:
        return [before, after]
    return [after] if after else [before] if before and words >= _BEFORE_LEAST else []


def _opens_clause(unit: Unit, place: int) -> bool:
    """Whether a new clause begins here: "the hall failed and, according to the operator, ..."."""
    left = unit.tokens[place - 1].word if place else ""
    left = unit.tokens[place - 2].word if left == "," and place > 1 else left
    return left in w.CONJUNCTIONS or left == "that"


def _is_opening(unit: Unit, place: int) -> bool:
    """Whether nothing but "But" or "Meanwhile," stands before."""
    words = [token for token in unit.tokens[:place] if token.is_word]
    return all(t.word in w.LEAD or t.word in w.TIME or phrases.is_adverb(t) or t.word in w.PREPOSITIONS for t in words)


def _before(unit: Unit, place: int) -> Span | None:
    stop = place
    while stop and unit.tokens[stop - 1].word in (",", "—", "–", "-", "("):
        stop -= 1
    first = unit.opening if unit.opening < stop else 0
    return unit.span(first, stop) if stop else None


def _after(unit: Unit, place: int, least: int) -> Span | None:
    """What follows the source, past the comma and a description of it between commas."""
    place = _past_description(unit.tokens, place)
    while place < len(unit.tokens) and unit.tokens[place].word in (",", ":", "—", "–", "-", ")"):
        place += 1
    return content(unit, place, least)


def _past_description(tokens: Sequence[Token], comma: int) -> int:
    if comma + 1 >= len(tokens) or tokens[comma].word != ",":
        return comma
    first = tokens[comma + 1].word
    for place in range(comma + 2, min(len(tokens), comma + _APPOSITION)):
        finite = phrases.is_clause(tokens, comma + 1, place) and first not in w.RELATIVE
        if tokens[place].word == "," and first in w.RELATIVE | {"a", "an", "the", "whose"} and not finite:
            return place
    return comma


def _goes_on(unit: Unit, comma: int) -> bool:
    """Whether the statement goes on behind the source: "..., according to Roe, and will stay so"."""
    tokens = unit.tokens
    if comma + 1 >= len(tokens) or tokens[comma].word != ",":
        return False
    following = tokens[comma + 1].word
    described = following in w.RELATIVE | {"whose", "a", "an", "the", "where", "when", "but", "and", "while", "citing"}
    return not (described or following.endswith(("ing", "ed")))
