"""What somebody says is not so: "denied stealing", "rejected a report that", "called the claim false". Pure."""

from __future__ import annotations

from collections.abc import Sequence

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, content
from riskreview.enrichment.cues import Cue
from riskreview.enrichment.following import speaker
from riskreview.enrichment.nominal import past_charge, that_of
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token

_REACH = 10
_CLAUSE_LEAST, _CHARGE_LEAST = 2, 1
_CALLED_MOST, _ACCUSED_MOST = 40, 30
_LOOKED_AT = 200  # characters of a quotation
_ACCUSING = frozenset({"accused", "accuse", "accuses", "accusing", "suspected", "suspects"})
_POINTING = frozenset({"it", "that", "this", "them", "these"})
_NO_DOING = frozenset({"anything", "everything", "nothing", "something", "wrongdoing"})
_INSIDE = frozenset({"'", "’", "&", "-", QUOTE})


def denied(cue: Cue) -> Said | None:
    """What the verb says is not so, where a noun or a gerund hands it over; None otherwise.

    "Acme rejected a newspaper report that Y", "Acme disputed claims of Y", "Acme denied doing Y", "Acme called the
    claim that Y false": who is named beside the noun is not the one who denies.
    """
    is_calling = cue.verb.lemma in w.CALLING
    if not is_calling and cue.verb.lemma not in w.DENIALS | w.REFUSALS:
        return None
    accused = None if is_calling else _accused(cue)
    if accused is not None:
        return accused
    span = _done(cue) or _handed(cue, is_calling)
    if span is None:
        return None
    source, borrowed = speaker(cue)
    if source is None and not borrowed:
        return None
    return cue.said([span], source, f"“{cue.token.word}” says that it is not so", borrowed)


def denies(cue: Cue, said: Said) -> bool:
    """Whether what a verb hands over is said not to be so: never what stands before "..., Roe denied" in quotes."""
    first = said.content[0]
    if said.rule.endswith("says that it is not so"):
        return True
    before = [token for token in cue.tokens[cue.place : cue.place + _CALLED_MOST] if token.start < first[0]]
    if first[0] < cue.token.start:
        return cue.verb.lemma in w.DENIALS and not said.is_quoted
    if cue.verb.lemma in w.DENIALS:
        return said.kind != "DIRECT" or any(token.word == "that" for token in before)
    inside = [t for t in cue.tokens[cue.place : cue.place + _CALLED_MOST] if first[0] <= t.start < first[1]]
    if cue.verb.lemma in w.REFUSALS:
        return _names_report(inside)
    return cue.verb.lemma in w.CALLING and _names_report(inside) and any(map(_is_false, inside))


def _accused(cue: Cue) -> Said | None:
    """ "Leaking data" in "Acme was accused of leaking data, a charge it denies"."""
    source = phrases.before(cue.tokens, cue.place)
    charge = source[0] - 1 if source else 0
    if source is None or cue.word(charge) not in w.REPORTS | {"which"}:
        return None
    comma = charge - (1 if cue.word(charge - 1) == "," else 2)
    words = [cue.word(place) for place in range(max(0, comma - _ACCUSED_MOST), comma)]
    if cue.word(comma) != "," or not _ACCUSING & set(words) or "of" not in words:
        return None
    accusing = max(index for index, word in enumerate(words) if word in _ACCUSING)
    of = next((index for index in range(accusing, len(words)) if words[index] == "of"), None)
    if of is None:
        return None
    span = content(cue.unit, comma - len(words) + of + 1, _CHARGE_LEAST, stop=comma)
    return cue.said([span], source, f"“{cue.token.word}” says that it is not so") if span else None


def _done(cue: Cue) -> Span | None:
    """ "Stealing data" in "denied stealing data"."""
    first = cue.place + 1
    word = cue.word(first)
    if cue.verb.lemma != "deny" or not word.endswith("ing") or word in _NO_DOING or cue.tokens[first].is_name:
        return None
    return content(cue.unit, first, _CLAUSE_LEAST)


def _handed(cue: Cue, is_calling: bool) -> Span | None:
    """What the first noun of speech behind the verb hands over: "a report that ...", "claims of ..."."""
    for place in range(cue.place + 1, min(len(cue.tokens), cue.place + _REACH)):
        token = cue.tokens[place]
        if token.word in w.REPORTS:
            return _of_noun(cue, place, is_calling)
        ends = token.word in w.AUXILIARIES or token.word in w.BOUNDARIES or token.word in w.PRONOUNS
        if ends or not (token.is_word or token.word in _INSIDE):
            return None
    return None


def _of_noun(cue: Cue, noun: int, is_calling: bool) -> Span | None:
    that = that_of(cue.tokens, noun)
    first = that + 1 if that is not None else noun + 2
    if that is None and (cue.word(noun + 1) != "of" or _is_somebody(cue.tokens, first)):
        return None
    stop = _before_false(cue, first) if is_calling else past_charge(cue.tokens, first) if that is None else None
    return content(cue.unit, first, _CLAUSE_LEAST if that else _CHARGE_LEAST, clause=True, stop=stop)


def _before_false(cue: Cue, first: int) -> int:
    """Where "false" or "as 'baseless'" begins; 0 where nothing is called so."""
    places = range(first, min(len(cue.tokens), first + _CALLED_MOST))
    stop = next((place for place in places if _is_false(cue.tokens[place])), 0)
    return stop - 1 if cue.word(stop - 1) in ("as", "a", "an") else stop


def _is_somebody(tokens: Sequence[Token], first: int) -> bool:
    """Whether the claims are those "of critics" and not "of fraud"."""
    return any(token.word in w.PEOPLE | w.BODIES for token in tokens[first : first + 3])


def _names_report(tokens: Sequence[Token]) -> bool:
    return any(token.word in w.REPORTS | _POINTING for token in tokens)


def _is_false(token: Token) -> bool:
    return any(word.strip("\"“”‘’'.,") in w.FALSE for word in token.form[:_LOOKED_AT].lower().split())
