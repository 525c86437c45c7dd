"""What a text states in its own voice: a vendor with a figure or a sign of risk, attributed to nobody. Pure."""

import bisect
from collections.abc import Iterable, Iterator, Sequence

from riskreview.enrichment import wording as w
from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.found import NamesRead
from riskreview.enrichment.hedges import anonymous, hedges
from riskreview.enrichment.quotes import quotes
from riskreview.enrichment.said import Claim, Source, Span
from riskreview.enrichment.tokens import words_in

_WORDS_LEAST = 4
_LOOSE = frozenset(",;:—–- \n")
_DANGLING = w.BOUNDARIES | w.PREPOSITIONS | w.DETERMINERS
_SENTENCE_MOST = 2_500


def stated(
    text: str, spans: Sequence[Span], names: NamesRead, triggers: Iterable[Span], claims: Sequence[Claim]
) -> list[Claim]:
    """One claim for each sentence that says something of a vendor in its own voice, in order.

    `triggers` are the words that made signals, `claims` what is attributed: the rest of a sentence counts where it
    names a vendor (not only as a channel) and holds a trigger or a figure, outside quotations.
    """
    if names.not_analysed:
        return []
    vendors = sorted(m.start for m in names.mentions if m.state == "ACCEPTED" and m.role != "CHANNEL")
    signs = sorted(start for start, _ in triggers)
    taken = _merged([*_extents(claims), *quotes(text).spans])
    found = (_stated(text, index, span, vendors, signs, taken) for index, span in enumerate(spans))
    return [claim for claim in found if claim is not None]


def _stated(
    text: str, index: int, span: Span, vendors: Sequence[int], signs: Sequence[int], taken: Sequence[Span]
) -> Claim | None:
    for free in _free(span, taken):
        start, end = _trimmed(text, *free)
        if not _any_in(vendors, start, end) or words_in(text, start, end, _WORDS_LEAST) < _WORDS_LEAST:
            continue
        figures = tuple(amounts(text, start, end))
        signalled = _any_in(signs, start, end)
        if figures or signalled:
            rule = "a vendor and " + ("words of a risk" if signalled else "a figure") + ", attributed to nobody"
            held = tuple(hedges(text, *span))
            somebody = anonymous(text, start, end)
            return Claim("STATED", index, ((start, end),), Source("NONE"), None, held, figures, somebody, (rule,))
    return None


def _extents(claims: Iterable[Claim]) -> Iterator[Span]:
    for claim in claims:
        spans = [*claim.content, *filter(None, (claim.cue, claim.source.span))]
        yield min(start for start, _ in spans), max(end for _, end in spans)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _free(span: Span, taken: Sequence[Span]) -> Iterator[Span]:
    """The stretches of a sentence that nothing has taken."""
    at = span[0]
    index = max(0, bisect.bisect_right(taken, (span[0], span[0])) - 1)
    while index < len(taken) and taken[index][0] < span[1]:
        if taken[index][0] > at:
            yield at, taken[index][0]
        at = max(at, taken[index][1])
        index += 1
    if at < span[1]:
        yield at, span[1]


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without signs and prepositions that dangle where a part was cut off: "..., which"."""
    while start < end and text[start] in _LOOSE:
        start += 1
    while start < end:
        while end > start and text[end - 1] in _LOOSE:
            end -= 1
        blank = max(text.rfind(" ", start, end), start - 1)
        if text[blank + 1 : end].lower() not in _DANGLING:
            break
        end = blank + 1
    return start, end


def _any_in(places: Sequence[int], start: int, end: int) -> bool:
    index = bisect.bisect_left(places, start)
    return index < len(places) and places[index] < end
