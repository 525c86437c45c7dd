"""Statements handed over without a verb: "according to X", and nouns such as "X's claim that". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, content
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token, Unit, words_in

_AFTER_LEAST, _REST_LEAST, _BEFORE_LEAST, _NOMINAL_LEAST = 4, 2, 3, 4
_SOURCE_MOST, _APPOSITION, _NOUN_REACH = 20, 18, 12
_LEADING_MOST, _SUBJECT_WITHIN = 3, 6
_NOUNS_MOST = 25
_PHRASES = sorted((phrase.split() for phrase in w.DATA["according"]["phrases"]), key=len, reverse=True)
_SHORT = frozenset(w.DATA["according"]["short"].split())
_FIRST = _SHORT | {phrase[0] for phrase in _PHRASES}
_NO_SPEAKER = frozenset(w.DATA["according"]["nobody"].split())
_HOLDING_ON = w.AUXILIARIES | w.RELATIVE | w.CONJUNCTIONS | w.PREPOSITIONS | w.PRONOUNS | {",", "not"}
_ENDS_CHARGE = w.AUXILIARIES | frozenset({"since", "by", "against", "from", "at", "over", "during"})
_CHARGE_MOST, _CHARGE_LEAST = 24, 2
_OF = frozenset({"by", "from", "of", "among"})


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


def nominal(unit: Unit, spoken: Sequence[Said]) -> Iterator[Said]:
    """Nouns that hand over a statement, also inside one of those `spoken`, of which it then keeps the borders."""
    taken = {said.cue[0] for said in spoken}
    begun = {start for said in spoken for start, _ in said.content}
    places = (i for i, token in enumerate(unit.tokens) if token.word in w.NOUNS and token.start not in taken)
    for place in islice(places, _NOUNS_MOST):
        said = _nominal(unit, place)
        if said is not None and said.content[0][0] not in begun:
            yield replace(said, content=(_within(said.content[0], spoken),))


def _within(span: Span, spoken: Sequence[Said]) -> Span:
    around = [end for said in spoken for start, end in said.content if start <= span[0] < end]
    return span[0], min([span[1], *around])


def _nominal(unit: Unit, place: int) -> Said | None:
    that = _that(unit.tokens, place)
    if that is None:
        return _charge(unit, place)
    source = _possessor(unit, place) or _named_after(unit, place, that)
    noun = unit.tokens[place].word
    if source is None and noun in w.NOUNS_WITH_SOURCE:
        return None
    stop = _second_verb(unit.tokens, that + 1) if _is_subject(unit.tokens, place) else None
    span = content(unit, that + 1, _NOMINAL_LEAST, clause=True, stop=stop)
    if span is None:
        return None
    cue = (unit.tokens[place].start, unit.tokens[place].end)
    return Said("NOMINAL", (span,), source, cue, f"the noun “{noun}” stands before “that”")


def _charge(unit: Unit, place: int) -> Said | None:
    """Allegations of below-cost selling."""
    tokens, noun = unit.tokens, unit.tokens[place].word
    if noun not in w.CHARGES or place + 1 >= len(tokens) or tokens[place + 1].word != "of":
        return None
    stop = place + 2
    while stop < min(len(tokens), place + _CHARGE_MOST) and _is_charged(tokens[stop]):
        stop += 1
    span = content(unit, place + 2, _CHARGE_LEAST, stop=stop)
    cue = (tokens[place].start, tokens[place].end)
    return (
        Said("NOMINAL", (span,), _possessor(unit, place), cue, f"the noun “{noun}” names what is charged")
        if span
        else None
    )


def _is_charged(token: Token) -> bool:
    inner = token.is_word or token.word in ("'", "’", "%", "$", QUOTE)
    return inner and token.word not in _ENDS_CHARGE and token.word not in w.BOUNDARIES - {"and", "or"}


def _is_subject(tokens: Sequence[Token], noun: int) -> bool:
    """Whether the noun opens its sentence, so that a verb of its own follows the statement."""
    within = any(token.word in w.PREPOSITIONS for token in tokens[:noun])
    return noun < _SUBJECT_WITHIN and not within and not phrases.is_clause(tokens, 0, noun)


def _second_verb(tokens: Sequence[Token], first: int) -> int | None:
    """Where the verb of the sentence begins behind "the claim that the app was safe"."""
    verbs = 0
    for place in range(first, len(tokens)):
        finite = phrases.is_clause(tokens, place, place + 1)
        follows_on = place > first and (tokens[place - 1].word in _HOLDING_ON or phrases.is_adverb(tokens[place - 1]))
        if finite and not follows_on and not phrases.is_clause(tokens, place - 1, place):
            verbs += 1
            if verbs == 2:
                return place
        elif tokens[place].word in w.BOUNDARIES - w.CONJUNCTIONS:
            verbs -= 1  # a clause within has a verb of its own
    return None


def _that(tokens: Sequence[Token], noun: int) -> int | None:
    """The "that" of the noun, where it begins no relative clause."""
    for place in range(noun + 1, min(len(tokens), noun + _NOUN_REACH)):
        word = tokens[place].word
        if word == "that":
            following = tokens[place + 1].word if place + 1 < len(tokens) else ""
            return None if following in w.AUXILIARIES or following in (",", "") else place
        first_fits = word in w.PREPOSITIONS or word in w.TIME or phrases.is_adverb(tokens[place])
        if (place == noun + 1 and not first_fits) or not _is_between(tokens[place]):
            return None
    return None


def _is_between(token: Token) -> bool:
    if not token.is_word:
        return token.word in ("'", "’", "&", ".")
    return token.word not in w.AUXILIARIES and token.word not in w.RELATIVE


def _possessor(unit: Unit, noun: int) -> Span | None:
    """ "DeepSeek" in "DeepSeek's recent claim", "its" in "its claim"."""
    tokens = unit.tokens
    for place in range(noun - 1, max(-1, noun - 4), -1):
        token = tokens[place]
        if token.word in w.POSSESSIVE:
            return token.start, token.end
        if token.word.endswith("'s") or (token.word in ("'", "’") and tokens[place - 1].word.endswith("s")):
            return _owner(unit, place)
        if not token.is_word or token.word in w.PREPOSITIONS or token.word in w.DETERMINERS:
            return None
    return None


def _owner(unit: Unit, place: int) -> Span:
    token = unit.tokens[place]
    first = place
    while first and unit.tokens[first - 1].is_name and token.is_name:
        first -= 1
    while first and not token.is_name and unit.tokens[first - 1].word in w.DETERMINERS:
        first -= 1
    end = token.end - 2 if token.word.endswith("'s") else unit.tokens[place - 1].end
    return unit.tokens[first].start, end


def _named_after(unit: Unit, noun: int, that: int) -> Span | None:
    """ "Alibaba" in "claims by Alibaba that"."""
    if noun + 2 >= that or unit.tokens[noun + 1].word not in _OF:
        return None
    source = phrases.after(unit.tokens, noun + 2)
    return unit.span(source[0], min(source[1], that)) if source else None
