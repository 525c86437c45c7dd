"""Verbs behind what is said: "...," said Jane Roe; ..., the company said on Friday. Pure."""

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import SPEECH_QUOTED, Said, content
from riskreview.enrichment.cues import SEARCHED, Cue
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token, is_finished, words_in

_CONTENT_LEAST, _SURE_LEAST = 3, 4
_SOURCE_MOST = 14
_REACH = 60
_STOPS = frozenset({",", ".", ";", "—", "–", ")"})
_NEVER_SECOND = (
    (w.CONJUNCTIONS - {"and"})
    | w.BREAKS
    | w.RELATIVE
    | frozenset({"as", "when", "after", "before", "according", "citing", "though", "although"})
)
_BEFORE_QUOTED = frozenset({",", ":", ";", ".", "and", "but"})
_APPOSED = frozenset({"a", "an", "one", "his", "her", "its", "the", "whose"})
_BEFORE_RULE = "what is said stands before its source"


def behind(cue: Cue) -> Said | None:
    """What stands before the verb, where it is said there."""
    return _inverted(cue) or _following_source(cue)


def _inverted(cue: Cue) -> Said | None:
    """ "...," said Jane Roe."""
    quote = _quote_before(cue, cue.place, surely=cue.verb.lemma == "say")
    if (quote is None and cue.word(cue.place - 1) != ",") or not cue.verb.stands_behind:
        return None
    source = phrases.after(cue.tokens, cue.place + 1)
    if source is None or cue.word(source[1]) == "that":
        return None
    if quote is not None:
        return _spoken(cue, quote, source, source[1])
    if cue.verb.manner in ("QUOTING", "THOUGHT") or not phrases.speaks(cue.tokens, source):
        return None
    if not _is_left_at(cue, source[1]):
        return None
    return _unquoted(cue, cue.place - 1, source, _past_apposition(cue, _comma_after(cue, source[1])))


def _following_source(cue: Cue) -> Said | None:
    """ "...," Jane Roe told reporters; ..., the company said on Friday."""
    source = phrases.before(cue.tokens, cue.place)
    if source is None or cue.verb.form == "PARTICIPLE" or not (cue.verb.stands_behind or cue.verb.is_addressed):
        return None
    quote = _quote_before(cue, source[0])
    if quote is not None and source[1] - source[0] <= _SOURCE_MOST and not cue.hands_on:
        return _spoken(cue, quote, source, cue.place + 1)
    if cue.word(source[0] - 1) not in (",", "—", "–") or cue.verb.manner in ("QUOTING", "THOUGHT") or cue.hands_on:
        return None
    if not phrases.speaks(cue.tokens, source) or not _closes(cue, cue.place + 1):
        return None
    return _unquoted(cue, source[0] - 1, source, _comma_after(cue, cue.place + 1))


def _spoken(cue: Cue, quote: int, source: phrases.Range, after: int) -> Said:
    first = cue.unit.span(_start_of_quoted(cue, quote), quote + 1)
    return cue.said([first, *_second_quote(cue, after)], source, "a quotation stands before its source")


def _unquoted(cue: Cue, comma: int, source: phrases.Range, after: int) -> Said | None:
    span, second = _content_before(cue, comma), _second(cue, after)
    inverted = cue.verb.lemma == "say" and source[0] > cue.place and comma > 1
    if span is None and (second or inverted):
        span = _head(cue, comma)
    return cue.said([span, *second], source, _BEFORE_RULE) if span else None


def _quote_before(cue: Cue, place: int, surely: bool = False) -> int | None:
    """The quotation that ends directly before `place` as speech does."""
    comma = cue.word(place - 1) == ","
    quote = place - 2 if comma else place - 1
    if cue.word(quote) != QUOTE:
        return None
    token = cue.tokens[quote]
    finished = is_finished(cue.unit.text, (token.start, token.end))
    return quote if comma or finished or surely or (quote == 0 and _words(cue, token) >= SPEECH_QUOTED) else None


def _start_of_quoted(cue: Cue, quote: int) -> int:
    """Where the statement begins that ends in the quotation: a clause before it belongs to it."""
    token = cue.tokens[quote]
    if not is_finished(cue.unit.text, (token.start, token.end)) and cue.word(quote + 1) != ",":
        return quote
    if _words(cue, token) >= SPEECH_QUOTED and cue.word(quote - 1) in _BEFORE_QUOTED:
        return quote
    start = quote
    while start > max(0, quote - _REACH) and cue.word(start - 1) not in (";", ":"):
        start -= 1
    return start


def _content_before(cue: Cue, comma: int) -> Span | None:
    start = _start(cue, comma)
    first = _past_head(cue, start, comma)
    least = _SURE_LEAST if first < comma and cue.word(cue.place + 1) in (".", "") else _CONTENT_LEAST
    clause = phrases.is_clause(cue.tokens, first, min(comma, first + _REACH))
    sure = first < comma and cue.word(cue.place + 1) in (".", "")
    return cue.unit.span(start, comma) if comma - start >= least and (clause or sure) else None


def _start(cue: Cue, comma: int) -> int:
    for place in range(comma - 1, max(0, comma - _REACH), -1):
        if cue.word(place) in (";", ":", QUOTE):
            return place + 1
    return cue.unit.opening if cue.unit.opening < comma else 0


def _head(cue: Cue, comma: int) -> Span | None:
    """What stands before "..., the company said, ...", where it is the head of a statement: "The curbs"."""
    start = _start(cue, comma)
    opening = all(t.word in w.LEAD or phrases.is_adverb(t) or not t.is_word for t in cue.tokens[start:comma])
    first = cue.word(start)
    return (
        None
        if start == comma or opening or first in w.PREPOSITIONS or first in w.BOUNDARIES
        else cue.unit.span(start, comma)
    )


def _past_head(cue: Cue, start: int, comma: int) -> int:
    """Past "After the ban," for that alone is no statement."""
    head = cue.word(start)
    if head not in w.PREPOSITIONS and head not in w.BOUNDARIES and head not in ("asked", "speaking"):
        return start
    return next((i + 1 for i in range(start, min(comma, start + _REACH)) if cue.word(i) == ","), comma)


def _is_left_at(cue: Cue, place: int) -> bool:
    """Whether the sentence leaves the inverted source alone: "..., wrote the ambassador in a cable, ..."."""
    return cue.word(place) in _STOPS or cue.word(place) in w.RELATIVE or _closes(cue, place)


def _closes(cue: Cue, place: int) -> bool:
    """Whether nothing but a time, a place or somebody addressed follows until the next comma or the end."""
    for index in range(place, min(len(cue.tokens), place + 20)):
        token = cue.tokens[index]
        if token.word in _STOPS:
            return True
        if index == place and not (cue.adds(token) or token.word == "as" or phrases.is_adverb(token)):
            return False
        if token.word == "that" and index > place + 1:
            return True
        if token.word in w.AUXILIARIES or token.word in ("that", ":", QUOTE) or token.word in w.PRONOUNS:
            return token.word == "who"
    return True


def _comma_after(cue: Cue, place: int) -> int:
    """The comma after which the statement may go on."""
    return next((i for i in range(place, min(len(cue.tokens), place + 20)) if cue.word(i) in _STOPS), len(cue.tokens))


def _past_apposition(cue: Cue, comma: int) -> int:
    """Past ", a lawyer who is not involved," behind the one who says it: the next comma, or the end."""
    if cue.word(comma) != "," or cue.word(comma + 1) not in _APPOSED:
        return comma
    for place in range(comma + 2, min(len(cue.tokens), comma + _REACH)):
        if cue.word(place) == "," or cue.word(place) in w.RELATIVE:
            return _comma_after(cue, place)
        if cue.word(place) in w.AUXILIARIES or cue.word(place) in w.VERBISH:
            return comma
    return len(cue.tokens)


def _second(cue: Cue, comma: int) -> list[Span]:
    """What goes on after "..., the company said, ..."."""
    following = cue.word(comma + 1)
    if cue.word(comma) not in (",", "—", "–") or following in _NEVER_SECOND or following == "":
        return []
    verb = w.VERBS.get(following)
    if following.endswith("ing") or (verb and verb.form == "PARTICIPLE"):
        return []
    span = content(cue.unit, comma + 1, 2)
    return [span] if span else []


def _second_quote(cue: Cue, place: int) -> list[Span]:
    """The quotation that goes on after "...," he said, "..."."""
    for index in range(place, min(len(cue.tokens), place + SEARCHED)):
        token = cue.tokens[index]
        if token.word == QUOTE:
            joined = cue.word(index - 1) in (",", ":", ".", "and") or index == place
            return [(token.start, token.end)] if joined else []
        verb = w.VERBS.get(token.word)
        if index > place and verb and verb.form != "BASE":
            break
    return []


def _words(cue: Cue, token: Token) -> int:
    return words_in(cue.unit.text, token.start, token.end, SPEECH_QUOTED)
