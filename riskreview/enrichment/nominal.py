"""Statements handed over by nouns: "X's claim that", "allegations of", "a denial that". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, content
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token, Unit

_NOMINAL_LEAST, _NOUN_REACH, _SUBJECT_WITHIN, _NOUNS_MOST = 4, 12, 6, 25
_DENIED_LEAST = 2
_HOLDING_ON = w.AUXILIARIES | w.RELATIVE | w.CONJUNCTIONS | w.PREPOSITIONS | w.PRONOUNS | {",", "not"}
_ENDS_CHARGE = w.AUXILIARIES | frozenset({"since", "by", "against", "from", "at", "over", "during"})
_CHARGE_MOST, _CHARGE_LEAST = 24, 2
_OF = frozenset({"by", "from", "of", "among"})


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
    that = that_of(unit.tokens, place)
    if that is None:
        return _charge(unit, place)
    noun = unit.tokens[place].word
    denies = noun in w.DENIAL_NOUNS
    source = _denier(unit, place) if denies else _possessor(unit, place) or _named_after(unit, place, that)
    if source is None and noun in w.NOUNS_WITH_SOURCE:
        return None
    stop = _second_verb(unit.tokens, that + 1) if _is_subject(unit.tokens, place) else None
    span = content(unit, that + 1, _DENIED_LEAST if denies else _NOMINAL_LEAST, clause=True, stop=stop)
    if span is None:
        return None
    cue = (unit.tokens[place].start, unit.tokens[place].end)
    rule = f"the noun “{noun}” stands before “that”"
    if stop is not None and _is_refused(unit.tokens, stop):
        source, denies, rule = _refuser(unit, stop), True, f"{rule}, and it is denied"
    return Said("NOMINAL", (span,), source, cue, rule, denies=denies)


def _is_refused(tokens: Sequence[Token], place: int) -> bool:
    """Whether "was denied" follows at `place`."""
    verb = w.VERBS.get(tokens[_past_auxiliaries(tokens, place)].word)
    is_past = verb is not None and verb.form == "PAST" and tokens[place].word in w.BE | w.HAVE
    return verb is not None and is_past and verb.lemma in w.DENIALS | w.REFUSALS


def _refuser(unit: Unit, place: int) -> Span | None:
    """ "Acme" in "was denied by Acme"."""
    verb = _past_auxiliaries(unit.tokens, place)
    named = phrases.after(unit.tokens, verb + 2) if _word(unit, verb + 1) == "by" else None
    return unit.span(*named) if named else None


def _past_auxiliaries(tokens: Sequence[Token], place: int) -> int:
    last = len(tokens) - 1
    while place < last and (tokens[place].word in w.AUXILIARIES or phrases.is_adverb(tokens[place])):
        place += 1
    return place


def _denier(unit: Unit, noun: int) -> Span | None:
    """Who makes "a denial (by Acme) (of the report) that": its owner, else the subject of the sentence."""
    named = phrases.after(unit.tokens, noun + 2) if _word(unit, noun + 1) in ("by", "from") else None
    subject = named or (phrases.subject(unit.tokens, unit.opening) if not _is_subject(unit.tokens, noun) else None)
    return _possessor(unit, noun) or (unit.span(*subject) if subject else None)


def _word(unit: Unit, place: int) -> str:
    return unit.tokens[place].word if place < len(unit.tokens) else ""


def _charge(unit: Unit, place: int) -> Said | None:
    """Allegations of below-cost selling."""
    tokens, noun = unit.tokens, unit.tokens[place].word
    if noun not in w.CHARGES or place + 1 >= len(tokens) or tokens[place + 1].word != "of":
        return None
    span = content(unit, place + 2, _CHARGE_LEAST, stop=past_charge(tokens, place + 2))
    cue = (tokens[place].start, tokens[place].end)
    return (
        Said("NOMINAL", (span,), _possessor(unit, place), cue, f"the noun “{noun}” names what is charged")
        if span
        else None
    )


def past_charge(tokens: Sequence[Token], first: int) -> int:
    """Where a charge ends that begins at `first`: "below-cost selling"."""
    stop = first
    while stop < min(len(tokens), first + _CHARGE_MOST) and _is_charged(tokens[stop]):
        stop += 1
    return stop


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
        if finite and not follows_on and not _is_one_verb(tokens, place):
            verbs += 1
            if verbs == 2:
                return place
        elif tokens[place].word in w.BOUNDARIES - w.CONJUNCTIONS:
            verbs -= 1  # a clause within has a verb of its own
    return None


def _is_one_verb(tokens: Sequence[Token], place: int) -> bool:
    """Whether the verb before goes on here: "was" and "hacked", but not "hacked" and "came" in "was hacked came"."""
    if not phrases.is_clause(tokens, place - 1, place):
        return False
    participle = tokens[place - 1].word.endswith("ed") and tokens[place - 2].word in w.AUXILIARIES
    return not (participle and (tokens[place].word in w.AUXILIARIES or tokens[place].word in w.VERBISH))


def that_of(tokens: Sequence[Token], noun: int) -> int | None:
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
