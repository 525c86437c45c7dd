"""Verbs in the passive: "it is understood that", "is said to", "was described by Roe as". Pure."""

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, content
from riskreview.enrichment.cues import IT_IS, Cue, skipping_adverbs
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import Unit

_LEAST = 3
_LOOKED_BACK = 5


def passive(cue: Cue) -> Said | None:
    """What is handed over by nobody, or by somebody named after "by"."""
    return _by_somebody(cue) if cue.word(cue.place + 1) == "by" else _by_nobody(cue)


def emerged(unit: Unit, place: int) -> Said | None:
    """It emerged (on Friday) that ..."""
    before = skipping_adverbs(unit.tokens, place)
    while before >= 0 and unit.tokens[before].word in w.HAVE:
        before -= 1
    if before < 0 or unit.tokens[before].word != "it":
        return None
    that = next((i for i in range(place + 1, min(len(unit.tokens), place + 7)) if unit.tokens[i].word == "that"), None)
    span = content(unit, that + 1, _LEAST, clause=True) if that else None
    cue = (unit.tokens[place].start, unit.tokens[place].end)
    return Said("UNATTRIBUTED", (span,), None, cue, "it came out, and nobody is named who told it") if span else None


def rumour(unit: Unit, place: int) -> Said | None:
    """Rumour has it that ..."""
    tokens = unit.tokens
    if [token.word for token in tokens[place + 1 : place + 3]] != ["has", "it"]:
        return None
    start = place + (4 if place + 3 < len(tokens) and tokens[place + 3].word == "that" else 3)
    span = content(unit, start, _LEAST, clause=True)
    return (
        Said("UNATTRIBUTED", (span,), None, unit.span(place, place + 3), "a rumour, which nobody owns")
        if span
        else None
    )


def _by_nobody(cue: Cue) -> Said | None:
    with_it, infinitive = _is_impersonal(cue), cue.word(cue.place + 1) == "to"
    if cue.verb.lemma not in w.AGENTLESS or not (with_it or infinitive):
        return None
    if cue.verb.lemma in w.AGENTLESS_WITH_IT and not with_it:
        return None
    start = cue.place + 2 if infinitive else cue.past_that(cue.place + 1) or cue.place + 1
    span = content(cue.unit, start, _LEAST, clause=True)
    rule = f"hearsay: nobody is named to whom “{cue.token.word}” belongs"
    return Said("UNATTRIBUTED", (span,), None, _span(cue), rule) if span else None


def _span(cue: Cue) -> Span:
    """The verb with its auxiliaries: "has been reported"."""
    first = cue.before if cue.left in w.BE else cue.place
    while first > 0 and cue.tokens[first - 1].word in w.AUXILIARIES:
        first -= 1
    return cue.tokens[first].start, cue.span[1]


def _is_impersonal(cue: Cue) -> bool:
    if cue.left in IT_IS:
        return True
    place = cue.before
    while place > max(0, cue.before - _LOOKED_BACK) and (
        cue.tokens[place].word in w.AUXILIARIES or phrases.is_adverb(cue.tokens[place])
    ):
        place -= 1
    return cue.tokens[place].word in ("it", "this") and place < cue.before


def _by_somebody(cue: Cue) -> Said | None:
    source = phrases.after(cue.tokens, cue.place + 2)
    if source is None:
        return None
    start = cue.past_that(source[1]) or (source[1] + 1 if cue.word(source[1]) == "as" else None)
    span = content(cue.unit, start, 1) if start else None
    return cue.said([span], source, "somebody is named after “by”") if span else None
