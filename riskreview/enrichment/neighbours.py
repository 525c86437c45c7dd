"""What the words right beside a name say for and against its meaning a vendor. Pure.

Families of words decide, not expressions: a word of things that companies and software have behind the name, a word for
what it is before it, what is done with it, what it does; and against it a title, an age, a place, the rest of a longer
name. Each finding is a key of the scores in linking.toml, with its reason in plain words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from riskreview.enrichment import rules

_DATA = rules.load("linking")["neighbours"]
_REACH = 70
_TOKEN = re.compile(r"[^\W_][\w&]*(?:[.’'\-][^\W_][\w&]*)*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s?(?=[\s.,;:!?)]|$)")
_SIGNS = frozenset(".;:!?()[]{}<>|…—–")
_AGE = re.compile(
    r",\s(?:aged\s)?\d{1,2}(?=[,;)]|\.(?!\d)|\syears?\sold|-year-old)|\saged\s\d|\s\(\d{1,2}\)|"
    r"\s(?:was|is|turns|turned)\s\d{1,2}(?=[,.]|\sand|\swhen)"
)
_BETWEEN_COMMAS = re.compile(r",\s\d{2},")
_SHORT = 3  # words behind a possessive in which the owned thing is looked for
_APPOSITION = 9


class Family:
    """A set of words, some by their beginning: "spokes*"."""

    def __init__(self, words: str) -> None:
        listed = words.split()
        self._whole = frozenset(word for word in listed if not word.endswith("*"))
        self._stems = tuple(word[:-1] for word in listed if word.endswith("*"))
        self.has = lru_cache(maxsize=20_000)(self._has)

    def _has(self, word: str) -> bool:
        return word in self._whole or (bool(self._stems) and word.startswith(self._stems))

    def any(self, words: Iterable[str]) -> bool:
        """Whether one of the words belongs to it."""
        return any(self.has(word) for word in words)


FAMILIES = {key: Family(words) for key, words in _DATA.items()}
_THINGS, _KINDS, _USES, _DEALINGS = (FAMILIES[key] for key in ("things", "kinds", "uses", "dealings"))
_DOES, _TAILS, _PLACES = (FAMILIES[key] for key in ("does", "tails", "places"))
_PREPOSITIONS, _FUNCTION, _COMPOUNDS = (FAMILIES[key] for key in ("prepositions", "function", "compounds"))
_PEOPLE, _DEEDS, _PRONOUNS, _OTHER = (FAMILIES[key] for key in ("people", "deeds", "pronouns", "other_fields"))
_REGIONS = FAMILIES["regions"]


class Place:
    """The name at [start, end) of a text, with what stands beside it in its sentence (`within`).

    `after` and `before` are words and signs as they are written, the nearest first; `behind` and `ahead` the words
    alone, in small letters, up to the first sign that ends a phrase. `owns` tells of a possessive, `next` and
    `previous` are the words right beside the name, "" where there is a sign or nothing; `joined` is what a hyphen joins
    to it.
    """

    __slots__ = (
        "after",
        "ahead",
        "before",
        "behind",
        "end",
        "joined",
        "next",
        "owns",
        "previous",
        "start",
        "text",
        "within",
    )

    def __init__(self, text: str, start: int, end: int, within: tuple[int, int]) -> None:
        self.text, self.start, self.end, self.within = text, start, end, within
        stop = min(within[1], end + _REACH)
        own = _POSSESSIVE.match(text, end, stop)
        self.owns = own is not None
        self.after = _TOKEN.findall(text, own.end() if own else end, stop)
        self.before = _TOKEN.findall(text, max(within[0], start - _REACH), start)[::-1]
        self.behind, self.ahead = _words(self.after), _words(self.before)
        sign = text[end : end + 1]
        self.next = self.after[0] if sign == " " and self.after and self.after[0][0].isalnum() else ""
        self.joined = next((word.lower() for word in self.after if word != "-"), "") if sign == "-" else ""
        beside = text[start - 1 : start] == " " and self.before and self.before[0][0].isalnum()
        self.previous = self.before[0] if beside else ""

    @property
    def previous_opens(self) -> bool:
        """Whether the word before the name is the first of its sentence or quotation."""
        return len(self.before) == 1 or (len(self.before) > 1 and self.before[1] in "\"“‘'(:—–-")


def speaking_for(place: Place) -> Iterator[tuple[str, str]]:
    """The keys of what speaks for a vendor, with the words that say so."""
    if place.joined:
        if _COMPOUNDS.has(place.joined):
            yield "compound", place.joined
    elif place.owns:
        if owned := _first(_THINGS, place.behind[:_SHORT]):
            yield "owned_thing", owned
    elif thing := _thing(place):
        yield "thing_after", thing
    yield from _before(place)
    if not place.owns and (verb := _verb(place)):
        yield "software_verb", verb
    if pronoun := next((word for word in place.behind[:4] if word in _IT), ""):
        yield "thing_pronoun", pronoun
    if told := _told(place):
        yield "told_what", told


def _thing(place: Place) -> str:
    """What a name is put before: "the Claude app", "a Claude support agent"."""
    if not place.next or (_FUNCTION.has(place.behind[0]) and not _THINGS.has(place.behind[0])):
        return ""
    return _first(_THINGS, place.behind[:2])


def speaking_against(place: Place, *, person: bool, headline: bool) -> Iterator[tuple[str, str]]:
    """The keys of what speaks for another meaning, with the words; `person` for a name that people have, too."""
    if not headline:
        yield from _longer_name(place, person=person)
    if (_BETWEEN_COMMAS if not person else _AGE).match(place.text, place.end, place.within[1]):
        yield "age", "an age"
    if "who" in place.after[:2]:
        yield "who", "who"
    yield from _placed(place)
    if _is_called_it(place):
        yield "article", place.previous.lower()
    if person:
        yield from _personal(place)


def _placed(place: Place) -> Iterator[tuple[str, str]]:
    """ "The governor of Meta", "Meta, in the east of the country"."""
    words = place.ahead[:5]
    lies = words and words[0] in ("of", "in") and not _DEALINGS.any(words[1:2])
    if lies and (region := _first(_REGIONS, words[1:])):
        yield "place_before", region
    if place.after[:2] == [",", "in"] and (region := _first(_REGIONS, place.behind[1:5])):
        yield "place_told", region


def follows_bare(place: Place) -> bool:
    """True right behind a preposition or a verb of use, where an ordinary word would have an article."""
    word, behind = place.previous.lower(), place.next.lower()
    if behind and not _FUNCTION.has(behind):
        return False  # "of granite kerbs"
    return _PREPOSITIONS.has(word) or _USES.has(word)


def other_fields(sentence: str) -> list[str]:
    """The words of sport, nature, art and the like in a sentence, each once."""
    return list(dict.fromkeys(word for word in _LETTERS.findall(sentence.lower()) if _OTHER.has(word)))


_LETTERS = re.compile(r"[a-z][a-z'-]{2,20}")


def _before(place: Place) -> Iterator[tuple[str, str]]:
    words = place.ahead[:5]
    if not words or place.text[place.start - 1 : place.start] not in " \"“‘'`":
        return
    if words[0] in ("the", "a", "an") and len(words) > 1:
        words = words[1:]
    first, rest = words[0], words[1:]
    if _KINDS.has(first) or (first in ("called", "named") and _KINDS.any(rest[:1])):
        yield "kind_before", first
    elif _USES.has(first):
        yield "used", first
    elif _PREPOSITIONS.has(first) and (dealing := _first(_DEALINGS, rest[:3])):
        yield "dealt_with", f"{dealing} {first}"


def _verb(place: Place) -> str:
    verb = next((word for word in place.behind[:3] if word not in _ADVERBS), "")
    return verb if verb and _DOES.has(verb) else ""


_IT = frozenset(("it", "its", "itself"))
_ADVERBS = frozenset(
    (
        "also",
        "now",
        "then",
        "still",
        "later",
        "often",
        "itself",
        "reportedly",
        "already",
        "just",
        "never",
        "simply",
        "which",
        "that",
    )
)


def _told(place: Place) -> str:
    """ "Sora, the company's video generator": for what a name is, told behind a comma or in brackets."""
    after = place.after
    if len(after) < 2 or after[0] not in ",(—–" or not _OPENING.has(after[1].lower()):
        return ""
    return _first(_KINDS, _words(after[1:_APPOSITION]))


_OPENING = Family("a an the its one which whose an another their our")


def _longer_name(place: Place, *, person: bool) -> Iterator[tuple[str, str]]:
    following, previous = place.next, place.previous
    if following and following[0].isupper():
        if _PLACES.has(following):
            yield "place_after", following
        elif not _is_plain(following) and not _TAILS.has(following):
            yield "longer_name", following
    named = previous and previous[0].isupper() and not _is_plain(previous) and not previous.endswith(("'s", "’s"))
    if named and (not place.previous_opens or (person and not _opens_as_a_word(previous))):
        yield "name_before", previous


def _is_plain(word: str) -> bool:
    """True for a capitalised word that is no part of a person's or place's name: a thing, a kind, a day, a people."""
    small = word.lower()
    return (
        _FUNCTION.has(small) or _THINGS.has(small) or _KINDS.has(small) or _COMPOUNDS.has(small.rpartition("-")[2])
        or small.endswith("-based") or word.isupper() or any(sign.isdigit() for sign in word)
    )  # fmt: skip


def _opens_as_a_word(word: str) -> bool:
    small = word.lower()
    return _USES.has(small) or _PREPOSITIONS.has(small) or small.endswith(("ing", "ed", "ly")) or _DEALINGS.has(small)


def _is_called_it(place: Place) -> bool:
    """ "the Oracle", "an Echo", with nothing behind it that makes it an adjective."""
    if place.previous.lower() not in ("the", "a", "an") or place.joined or place.next[:1].isupper():
        return False
    return not _first(_THINGS, place.behind[:2]) and not _KINDS.any(place.behind[:1])


def _personal(place: Place) -> Iterator[tuple[str, str]]:
    words = place.behind
    if words and (_DEEDS.has(words[0]) or (words[0] == "and" and _PRONOUNS.any(words[1:2]))):
        yield "deed", words[0]
    elif pronoun := _first(_PRONOUNS, words[1:_APPOSITION]):
        yield "pronoun", pronoun
    if near := _first(_PEOPLE, place.ahead[:2]):
        yield "person_before", near


def _words(tokens: Sequence[str]) -> list[str]:
    """In small letters, up to the first sign that ends a phrase."""
    words = []
    for token in tokens:
        if token in _SIGNS:
            break
        if token[0].isalnum():
            words.append(token.lower())
    return words


def _first(family: Family, words: Iterable[str]) -> str:
    return next((word for word in words if family.has(word)), "")
