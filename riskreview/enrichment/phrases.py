"""The words of a speaker beside a cue: noun phrases found by their borders, without grammar. Pure.

Places are indices of tokens; no walk is longer than some thirty of them.
"""

from collections.abc import Sequence

from riskreview.enrichment import wording as w
from riskreview.enrichment.tokens import QUOTE, Token

Range = tuple[int, int]
_LONGEST, _APPOSITION = 16, 30
_ABBREVIATED = 4
_WITHIN = frozenset(".'’&%$€£#@/+°")
_OPENED_BY = {",": ",", ")": "(", "]": "[", "—": "—", "–": "–", "-": "-"}
_JOINING = frozenset({"of", "for", "at", "from", "with", "in"})
_SUBJECTS = frozenset({"he", "she", "they", "it", "we", "i"})
_AFTER_CUE = frozenset({"of", "for", "at", "from"})
_INDEFINITE = frozenset({"a", "an"})
_HEADS = w.PEOPLE | w.BODIES | w.DOCUMENTS | w.PRONOUNS
_AGENT_ENDINGS = ("er", "ers", "or", "ors", "ist", "ists", "ian", "ians", "man", "men", "woman", "women")
_APPOSING = w.RELATIVE | {"a", "an", "the", "whose", "one", "both"}


def before(tokens: Sequence[Token], cue: int) -> Range | None:
    """The speaker before the cue: "Jane Roe" in "but Jane Roe, who runs Acme, has also said"."""
    stop = _without_time(tokens, _without_auxiliaries(tokens, cue))
    for _ in range(4):
        stop, cut = _without_apposition(tokens, stop)
        start = _left_border(tokens, stop)
        if not cut and not _apposes(tokens, start):
            break
        stop = start - 1 if _apposes(tokens, start) else stop
    start = _trimmed(tokens, start, stop)
    if _is_own_subject(tokens, start, stop):
        start = stop - 1
    return (start, stop) if start < stop else None


def _is_own_subject(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Whether a pronoun behind a noun speaks, and not the noun: "the method it said was cheap"."""
    if stop - start < 2 or tokens[stop - 1].word not in _SUBJECTS:
        return False
    left = tokens[stop - 2]
    return left.is_word and not (_is_finite(left) or left.word in w.PREPOSITIONS)


def after(tokens: Sequence[Token], first: int) -> Range | None:
    """The speaker after the cue: "Jane Roe" in "said Jane Roe, a lawyer, on Friday"."""
    if (
        first >= len(tokens)
        or tokens[first].word == "that"
        or not (_begins(tokens[first]) or _names_soon(tokens, first))
    ):
        return None
    stop = first + 1
    while stop < min(len(tokens), first + _LONGEST) and _goes_on(tokens, stop):
        stop += 1
    return first, stop


def subject(tokens: Sequence[Token], opening: int = 0) -> Range | None:
    """The subject at the head of a sentence: "The company" in "On Monday, the company declined to comment".

    `opening` is the token after a dateline.
    """
    start = _past_opening(tokens, opening)
    stop = start
    while stop < min(len(tokens), start + _LONGEST) and not _ends_subject(tokens[stop]):
        stop += 1
    stop = _without_time(tokens, stop)
    start = _trimmed(tokens, start, stop)
    begins = start < stop and tokens[start].word not in w.PREPOSITIONS and _begins(tokens[start])
    return (start, stop) if begins else None


def speaks(tokens: Sequence[Token], phrase: Range) -> bool:
    """Whether the phrase may speak: it holds a name, a pronoun, a person, a body or a document."""
    alone = phrase[1] - phrase[0] == 1 and tokens[phrase[0]].word in w.ALSO_SUBJECTS
    return alone or any(is_head(token) and token.word not in _INDEFINITE for token in tokens[phrase[0] : phrase[1]])


def holds_verb(tokens: Sequence[Token], phrase: Range) -> bool:
    """Whether a verb stands in the phrase, outside a clause on it: then the word behind it is its object."""
    for place in range(phrase[0] + 1, phrase[1]):
        if tokens[place].word in w.RELATIVE:
            return False
        described = tokens[place - 1].word in w.DETERMINERS or is_adverb(tokens[place - 1])
        if _is_finite(tokens[place]) and not described:
            return True
    return False


def is_head(token: Token) -> bool:
    """Whether a speaker may end in this word."""
    word, last = token.word.split("'")[0], token.word.rpartition("-")[2]
    return token.is_name or word in _HEADS or last in _HEADS or last.endswith(_AGENT_ENDINGS)


def is_clause(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Whether something like a finite verb stands there."""
    places = range(start, min(stop, len(tokens)))
    return any(_is_finite(tokens[i]) and (i == start or tokens[i - 1].word not in w.RELATIVE) for i in places)


def is_adverb(token: Token) -> bool:
    """Whether it may stand between a subject and its verb."""
    return token.word in w.ADVERBS or (token.word.endswith("ly") and not token.is_name)


def _is_finite(token: Token) -> bool:
    verb = w.VERBS.get(token.word)
    known = verb is not None and verb.form in ("PAST", "THIRD") and not verb.is_also_noun
    contracted = token.word.endswith(("'re", "'ve", "'ll", "n't")) or token.word in ("it's", "he's", "she's", "that's")
    return token.word in w.AUXILIARIES or token.word in w.VERBISH or known or contracted or _is_past(token)


def _is_past(token: Token) -> bool:
    return token.word.endswith("ed") and not token.is_name and len(token.word) > 3


def _without_auxiliaries(tokens: Sequence[Token], stop: int) -> int:
    least = max(0, stop - 6)
    while stop > least and (tokens[stop - 1].word in w.AUXILIARIES or is_adverb(tokens[stop - 1])):
        stop -= 1
    return stop


def _without_time(tokens: Sequence[Token], stop: int) -> int:
    """Without "on Tuesday" before the verb."""
    if stop >= 3 and tokens[stop - 1].word in w.TIME and tokens[stop - 2].word in ("on", "last", "this", "in"):
        return stop - 2
    return stop


def _without_apposition(tokens: Sequence[Token], stop: int) -> tuple[int, bool]:
    """Where the phrase ends once "who ..." or ", a lawyer," behind it is cut off, and whether it was."""
    if stop and tokens[stop - 1].word in ("who", "which"):
        stop -= 1
        return (stop - 1 if stop and tokens[stop - 1].word == "," else stop), True
    sign = _OPENED_BY.get(tokens[stop - 1].word) if stop else None
    if sign is None:
        return stop, False
    for place in range(stop - 2, max(-1, stop - _APPOSITION), -1):
        if tokens[place].word == sign:
            return place, True
        if tokens[place].word in (";", ":", QUOTE):
            break
    return stop, False


def _apposes(tokens: Sequence[Token], start: int) -> bool:
    """Whether the phrase only explains the name before the comma: ", a lawyer in Austin"."""
    if start < 2 or start >= len(tokens) or tokens[start - 1].word != ",":
        return False
    return tokens[start - 2].is_name and tokens[start - 2].word not in w.TIME and tokens[start].word in ("a", "an")


def _left_border(tokens: Sequence[Token], stop: int) -> int:
    start = stop
    while start > max(0, stop - _LONGEST) and (_is_inner(tokens, start - 1, stop) or _is_relative(tokens, start, stop)):
        start -= 1
    return start


def _is_inner(tokens: Sequence[Token], place: int, stop: int) -> bool:
    token = tokens[place]
    if token.word == "and":
        return _joins(tokens, place, stop)
    if token.is_word:
        return token.word not in w.BOUNDARIES and not (token.word in w.AUXILIARIES and place < stop)
    if token.word == ".":
        return place > 0 and tokens[place - 1].is_name and len(tokens[place - 1].form) <= _ABBREVIATED
    return token.word in _WITHIN or token.form in "’'"


def _is_relative(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Whether a clause within the phrase begins before `start`: "the firm that made it said"."""
    word = tokens[start - 1].word
    if word in w.RELATIVE:
        inner = start < stop and start >= 2 and _is_finite(tokens[start])
        return inner and tokens[start - 2].is_word and tokens[start - 2].word not in w.BOUNDARIES
    relative = word in w.AUXILIARIES and start >= 3 and tokens[start - 2].word in w.RELATIVE
    return relative and tokens[start - 3].is_word and tokens[start - 3].word not in w.BOUNDARIES


def _joins(tokens: Sequence[Token], place: int, stop: int) -> bool:
    """Whether "and" joins two speakers, not two clauses."""
    if place == 0 or place + 1 >= stop:
        return False
    left, right = tokens[place - 1], tokens[place + 1]
    named = right.is_name or (right.word in ("the", "a") and place + 2 < stop and tokens[place + 2].is_name)
    return (left.is_name and named) or (left.word in w.PEOPLE and right.word in w.PEOPLE)


def _trimmed(tokens: Sequence[Token], start: int, stop: int) -> int:
    while start < stop - 1 and _is_lead(tokens, start):
        start += 1
    if start < stop and tokens[start].word in w.PREPOSITIONS:
        start = _past_preposition(tokens, start, stop)
    return start


def _is_lead(tokens: Sequence[Token], place: int) -> bool:
    word, following = tokens[place].word, tokens[place + 1]
    if word in ("last", "this", "next", "even"):
        return following.word in w.TIME
    if word in w.TIME:
        return not following.is_name or tokens[place - 1].word in ("last", "this", "next")
    return word in w.LEAD or is_adverb(tokens[place]) or (word.endswith("ly") and not following.is_name)


def _past_preposition(tokens: Sequence[Token], start: int, stop: int) -> int:
    """Where the speaker begins after "in its order" or "on Tuesday"."""
    for place in range(stop - 1, start + 1, -1):
        word, left = tokens[place].word, tokens[place - 1]
        if left.word in _JOINING and place - 1 > start:
            continue
        if word in w.DETERMINERS and left.word not in w.PREPOSITIONS:
            return place
        if left.word in w.TIME or left.form.isdigit():
            return place
        if tokens[place].is_name and not left.is_name and left.word not in w.DETERMINERS | w.PREPOSITIONS:
            return place
        if word in w.PRONOUNS:
            return place
    return start


def _begins(token: Token) -> bool:
    word = token.word.split("'")[0]
    known = token.word in w.DETERMINERS or word in w.PRONOUNS or word in w.PEOPLE or word in w.BODIES
    return token.is_word and (token.is_name or known or word in w.DOCUMENTS or word in ("former", "senior", "chief"))


def _names_soon(tokens: Sequence[Token], first: int) -> bool:
    """Whether a name follows a description in small letters: "novelist Imogen Farrar"."""
    for place in range(first, min(len(tokens) - 1, first + 3)):
        token = tokens[place]
        if not token.is_word or token.word in w.BOUNDARIES | w.PREPOSITIONS | w.AUXILIARIES or token.word in w.TIME:
            return False
        if tokens[place + 1].is_name and tokens[place + 1].word not in w.TIME:
            return True
    return False


def _goes_on(tokens: Sequence[Token], place: int) -> bool:
    token, left = tokens[place], tokens[place - 1]
    if left.word in w.PRONOUNS:
        return False
    if token.word in w.PREPOSITIONS:
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        return token.word in _AFTER_CUE and following is not None and following.word not in w.TIME
    if token.word == "and":
        return _joins(tokens, place, len(tokens))
    if token.word == ".":
        return left.is_name and len(left.form) <= _ABBREVIATED and place + 1 < len(tokens) and tokens[place + 1].is_name
    if not token.is_word:
        return token.word in _WITHIN
    return token.word not in w.BOUNDARIES and token.word not in w.TIME and not _is_finite_after(token)


def _is_finite_after(token: Token) -> bool:
    return token.word in w.AUXILIARIES or is_adverb(token)


def _past_opening(tokens: Sequence[Token], opening: int) -> int:
    """Past "On Monday, " at the head of a sentence."""
    if opening < len(tokens) and tokens[opening].word in w.PREPOSITIONS | w.LEAD:
        for place in range(opening + 1, min(len(tokens), opening + _LONGEST)):
            if tokens[place].word == ",":
                return place + 1
    return opening


def _ends_subject(token: Token) -> bool:
    return (
        not (token.is_word or token.word in _WITHIN)
        or token.word in w.BOUNDARIES
        or _is_finite(token)
        or is_adverb(token)
    )
