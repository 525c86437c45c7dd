"""Which words of a sentence somebody else says: attribution by verbs. Pure.

Three shapes: what is said stands behind the verb ("Roe said that ..."), before it ("..., said Roe"), or nobody says it
("it is understood that ..."). Of several that overlap the first wins, but a quotation's own verb beats one that only
reports, and one that closes a sentence beats those within it.
"""

from collections.abc import Iterator
from dataclasses import replace

from riskreview.enrichment import wording as w
from riskreview.enrichment.behind import behind
from riskreview.enrichment.contents import Said, shortened
from riskreview.enrichment.cues import Cue
from riskreview.enrichment.denials import denied, denies
from riskreview.enrichment.following import leading, participle
from riskreview.enrichment.hearsay import emerged, passive, rumour
from riskreview.enrichment.tokens import QUOTE, Unit

_CUES_MOST = 25
_RUMOUR = frozenset({"rumour", "rumor", "legend", "word"})
_ANY_VERB = w.Verb("", "QUOTING", "PAST")
_PAST_LEAST = 5
_IMPERSONAL = w.EMERGING | _RUMOUR


def verbal(unit: Unit) -> list[Said]:
    """What verbs attribute in a sentence, none overlapping another; of a hostile sentence the first 25 are read."""
    kept: list[Said] = []
    for candidate in sorted(_candidates(unit), key=_rank):
        said = shortened(unit, candidate, [other.extent[0] for other in kept])
        start, end = said.extent
        if all(end <= other.extent[0] or other.extent[1] <= start for other in kept):
            kept.append(said)
    return sorted(kept, key=lambda said: said.cue)


def _rank(said: Said) -> tuple[int, tuple[int, int]]:
    """What is read first: a quotation, what closes a sentence, what is quoted in part; of equals the first."""
    is_behind = said.content[0][0] < said.cue[0]
    inserted = is_behind and len(said.content) > 1  # "the app, the company said, is safe"
    rank = 0 if said.is_quoted and is_behind else 1 if is_behind and not inserted else 2 if said.is_quoted else 3
    return rank, said.cue


def _candidates(unit: Unit) -> Iterator[Said]:
    tried, is_quoted = 0, bool(unit.quotes)
    for place, token in enumerate(unit.tokens):
        verb = w.VERBS.get(token.word)
        if verb is None and token.word not in _IMPERSONAL and not (is_quoted and _speaks_quotation(unit, place)):
            continue
        said = _impersonal(unit, place) or _weighed(Cue(unit, place, verb or _ANY_VERB))
        if said is not None:
            yield said
        tried += 1
        if tried == _CUES_MOST:
            return


def _speaks_quotation(unit: Unit, place: int) -> bool:
    """Whether any past tense beside a quotation is taken for speech: "...," deadpanned the librarian."""
    tokens, token = unit.tokens, unit.tokens[place]
    if not token.word.endswith("ed") or token.is_name or len(token.word) < _PAST_LEAST:
        return False
    return tokens[place - 1].word == QUOTE or place + 1 == len(tokens) or tokens[place + 1].word in (".", ",")


def _impersonal(unit: Unit, place: int) -> Said | None:
    return emerged(unit, place) if unit.tokens[place].word in w.EMERGING else rumour(unit, place)


def _weighed(cue: Cue) -> Said | None:
    """What the verb hands over, and whether as something that is not so."""
    said = _read(cue)
    return replace(said, denies=True) if said is not None and denies(cue, said) else said


def _read(cue: Cue) -> Said | None:
    """What the verb hands over, or None where it is a noun, an infinitive or no attribution."""
    if cue.verb is _ANY_VERB:
        return behind(cue)
    if cue.is_passive:
        return passive(cue)
    if cue.is_none:
        return None
    refused = denied(cue)
    if refused is not None:
        return refused
    if cue.verb.form == "PARTICIPLE" and cue.left not in w.BE:
        return participle(cue)
    return behind(cue) or leading(cue)
