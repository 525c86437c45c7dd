"""Quotations that a colon or a question announces: "The minister put it this way:", "Her verdict?". Pure."""

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Unit

_LOOKED_BACK = 15
_ASKED_MOST = 6
_ANSWERS = w.NOUNS | {"verdict", "answer", "answers", "reply", "response", "reaction", "advice", "word", "words"}
_COLON = (":", "：")


def announced(unit: Unit) -> Said | None:
    """A quotation after a colon within the sentence, said by whoever stands before the colon."""
    tokens = unit.tokens
    for place in range(1, len(tokens) - 1):
        if tokens[place].word in _COLON and tokens[place + 1].word == QUOTE:
            speaker = _speaker(unit, place)
            if speaker is not None:
                source, cue = speaker
                content = (tokens[place + 1].start, tokens[place + 1].end)
                return Said("DIRECT", (content,), source, cue or source, "a colon announces the quotation")
    return None


def announcing(unit: Unit) -> tuple[Span, Span | None] | None:
    """Source and cue of a sentence that announces a quotation in the next one."""
    tokens = unit.tokens
    if tokens and tokens[-1].word in _COLON:
        return _speaker(unit, len(tokens) - 1)
    if 1 < len(tokens) <= _ASKED_MOST and tokens[-1].word == "?" and tokens[-2].word in _ANSWERS:
        owner = tokens[0].word in w.POSSESSIVE or tokens[0].word.endswith("'s")
        return (unit.span(0, 1), unit.span(len(tokens) - 2, len(tokens) - 1)) if owner else None
    return None


def _speaker(unit: Unit, colon: int) -> tuple[Span, Span | None] | None:
    tokens = unit.tokens[:colon]
    for place in range(len(tokens) - 1, max(-1, len(tokens) - _LOOKED_BACK), -1):
        verb = w.VERBS.get(tokens[place].word)
        if verb is not None and verb.form in ("PAST", "THIRD") and not verb.is_also_noun:
            source = phrases.before(tokens, place)
            if source is not None and phrases.speaks(tokens, source):
                return unit.span(*source), (tokens[place].start, tokens[place].end)
    source = phrases.subject(tokens, unit.opening)
    if source is None and len(tokens) > 1 and tokens[0].word in ("from", "in", "per"):
        source = (1, len(tokens))
    return (unit.span(*source), None) if source else None
