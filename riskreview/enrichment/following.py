"""Verbs before what is said: "Jane Roe said on Friday that", "..., adding that". Pure."""

from collections.abc import Sequence

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, content
from riskreview.enrichment.cues import SEARCHED, Cue
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token

_CONTENT_LEAST = 3
_ADVERBIAL = frozenset({"not", "so", "less", "more", "much", "fit"})
_CLAUSE_WITHIN, _STATEMENT_WITHIN = 12, 30
_ASKED_WITHIN = 7
_NO_PLACE = frozenset({"least", "most", "all", "once", "fact", "short", "sum"})
_REPEATING = frozenset({"and", "but", "or", "then"})


def leading(cue: Cue) -> Said | None:
    """Jane Roe said on Friday that ..."""
    source, borrowed = _before(cue)
    if not borrowed and (source is None or not _may_speak(cue, source)):
        return None
    span = _content_after(cue, source)
    source = source or phrases.subject(cue.tokens, cue.unit.opening)
    rule = f"what “{cue.token.word}” hands over follows it"
    return cue.said([span], source, rule, borrowed) if span else None


def speaker(cue: Cue) -> tuple[phrases.Range | None, bool]:
    """Who stands before the verb, and whether it is the one of the statement before; (None, False) for nobody."""
    alone = cue.left in (",", "", QUOTE, "—", "–") or cue.left in w.PREPOSITIONS or cue.left in w.BOUNDARIES
    if cue.verb.form == "PARTICIPLE" and alone:
        return phrases.subject(cue.tokens, cue.unit.opening), True
    source, borrowed = _before(cue)
    if borrowed:
        return phrases.subject(cue.tokens, cue.unit.opening), True
    return (source, False) if source and _may_speak(cue, source) else (None, False)


def _before(cue: Cue) -> tuple[phrases.Range | None, bool]:
    source = _subject_of_infinitive(cue) or phrases.before(cue.tokens, cue.place)
    if source is not None and cue.word(source[0]) in w.PREPOSITIONS:
        source = phrases.subject(cue.tokens, cue.unit.opening) or source
    return source, source is None and cue.left in _REPEATING


def participle(cue: Cue) -> Said | None:
    """ "..., adding that"; "a letter saying that"."""
    if cue.place == 0 and cue.past_that(1) is None:
        return None
    alone = cue.left in (",", "", QUOTE, "—", "–") or cue.left in w.PREPOSITIONS or cue.left in w.BOUNDARIES
    source = None if alone else phrases.before(cue.tokens, cue.place)
    if not alone and (source is None or not phrases.is_head(cue.tokens[source[1] - 1])):
        return None
    span = _content_after(cue, source)
    source = _from_article(cue.tokens, source) if source else phrases.subject(cue.tokens, cue.unit.opening)
    rule = f"“{cue.token.word}” goes on from what stands before it"
    return cue.said([span], source, rule, borrowed=alone) if span else None


def _subject_of_infinitive(cue: Cue) -> phrases.Range | None:
    """ "She" in "she went on to say"."""
    return phrases.subject(cue.tokens, cue.unit.opening) if cue.verb.form == "BASE" and cue.left == "to" else None


def _may_speak(cue: Cue, source: phrases.Range) -> bool:
    if cue.word(source[0]) == "you" or cue.word(source[0] - 1) == "what":
        return False  # "if you read", "what callers said"
    if cue.verb.lemma in ("say", "tell") and cue.verb.form == "PAST":
        return True
    if cue.verb.is_also_noun:
        head, first = cue.tokens[source[1] - 1], cue.word(source[0])
        if not phrases.is_head(head) or first in w.PREPOSITIONS or phrases.holds_verb(cue.tokens, source):
            return False  # "Acme declined to discuss a newspaper report that"
    return phrases.speaks(cue.tokens, source)


def _content_after(cue: Cue, source: phrases.Range | None) -> Span | None:
    handed = cue.past_that(cue.place + 1) or _to_quote(cue)
    start = handed or _start(cue, source)
    if start is None or (handed is None and (_is_aside(cue, start) or cue.word(start) in ("since", "until"))):
        return None
    complement = cue.verb.manner == "QUOTING" and cue.verb.lemma not in w.ONLY_HANDED
    last = _last_quote(cue, start) if complement else _relative_end(cue, start)
    span = content(cue.unit, start, 1 if cue.word(start) == QUOTE else _CONTENT_LEAST, stop=last)
    return span if span and (handed or _is_statement(cue, start, span)) else None


def _is_aside(cue: Cue, start: int) -> bool:
    """Whether what follows goes on about the speaker: "..., a spokesman said, using powers ..."."""
    return cue.word(start - 1) == "," and cue.word(start).endswith("ing")


def _relative_end(cue: Cue, start: int) -> int | None:
    """Where the sentence takes over again: "Acme, which says the test failed, is looking for another"."""
    inserted = cue.verb.form == "PARTICIPLE" and cue.left == ","  # "Acme, denying that it leaked, sued"
    if cue.left not in ("who", "which") and not inserted:
        return None
    places = range(start, min(len(cue.tokens) - 1, start + _STATEMENT_WITHIN))
    return next((i for i in places if cue.word(i) == "," and phrases.is_clause(cue.tokens, i + 1, i + 2)), None)


def _last_quote(cue: Cue, start: int) -> int | None:
    """Past the quotation that such a verb leans on: "called it 'a trap'"."""
    return next((i + 1 for i in range(start, len(cue.tokens)) if cue.word(i) == QUOTE), None)


def _is_statement(cue: Cue, start: int, span: Span) -> bool:
    """Whether a statement follows and not a thing: "confirmed the leak" only tells what was done."""
    stop = start
    while stop < min(len(cue.tokens), start + _STATEMENT_WITHIN) and cue.tokens[stop].start < span[1]:
        stop += 1
    if cue.verb.lemma == "accuse":
        return any(token.word == "of" for token in cue.tokens[start:stop])
    if cue.verb.manner == "QUOTING" or cue.quotes_soon() or cue.word(start) in ("to", "of"):
        return True
    moving = cue.verb.form == "PARTICIPLE" or cue.verb.lemma in w.WITH_THING
    return not moving or phrases.is_clause(cue.tokens, start, stop)


def _start(cue: Cue, source: phrases.Range | None) -> int | None:
    """Where the content begins without "that", or None where the verb needs more than there is."""
    manner = cue.verb.manner
    if manner == "GUARDED" and not _drops_that(cue, source):
        return None
    if manner == "QUOTING":
        return _complement(cue)
    if manner == "THOUGHT" and not _thinks_clause(cue):
        return None
    return _past_addressee(cue) if cue.verb.is_addressed else _past_time(cue, cue.place + 1)


def _complement(cue: Cue) -> int | None:
    """What a verb calls something in quoted words; asking hands over only what stands after "whether"."""
    if not cue.quotes_soon():
        return None
    if cue.verb.lemma not in w.ONLY_HANDED:
        return cue.place + 1
    asked = range(cue.place + 1, min(len(cue.tokens), cue.place + _ASKED_WITHIN))
    return next((place + 1 for place in asked if cue.word(place) in ("whether", "if")), None)


def _drops_that(cue: Cue, source: phrases.Range | None) -> bool:
    """Whether a clause follows without "that": "the study found the tool was wrong"."""
    if source is None or cue.verb.lemma not in w.MAY_DROP_THAT:
        return False
    first = cue.place + 1
    for place in range(first, min(len(cue.tokens), first + _CLAUSE_WITHIN)):
        if not (cue.tokens[place].is_word or cue.word(place) in "'’%$"):
            return False
        if place > first and (cue.word(place) in w.AUXILIARIES or cue.word(place) in w.VERBISH):
            return cue.word(place - 1) not in w.RELATIVE
    return False


def _to_quote(cue: Cue) -> int | None:
    """The quotation that follows, directly or after whom, when and where."""
    for place in range(cue.place + 1, min(len(cue.tokens), cue.place + 1 + SEARCHED)):
        token = cue.tokens[place]
        if token.word == QUOTE:
            return place if place == cue.place + 1 or cue.word(place - 1) in (":", ",") else None
        if token.word in w.AUXILIARIES or token.word in (";", "that", "and", "but") or _is_other_verb(cue, place):
            return None
    return None


def _is_other_verb(cue: Cue, place: int) -> bool:
    verb = w.VERBS.get(cue.word(place))
    return verb is not None and verb.form in ("PAST", "PARTICIPLE")


def _thinks_clause(cue: Cue) -> bool:
    """Whether what is thought follows: a clause or an infinitive, not a thing."""
    if cue.place + 1 >= len(cue.tokens):
        return False
    token = cue.tokens[cue.place + 1]
    if token.word == "to":
        return cue.verb.lemma in ("expect", "hope")
    if not token.is_word or token.word in w.TIME or token.word in w.PREPOSITIONS or token.word in w.BOUNDARIES:
        return False
    if phrases.is_adverb(token) or token.word in _ADVERBIAL:
        return False
    return cue.verb.lemma not in w.ONLY_WITH_THAT


def _past_addressee(cue: Cue) -> int:
    place = cue.place + 1
    if cue.word(place) in w.ADDRESSEES:
        return _past_time(cue, place + 1)
    while place < min(len(cue.tokens), cue.place + 5) and cue.tokens[place].is_name:
        place += 1
    if place == cue.place + 1 and cue.word(place) in w.DETERMINERS and cue.verb.lemma == "tell":
        place += 2
    return _past_time(cue, place)


def _past_time(cue: Cue, place: int) -> int:
    """Past "on Friday", "in a statement", "last week"."""
    first = place
    while place < min(len(cue.tokens), first + 4) and cue.word(place) in w.TIME:
        place += 1
    following = cue.word(place + 1)
    if cue.word(place) in ("on", "in", "at", "during") and following and following not in _NO_PLACE:
        place = _past_place(cue, place)
    return place + 1 if cue.word(place) == "," else place


def _past_place(cue: Cue, preposition: int) -> int:
    place = preposition + (3 if cue.word(preposition + 1) in w.DETERMINERS else 2)
    while place < min(len(cue.tokens), preposition + 6) and _goes_with(cue.tokens, place):
        place += 1
    return place


def _goes_with(tokens: Sequence[Token], place: int) -> bool:
    """Whether the word still belongs to the place or time before it."""
    token, left = tokens[place], tokens[place - 1]
    if token.word in w.TIME or token.form.isdigit() or token.word == ".":
        return True
    return (
        token.word in ("with", "to", "from") or left.word in ("with", "to", "from") or (token.is_name and left.is_name)
    )


def _from_article(tokens: Sequence[Token], source: phrases.Range) -> phrases.Range:
    """ "a letter" in "the company sent a letter saying"."""
    for place in range(source[1] - 1, source[0], -1):
        if tokens[place].word in w.DETERMINERS and tokens[place - 1].word not in ("of", "for", "from", "at"):
            return place, source[1]
    return source
